"""Filters as a shopkeeper types them: ``price<=50 and brand!=Nike and category:shoes and not words:leather``.

    filter    := any ("or" any)*            any  := one ("and" one)*
    one       := "not" one | "(" filter ")" | condition
    condition := name operator value        e.g. price<=50 EUR, price:10..50, stars>=4, color:red, weight<2
               | name ["not"] "in" "(" value ("," value)* ")"
               | "in_stock"

``:``, ``=`` and ``==`` are the same. Names are price, brand, category, tag, stars, words, id; any other
name is an attribute. Values with "and", "or" or marks in them go into quotes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from retrieval.filters import (
    And,
    Attribute,
    Brand,
    Category,
    Filter,
    InStock,
    Items,
    Not,
    Or,
    Price,
    Stars,
    Tags,
    Words,
    leaves,
)
from retrieval.text.normalization import fold

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<operator><=|>=|!=|==|<|>|=|:)|(?P<mark>[(),])|(?P<word>[^\s()<>=!:,"']+(?:'[^\s()<>=!:,"']+)*))"""
)
_AMOUNT = re.compile(r"(?P<sign>[$€£])?\s*(?P<number>-?\d+(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})?")
_SIGNS = {"$": None, "€": "EUR", "£": "GBP"}
_KEYWORDS = frozenset({"and", "or", "not", "in"})
_FIELDS = ("price", "brand", "category", "tag", "stars", "words", "id", "in_stock")
_NEAR = 60  # percent of likeness from which a name is worth suggesting


