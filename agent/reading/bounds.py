"""From numbers in an utterance to constraints: prices, stars, measures of numeric attributes; and what is
neither."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.language.amounts import Amount
from agent.language.text import Token
from agent.language.units import convert, dimension, name_and_unit
from agent.meaning import Constraint
from agent.money import price as price_text
from agent.reading.terms import NumericFacts
from agent.reading.vocabulary import Vocabulary
from retrieval.filters import Attribute, Filter, Or, Price, Stars

CENT = 0.01
EXACT = 0.02
"""A measure said without a bound ("2 litre") may be off by this share, for rounding and changed units."""

_NOT_A_PRICE_BEFORE = frozenset(
    (
        "size",
        "sizes",
        "age",
        "ages",
        "aged",
        "page",
        "model",
        "version",
        "number",
        "no",
        "year",
        "iphone",
        "galaxy",
    )
)
_MASS_TALK = re.compile(
    r"\b(?:weigh|weight|weighs|weighing|heavy|heavier|light|lighter|lbs?)\b", re.IGNORECASE
)
_HAVE = re.compile(r"^(?:i )?have\b", re.IGNORECASE)
_TO_SPEND = re.compile(r"^\s*(?:to spend|to pay|budget|max|available|left)\b", re.IGNORECASE)
_PEOPLE_WORDS = frozenset(("people", "person", "persons", "seat", "serves", "serving", "guest", "player"))
_AFTER_NAME = re.compile(r"^\W*(?:of\s+|is\s+|should be\s+|must be\s+|has to be\s+)?$", re.IGNORECASE)
_SLANG = re.compile(r"\b(?:bucks?|grand)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bound:
    """A constraint read from ``text[start:end]``, or None for a number that bounds nothing here."""

    start: int
    end: int
    constraint: Constraint | None
    amount: Amount


def amount_label(value: float, currency: str) -> str:
    """``50`` -> ``$50``; cents only where there are any."""
    return price_text(value, currency).removesuffix(".00")


def price_constraint(
    low: float | None, high: float | None, currency: str, *, strict: bool = False
) -> Constraint:
    """At least ``low``, at most ``high``; ``strict``: without the ends themselves."""
    step = CENT if strict else 0.0
    if low is not None and high is not None:
        label = f"{amount_label(low, currency)} to {amount_label(high, currency)}"
    elif high is not None:
        label = f"{'under' if strict else 'at most'} {amount_label(high, currency)}"
    else:
        label = f"{'over' if strict else 'at least'} {amount_label(low or 0.0, currency)}"
    condition = Price(
        min=None if low is None else round(low + step, 2), max=None if high is None else round(high - step, 2)
    )
    return Constraint(constraint_id="", kind="price", slot="price", label=label, filter=condition)


def stars_constraint(low: float | None, high: float | None) -> Constraint:
    label = f"{low:g} stars and up" if low is not None else f"at most {high:g} stars"
    return Constraint(
        constraint_id="", kind="stars", slot="stars", label=label, filter=Stars(min=low, max=high)
    )


def named(facts: NumericFacts) -> tuple[str, str]:
    """A number as it is said: its name, and its unit behind a space where it has one."""
    name, unit = name_and_unit(facts.name)
    return name.lower(), f" {unit}" if unit else ""


def measure_constraint(
    facts: NumericFacts, low: float | None, high: float | None, *, label: str = ""
) -> Constraint:
    """A numeric attribute between two values in the shop's own unit."""
    if not label:
        name, unit = named(facts)
        if low is not None and high is not None:
            middle = (low + high) / 2
            near = high - low <= 3 * EXACT * abs(middle)
            label = f"{name} {middle:g}{unit}" if near else f"{name} {low:g} to {high:g}{unit}"
        else:
            label = f"{name} at least {low:g}{unit}" if low is not None else f"{name} at most {high:g}{unit}"
    condition: Filter = Attribute(facts.name, min=low, max=high)
    return Constraint(
        constraint_id="",
        kind="attribute",
        slot=f"attribute:{facts.name.lower()}",
        label=label,
        filter=condition,
    )


_SIZE_BEFORE = re.compile(r"\bsizes?\b[^\d]*$", re.IGNORECASE)
""" "What size, if I am between 42 and 43"."""


