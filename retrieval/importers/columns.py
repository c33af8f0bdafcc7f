"""What becomes of each column that is no field: its kind, judged by the values of the whole file.

Nothing is dropped without a word: a column is an attribute, a text, or left out with the reason and the
option that keeps it (``records.ImportedColumn``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from retrieval.importers import values
from retrieval.importers.fields import is_code
from retrieval.importers.headers import Binding, key, table
from retrieval.importers.measures import dimensions, measure
from retrieval.importers.money import PLAIN, Numerals
from retrieval.records import AttributeValue

Kind = Literal[
    "flag",
    "number",
    "code",
    "measure",
    "dimensions",
    "list",
    "value",
    "text",
    "left",
    "rating",
    "rating_count",
]

LONG = 200
"""A value of more characters is a text, not an attribute."""
_SAMPLE = 300
_TRUE = frozenset(
    (
        "true",
        "yes",
        "y",
        "1",
        "ja",
        "oui",
        "si",
        "sí",
        "sì",
        "sim",
        "tak",
        "x",
        "✓",
        "✔",
        "wahr",
        "vrai",
        "verdadero",
        "vero",
        "waar",
        "prawda",
    )
)
_FALSE = frozenset(
    (
        "false",
        "no",
        "n",
        "0",
        "nein",
        "non",
        "nee",
        "não",
        "nao",
        "nie",
        "falsch",
        "faux",
        "falso",
        "onwaar",
        "fałsz",
    )
)
_WORDED = (_TRUE | _FALSE) - {"0", "1", "x", "y", "n"}
_COUNTED = re.compile(
    r"count|quantity|qty|number|num|pieces|pcs|anzahl|menge|level|grade|size|ports|slots|rank|pages"
)
_TYPED = {"attr_t_": "value", "attr_n_": "number", "attr_b_": "flag"}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d+)?")
_DAMAGED = re.compile(r"-?\d(?:[.,]\d+)?[eE]\+\d+")
_ADDRESS = re.compile(r"(?i)(?:https?://|www\.|//)\S+(?:[,|\s]+https?://\S+)*$")
_LISTS = re.compile(r"\s*[|;]\s*|\s*\n\s*")
_COMMAS = re.compile(r"\s*,\s+|,(?=[^\s\d])")


@dataclass
class Column:
    """What a first pass saw of one column of the products."""

    filled: int = 0
    varies: bool = False
    first: Any = None
    sample: list[Any] = field(default_factory=list)

    def add(self, cell: Any) -> None:
        self.filled += 1
        if self.filled == 1:
            self.first = cell
        elif not self.varies and cell != self.first:
            self.varies = True
        if len(self.sample) < _SAMPLE:
            self.sample.append(cell)


@dataclass(frozen=True)
class Plan:
    """How a column is read: ``name`` is the attribute's or the text's."""

    kind: Kind
    name: str
    reason: str = ""
    separator: re.Pattern[str] = _LISTS
    column: str = ""


class AttributePlans:
    """How the columns of one file are read; those that the first pass did not see, by their values."""

    def __init__(self, plans: Mapping[str, Plan], numerals: Numerals = PLAIN) -> None:
        self._plans = dict(plans)
        self._numerals = numerals
        self.damaged: Counter[str] = Counter()
        """Values that a spreadsheet cut short, by column."""

    def __getitem__(self, column: str) -> Plan:
        plan = self._plans.get(column)
        if plan is None:
            plan = self._plans[column] = plan_of(column, Column(1, True, None, []), 0)
        return plan

    def read(self, columns: Mapping[str, Any]) -> tuple[dict[str, AttributeValue], dict[str, str]]:
        """Attributes and texts of one product."""
        found: dict[str, AttributeValue] = {}
        texts: dict[str, str] = {}
        for column, cell in columns.items():
            plan = self._plans.get(column) or self[column]
            if plan.kind in ("left", "rating", "rating_count") or not plan.name:
                continue
            value = self._value(plan, cell)
            if value is None:
                continue
            if isinstance(value, str) and (plan.kind == "text" or len(value) > LONG):
                texts[plan.name] = values.plain(cell)
                continue
            found.setdefault(plan.name, value)
            if isinstance(value, str) and plan.kind in ("measure", "dimensions"):
                self._measured(plan, value, found)
        return found, texts

    def rated(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The mean rating and how many gave one, where columns that the system has no name for hold them."""
        kinds = {"rating", "rating_count"}
        return {
            plan.kind: cell[0] if isinstance(cell, tuple) else cell
            for column, cell in columns.items()
            if (plan := self._plans.get(column)) and plan.kind in kinds
        }

    def _value(self, plan: Plan, cell: Any) -> AttributeValue | None:
        kind = plan.kind
        if isinstance(cell, bool):
            return cell
        if isinstance(cell, (int, float)):
            if kind == "flag" and cell in (0, 1):
                return bool(cell)
            if kind == "code":
                return values.text(cell)
            return values.attribute(cell)
        if isinstance(cell, (list, tuple)):
            lines = [values.line(part) for part in cell if not isinstance(part, (dict, list))]
            if kind == "list":  # of variants, each with a list
                lines = [part for line in lines for part in plan.separator.split(line)]
            parts = tuple(dict.fromkeys(filter(None, map(str.strip, lines))))
            return self._value(plan, parts[0]) if len(parts) == 1 else parts or None
        if isinstance(cell, dict):
            return ", ".join(f"{n}: {values.line(v)}" for n, v in cell.items() if values.line(v)) or None
        raw = values.plain(cell) if kind in ("text", "list") else values.line(cell)
        if not raw or raw.casefold() in values.NOTHING:
            return None
        if _DAMAGED.fullmatch(raw):
            self.damaged[plan.column or plan.name] += 1
            return None
        if kind == "flag":
            folded = raw.casefold()
            return folded in _TRUE if folded in _TRUE or folded in _FALSE else raw
        if kind == "code":
            return raw
        if kind == "list":
            parts = tuple(
                dict.fromkeys(filter(None, (p.strip() for p in plan.separator.split(raw.strip("[]")))))
            )
            return parts if len(parts) > 1 else raw
        if kind == "text":
            return raw
        if kind == "number":
            return _number(raw, self._numerals)
        return values.attribute(cell)

    def _measured(self, plan: Plan, text: str, found: dict[str, AttributeValue]) -> None:
        if plan.kind == "dimensions":
            for side, size in dimensions(text, plan.column, self._numerals).items():
                found.setdefault(side, size)
        elif single := measure(text, self._numerals):
            found.setdefault(
                re.sub(r"_(kg|g|lbs?|oz|cm|mm|in|l|ml)$", "", plan.name) + f"_{single[1]}", single[0]
            )