class FilterSyntaxError(ValueError):
    """The filter text can't be read; the message says where and what was expected."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


def parse_filter(text: str) -> Filter:
    """Read a filter (grammar above).

    Raises:
        FilterSyntaxError: with the position and what was expected there.
    """
    parser = _Parser(text)
    condition = parser.any_of()
    parser.end()
    return condition


def check_fields(condition: Filter, attributes: Iterable[str]) -> None:
    """Refuse a filter on a name that is neither a field nor one of the shop's ``attributes``.

    Raises:
        FilterSyntaxError: with the nearest name there is.
    """
    known = list(attributes)
    have = {fold(name) for name in known}
    for leaf in leaves(condition):
        if isinstance(leaf, Attribute) and fold(leaf.name) not in have:
            raise FilterSyntaxError(_no_field(leaf.name, [*_FIELDS, *known]))


def _no_field(name: str, names: list[str]) -> str:
    from rapidfuzz import fuzz, process

    near = process.extractOne(name, names, scorer=fuzz.ratio, processor=fold, score_cutoff=_NEAR)
    if near:
        return f"no field {name!r}; did you mean {near[0]}?"
    more = ", …" if len(names) > 20 else ""
    return f"no field {name!r}; there are {', '.join(names[:20])}{more}"


class _Parser:
    """Recursive descent over the tokens; depth is bounded by ``_MAX_DEPTH``."""

    _MAX_DEPTH = 50

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._tokenize(text)
        self._next = 0
        self._depth = 0

    def _tokenize(self, text: str) -> list[_Token]:
        tokens, position = [], 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                raise FilterSyntaxError(
                    f"can't read {text[position : position + 20]!r} at {position + 1} of {text!r}"
                )
            kind = match.lastgroup or ""
            tokens.append(_Token(kind, match[kind], match.start(kind)))
            position = match.end()
        return tokens

    def any_of(self) -> Filter:
        parts = [self.all_of()]
        while self._take("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Filter:
        parts = [self.one()]
        while self._take("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self) -> Filter:
        self._depth += 1
        if self._depth > self._MAX_DEPTH:
            raise FilterSyntaxError(f"the filter is nested deeper than {self._MAX_DEPTH} levels")
        try:
            if self._take("not"):
                return Not(self.one())
            if self._take("("):
                inner = self.any_of()
                self._expect(")")
                return inner
            return self._condition()
        finally:
            self._depth -= 1

    def end(self) -> None:
        if self._next < len(self._tokens):
            self._fail("`and`, `or` or the end")

    def _condition(self) -> Filter:
        name = self._name()
        if name.lower() in ("in_stock", "instock"):
            return InStock()
        if self._take("in"):
            return _condition(name, "=", self._list())
        if self._take("not"):
            self._expect("in")
            return Not(_condition(name, "=", self._list()))
        token = self._peek()
        if token is None or token.kind != "operator":
            self._fail("one of <= >= < > = != : `in` or `not in`")
        self._next += 1
        assert token is not None
        operator = "=" if token.text in (":", "==") else token.text
        return _condition(name, operator, [self._value()])

    def _name(self) -> str:
        token = self._peek()
        if token is None or token.kind not in ("word", "quoted") or token.text.lower() in _KEYWORDS:
            self._fail("a name such as price, brand or category")
        assert token is not None
        self._next += 1
        return token.text.strip("\"'") if token.kind == "quoted" else token.text

    def _value(self) -> str:
        token = self._peek()
        if token is not None and token.kind == "quoted":
            self._next += 1
            return token.text[1:-1]
        taken: list[str] = []
        while (
            (token := self._peek()) is not None
            and token.kind == "word"
            and token.text.lower() not in _KEYWORDS
        ):
            taken.append(token.text)
            self._next += 1
            if (after := self._peek()) is not None and after.kind == "operator" and after.text == ">":
                taken.append(">")  # a category path: Kitchen > Coffee
                self._next += 1
        if not taken:
            self._fail("a value")
        return " ".join(taken)

    def _list(self) -> list[str]:
        self._expect("(")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect(")")
        return values

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.kind == "quoted" or token.text.lower() != text:
            return False
        self._next += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            self._fail(f"`{text}`")

    def _fail(self, expected: str) -> None:
        token = self._peek()
        got = f"{token.text!r} at {token.position + 1}" if token else "the end"
        raise FilterSyntaxError(f"expected {expected}, got {got}, in the filter {self._text!r}")


def _condition(name: str, operator: str, values: list[str]) -> Filter:
    if operator == "!=":
        return Not(_condition(name, "=", values))
    field = name.lower()
    if field == "price":
        return _any_of([_price(operator, value) for value in values])
    if field in ("stars", "rating"):
        return _any_of([_range(operator, value, lambda low, high: Stars(low, high)) for value in values])
    named = {"brand": Brand, "category": Category, "tag": Tags, "tags": Tags, "id": Items}.get(field)
    if operator != "=":
        if named or field == "words":
            raise FilterSyntaxError(f"{name} has no order: use = != `in` or `not in`, not {operator}")
        return _range(operator, values[0], lambda low, high: Attribute(name, (), low, high))
    if named:
        return named(tuple(values))
    if field in ("words", "word"):
        return _any_of([Words(value) for value in values])
    if ".." in values[0]:
        return _range(operator, values[0], lambda low, high: Attribute(name, (), low, high))
    return Attribute(name, tuple(values))


def _any_of(parts: list[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _price(operator: str, value: str) -> Filter:
    currency: str | None = None
    for bound in value.split(".."):
        found = _AMOUNT.fullmatch(bound.strip())
        if found:
            currency = (found["currency"] or "").upper() or _SIGNS.get(found["sign"] or "") or currency
    return _range(operator, value, lambda low, high: Price(low, high, currency))


def _range(operator: str, value: str, make: Callable[[float | None, float | None], Filter]) -> Filter:
    """A closed range; ``<`` and ``>`` end at the neighbouring float, so they leave out the end itself."""
    low, dots, high = value.partition("..")
    if dots:
        return make(_amount(low) if low.strip() else None, _amount(high) if high.strip() else None)
    number = _amount(value)
    low_high: dict[str, tuple[float | None, float | None]] = {
        "=": (number, number),
        "<=": (None, number),
        ">=": (number, None),
        "<": (None, math.nextafter(number, -math.inf)),
        ">": (math.nextafter(number, math.inf), None),
    }
    return make(*low_high[operator])


def _amount(text: str) -> float:
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise FilterSyntaxError(f"expected a number, got {text!r}")
    return float(found["number"])