class BoundReader:
    """Reads the amounts of one utterance. ``expects_price``: a bare number is an answer about the price."""

    def __init__(
        self,
        text: str,
        tokens: tuple[Token, ...],
        vocabulary: Vocabulary,
        *,
        in_force: frozenset[str] = frozenset(),
        expects_price: bool,
        corrects: bool,
    ) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.in_force = in_force
        self.expects_price = expects_price
        self.corrects = corrects
        self.notices: list[str] = []
        self._named = _numeric_names(text, tokens, vocabulary)

    def read(self, amount: Amount) -> Bound:
        """The constraint an amount stands for."""
        return Bound(amount.start, amount.end, self._constraint(amount), amount)

    def _constraint(self, amount: Amount) -> Constraint | None:
        if amount.stars or self._speaks_of_stars(amount):
            return self._stars(amount)
        if amount.unit:
            return self._measure(amount)
        if amount.currency == "GBP" and self._means_mass(amount):
            return self._measure(amount, unit="lb")
        if amount.is_money:
            return self._price(amount)
        named = self._name_before(amount)
        if named is not None:
            return self._of_attribute(named, amount, amount.unit)
        return self._price(amount) if self._bare_is_price(amount) else None

    def _speaks_of_stars(self, amount: Amount) -> bool:
        near = (
            self.text[max(0, amount.start - 20) : amount.start]
            + " "
            + self.text[amount.end : amount.end + 12]
        )
        return (
            amount.value <= 5 and not amount.is_money and not amount.unit and bool(_STARS_NEAR.search(near))
        )

    def _stars(self, amount: Amount) -> Constraint | None:
        if not 0 < amount.value <= 5:
            return None
        if amount.shape == "max":
            return stars_constraint(None, amount.high)
        return stars_constraint(amount.low if amount.shape != "around" else amount.value, None)

    def _means_mass(self, amount: Amount) -> bool:
        words = self.text[amount.start : amount.end].lower()
        return "pound" in words and self.vocabulary.currency != "GBP" and bool(_MASS_TALK.search(self.text))

    def _bare_is_price(self, amount: Amount) -> bool:
        words = self.text[amount.start : amount.end]
        if amount.before in _NOT_A_PRICE_BEFORE:
            return False
        if amount.shape == "range" and _SIZE_BEFORE.search(self.text[: amount.start]):
            return False
        if amount.shape == "plain":
            return (self.expects_price or self.corrects) and self.vocabulary.plausible_price(amount.value)
        if _HAVE.match(words):
            return "only" in words.lower() or bool(_TO_SPEND.match(self.text[amount.end :]))
        if words.lower().startswith("to ") and amount.shape == "max":
            return (
                self.expects_price
                or self.corrects
                or amount.before in ("it", "price", "budget", "up", "down")
            )
        if amount.shape == "range" and words[0].isdigit():
            return self.vocabulary.plausible_price(amount.value)
        return True

    def _price(self, amount: Amount) -> Constraint:
        currency = self.vocabulary.currency
        words = self.text[amount.start : amount.end]
        if amount.currency and amount.currency != currency and not _SLANG.search(words):
            self.notices.append(
                f"Prices here are in {currency}, so I read {amount.value:g} {amount.currency} as {currency}."
            )
        low, high = amount.low, amount.high
        if amount.shape == "plain":
            low = None
        return price_constraint(low, high, currency, strict=amount.strict)

    def _measure(self, amount: Amount, unit: str | None = None) -> Constraint | None:
        unit = unit or amount.unit or ""
        if unit == "percent":
            return None
        named = self._name_before(amount) or self._name_anywhere(unit)
        if named is not None:
            return self._of_attribute(named, amount, unit)
        fitting = [facts for facts in self.vocabulary.numeric.values() if _measures(facts, unit)]
        fitting = [facts for facts in fitting if facts.name.lower() in self.in_force] or fitting
        if dimension(unit) == "mass":
            fitting = [facts for facts in fitting if "weight" in facts.words] or fitting
        read = [one for facts in fitting if (one := self._of_attribute(facts, amount, unit)) is not None]
        return _any_of(read, amount, unit) if read else None

    def _of_attribute(self, facts: NumericFacts, amount: Amount, unit: str | None) -> Constraint | None:
        factor: float | None = 1.0
        if unit and facts.unit and dimension(unit) not in ("people", "age"):
            factor = convert(1.0, unit, facts.unit)
        if factor is None:
            return None
        low, high = (None if v is None else round(v * factor, 4) for v in (amount.low, amount.high))
        if amount.shape == "plain":
            value = amount.value * factor
            low, high = round(value * (1 - EXACT), 4), round(value * (1 + EXACT), 4)
            if unit and dimension(unit) == "people":
                low, high = value, None
            elif unit and dimension(unit) == "age":
                low, high = None, value
            elif not any(low <= v <= high for v in facts.values):
                return None
        if amount.strict:
            step = 1e-6
            low, high = (None if low is None else low + step), (None if high is None else high - step)
        return measure_constraint(facts, low, high)

    def _name_before(self, amount: Amount) -> NumericFacts | None:
        for start, end, facts in self._named:
            if end <= amount.start and _AFTER_NAME.match(self.text[end : amount.start]):
                return facts
            if 0 <= start - amount.end <= 5 and amount.unit and _measures(facts, amount.unit):
                return facts
        return None

    def _name_anywhere(self, unit: str) -> NumericFacts | None:
        return next((facts for _, _, facts in self._named if _measures(facts, unit)), None)


_STARS_NEAR = re.compile(r"\b(?:rating|ratings|rated|stars?|score)\b", re.IGNORECASE)


def _any_of(read: list[Constraint], amount: Amount, unit: str) -> Constraint:
    """ "2 litres" in a shop with several attributes in litres: whichever of them the product has."""
    if len(read) == 1:
        return read[0]
    bounds = {"max": "under ", "min": "over "} if amount.strict else {"max": "at most ", "min": "at least "}
    shape = {**bounds, "around": "around "}.get(amount.shape, "")
    return read[0].model_copy(
        update={
            "slot": f"measure:{dimension(unit)}",
            "label": f"{shape}{amount.value:g} {unit}",
            "filter": Or(tuple(one.filter for one in read)),
        }
    )


def _measures(facts: NumericFacts, unit: str) -> bool:
    if dimension(unit) == "people":
        return facts.unit == "person" or not _PEOPLE_WORDS.isdisjoint(facts.words)
    if dimension(unit) == "age":
        return "age" in facts.words
    return facts.unit is not None and dimension(facts.unit) == dimension(unit)


def _numeric_names(
    text: str, tokens: tuple[Token, ...], vocabulary: Vocabulary
) -> tuple[tuple[int, int, NumericFacts], ...]:
    """Where the utterance names a numeric attribute, whole ("battery life") or by its first word
    ("battery")."""
    found = []
    for facts in vocabulary.numeric.values():
        for index, token in enumerate(tokens):
            if not facts.words or token.stem != facts.words[0]:
                continue
            end = index
            while end + 1 < len(tokens) and tokens[end + 1].stem in facts.words:
                end += 1
            found.append((token.start, tokens[end].end, facts))
    return tuple(found)