def _number(raw: str, numerals: Numerals) -> AttributeValue:
    if _NUMBER.fullmatch(raw):
        return float(raw)
    if numerals.decimal == "," and re.fullmatch(r"-?\d{1,12}(,\d+)?", raw):
        return float(raw.replace(",", "."))
    return raw


def plan_columns(columns: Mapping[str, Column], products: int, binding: Binding) -> dict[str, Plan]:
    """How each column of the products is read, by what was seen of it."""
    asked = set(binding.named.values())
    return {
        name: _asked(name, column, products) if name in asked else plan_of(name, column, products)
        for name, column in columns.items()
    }


def _asked(target: str, column: Column, products: int) -> Plan:
    """A column that ``--map`` names is kept, whatever is in it."""
    scope, _, name = target.partition(".")
    if scope == "texts":
        return Plan("text", values.attribute_name(name), column=target)
    plan = plan_of(name, column, products)
    if plan.kind in ("left", "text"):
        return Plan("value", values.attribute_name(name), column=target)
    return Plan(plan.kind, values.attribute_name(name), "", plan.separator, target)


def plan_of(column: str, seen: Column, products: int) -> Plan:
    """How one column is read."""
    name = values.attribute_name(column)
    for prefix, kind in _TYPED.items():
        if column.startswith(prefix):
            plain = values.attribute_name(column.removeprefix(prefix))
            if kind == "value" and (separator := _separator(_texts(seen.sample))):
                return Plan("list", plain, separator=separator, column=column)
            return Plan(kind, plain, column=column)  # type: ignore[arg-type]
    if products >= 10 and not seen.varies and seen.filled == products and not _is_yes(seen.first):
        return Plan(
            "left", name, f"the same in every product ({values.line(seen.first)[:40]!r})", column=column
        )
    if is_code(column):
        return Plan("code", name, column=column)
    texts = _texts(seen.sample)
    if texts and (rated := _rated(name, texts)):
        return Plan(rated, name, column=column)
    if not texts:
        return Plan("value", name, column=column)
    if _share(texts, _ADDRESS.match) > 0.5:
        return Plan("left", name, "addresses of pages or pictures", column=column)
    if max(map(len, texts)) > LONG:
        return Plan("text", name, column=column)
    if _is_flag(column, texts):
        return Plan("flag", name, column=column)
    if (
        _share(texts, _NUMBER.fullmatch) == 1.0
        or _share(texts, re.compile(r"-?\d+(?:[.,]\d+)?").fullmatch) == 1.0
    ):
        return Plan("number", name, column=column)
    if _share(texts, measure) >= 0.8:
        return Plan("measure", name, column=column)
    if _share(texts, lambda text: dimensions(text, column)) >= 0.5:
        return Plan("dimensions", name, column=column)
    if separator := _separator(texts):
        return Plan("list", name, separator=separator, column=column)
    return Plan("value", name, column=column)


def _is_yes(cell: Any) -> bool:
    """Whether a column that is the same everywhere says yes in words: that all is vegan is no bookkeeping."""
    return cell is True or values.text(cell).casefold() in _TRUE & _WORDED


def _rated(name: str, texts: list[str]) -> Literal["rating", "rating_count"] | None:
    entry = table("products").field(name)
    if entry is None or _share(texts, re.compile(r"\d{1,9}(?:[.,]\d+)?(?: ?/ ?5)?").fullmatch) < 1.0:
        return None
    if entry[0] == "rating" and all(float(re.split("[ /]", t)[0].replace(",", ".")) <= 5 for t in texts):
        return "rating"
    return "rating_count" if entry[0] == "rating_count" else None


def _texts(sample: Iterable[Any]) -> list[str]:
    cells = (part for cell in sample for part in (cell if isinstance(cell, (tuple, list)) else (cell,)))
    return [text for cell in cells if isinstance(cell, (str, int, float)) and (text := _as_text(cell))]


def _as_text(cell: Any) -> str:
    return "yes" if cell is True else "no" if cell is False else values.plain(cell)


def _share(texts: list[str], test: Any) -> float:
    return sum(bool(test(text)) for text in texts) / len(texts)


def _is_flag(column: str, texts: list[str]) -> bool:
    """Yes and no in words; or 0 and 1, both, where the name does not say that something is counted."""
    seen = {text.casefold() for text in texts}
    if not seen <= _TRUE | _FALSE:
        return False
    return bool(seen & _WORDED) or ({"0", "1"} <= seen and not _COUNTED.search(key(column)))


def _separator(texts: list[str]) -> re.Pattern[str] | None:
    """What parts a list: ``|``, ``;`` or lines; commas where the same short parts come again and again."""
    for pattern in (_LISTS, _COMMAS):
        split = [[part for part in pattern.split(text) if part] for text in texts]
        several = [parts for parts in split if len(parts) > 1]
        if len(several) < max(1, 0.05 * len(texts)) or any(
            len(part) > 60 for parts in several for part in parts
        ):
            continue
        every = [part.casefold() for parts in split for part in parts]
        words = max(len(part.split()) for parts in several for part in parts)
        if pattern is _LISTS or (words <= 4 and len(every) >= 10 and len(set(every)) <= 0.5 * len(every)):
            return pattern
    return None
