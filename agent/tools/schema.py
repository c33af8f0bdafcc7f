"""The fields that conditions can be put on, as this shop calls them, with their values, units and ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from agent.conditions import ANYWHERE, BRAND, COMMON_FIELDS, KIND, PRICE, STARS, STOCK
from agent.tools.childrens_goods import for_children
from agent.tools.greeting_cards import greeting_cards
from agent.tools.implied_units import implied_unit
from agent.understanding.language.text import stems
from agent.understanding.language.units import (
    NAMES,
    counts_things,
    name_and_unit,
    shown_unit,
    unit_in_name,
)
from retrieval.filters import Filter, numbers_in
from retrieval.records import Product
from retrieval.text.normalization import fold, fold_plural

if TYPE_CHECKING:
    from retrieval.search import SearchEngine

Sample = Callable[[str], Iterable[Product]]
FieldType = Literal["number", "flag", "text"]
NUMERIC_SHARE = 0.8
"""A field whose values begin with a number this often is a number."""
NEAR = 72.0
_START, _MOST_KINDS = 3, 500
"""Letters by which values are looked up; a field with more values than that names no kinds."""
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)(?!\s*[-–\d])")
_NO_FIELDS = frozenset(("Title", "title"))
"""What a shop system calls an option that is none."""
CODES = frozenset(["asin", "barcode", "ean", "gtin", "isbn", "mpn", "sku", "upc"])
"""Words in the names of fields that only number a product, which tells a shopper nothing."""
_TRUTHS = {"yes", "no", "true", "false"}
_SYNONYMS = {
    "kind": KIND, "type": KIND, "product type": KIND, "cost": PRICE, "budget": PRICE, "rating": STARS,
    "brand name": BRAND, "make": BRAND, "manufacturer": BRAND, "availability": STOCK, "in stock": STOCK,
    "anything": ANYWHERE, "description": ANYWHERE, "any": ANYWHERE, "colour": "color",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One attribute or option of the shop."""

    name: str
    """As the shop writes it."""
    type: FieldType
    values: Mapping[str, int]
    """Values with the number of products that have them, most frequent first."""
    unit: str | None = None
    """Canonical unit of a number, where name or values tell it."""
    implied: str | None = None
    """The same, where only the texts of the shop tell it."""

    @cached_property
    def label(self) -> str:
        """The name as it is said: ``noise_db`` is ``noise``."""
        return name_and_unit(self.name)[0].lower()

    @property
    def shown_unit(self) -> str:
        return name_and_unit(self.name)[1] or (shown_unit(self.implied) if self.implied else "")

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return stems(self.label)

    @property
    def is_code(self) -> bool:
        return not CODES.isdisjoint(self.label.split())

    @property
    def is_color(self) -> bool:
        return "color" in self.stems

    @cached_property
    def range(self) -> tuple[float, float] | None:
        """Least and greatest number; None for other types."""
        numbers = [number for value in self.values for number in self.spans.get(value) or numbers_in(value)]
        return (min(numbers), max(numbers)) if numbers and self.type == "number" else None

    @cached_property
    def spans(self) -> Mapping[str, tuple[float, float]]:
        """The values that are ranges, with their ends: "2-8" players."""
        found = ((value, _SPAN.match(value)) for value in self.values if self.type == "number")
        ends = {value: (float(match[1]), float(match[2])) for value, match in found if match}
        return {value: span for value, span in ends.items() if span[0] < span[1]}

    @cached_property
    def stemmed_values(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((value, stems(value)) for value in self.values)

    def values_like(self, wanted: str) -> tuple[str, ...]:
        """The shop's values that are meant by a word: itself, else those that have all its words in them."""
        own = fold(wanted)
        same = tuple(value for value in self.values if fold(value) == own)
        asked = set(stems(wanted))
        if not asked:
            return same
        within = tuple(value for value, words in self.stemmed_values if asked <= set(words))
        return tuple(dict.fromkeys((*same, *within)))


class Schema:
    """All fields of one built shop. Made from the build's own vocabulary; ``sample`` gives some products with a
    field, which are read for a number whose unit neither its name nor its values tell.
    """

    def __init__(self, search: SearchEngine, sample: Sample | None = None) -> None:
        self._search = search
        known = search.vocabulary
        self.brands, self.categories, self.tags = known.brands, known.categories, known.tags
        self.currency = max(known.currencies, key=known.currencies.__getitem__, default="USD")
        named = (
            (name, values) for name, values in known.attributes.items() if values and name not in _NO_FIELDS
        )
        self.fields = {name: _field(name, values, sample) for name, values in named}

    @cached_property
    def for_children(self) -> Filter:
        """What is made for children alone."""
        return for_children(self._search, self.fields.values())

    @cached_property
    def greeting_cards(self) -> Filter:
        """What only goes with a gift or stands for one."""
        return greeting_cards(self._search)

    def field(self, name: str) -> Field | str | None:
        """The shop's field of this name, the name of a common one, or None."""
        own = fold(name).replace("_", " ").strip()
        if own in COMMON_FIELDS:
            return own
        found = self._by_name.get(own) or self._by_name.get(" ".join(stems(own)))
        if found is not None:
            return found
        other = _SYNONYMS.get(own, own)
        return other if other in COMMON_FIELDS else self._by_name.get(other)

    def called(self, name: str) -> tuple[Field, ...]:
        """The fields meant by a name: the one that the shop writes so, else all that are said so
        (``capacity`` is ``capacity_ml`` and ``capacity_l``).
        """
        found = self.field(name)
        if not isinstance(found, Field):
            return ()
        own = fold(name).replace("_", " ").strip()
        if own == fold(found.name).replace("_", " ") != found.label:
            return (found,)
        return self._by_label[found.label]

    def stated(self, mask: npt.NDArray[np.bool_]) -> list[tuple[Field, int]]:
        """The fields that some of the masked products state, with how many do."""
        counts = self._search.table.states(mask)
        return [(field, counts[name]) for name, field in self._by_folded_name.items() if name in counts]

    def saying(self, text: str) -> dict[str, tuple[str, ...]]:
        """The text fields that have a value of this name, with the values; 0.1 ms."""
        name, found = fold_plural(text), dict[str, tuple[str, ...]]()
        for field, value in self._values_by_start.get(text[:_START].lower(), ()):
            if fold_plural(value) == name:
                found[field] = (*found.get(field, ()), value)
        return found

    @cached_property
    def _values_by_start(self) -> dict[str, list[tuple[str, str]]]:
        """Values of text fields by their first letters; of fields with so many that they name kinds, none."""
        found: dict[str, list[tuple[str, str]]] = {}
        for field in self.fields.values():
            if field.type == "text" and len(field.values) <= _MOST_KINDS:
                for value in field.values:
                    found.setdefault(value[:_START].lower(), []).append((field.name, value))
        return found

    @cached_property
    def _by_folded_name(self) -> dict[str, Field]:
        return {fold(name): field for name, field in self.fields.items()}

    def nearest_fields(self, name: str, k: int = 3) -> list[str]:
        """The names that an unknown one may stand for, the commonest where none is near."""
        found = process.extract(
            name, list(self.fields), scorer=fuzz.WRatio, processor=fold, limit=k, score_cutoff=NEAR
        )
        return [match[0] for match in found] or list(self.fields)[:k]

    @cached_property
    def _by_label(self) -> dict[str, tuple[Field, ...]]:
        found: dict[str, tuple[Field, ...]] = {}
        for field in self.fields.values():
            found[field.label] = (*found.get(field.label, ()), field)
        return found

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for field in self.fields.values():  # the most used field of a name wins
            for name in (fold(field.name).replace("_", " "), fold(field.label), " ".join(field.stems)):
                found.setdefault(name, field)
        return found


def _field(name: str, values: Mapping[str, int], sample: Sample | None) -> Field:
    total = sum(values.values())
    if {fold(value) for value in values} <= _TRUTHS:
        return Field(name, "flag", values)
    numeric = sum(count for value, count in values.items() if numbers_in(value))
    if numeric < NUMERIC_SHARE * total:
        return Field(name, "text", values)
    unit = unit_in_name(name.replace("_", " "))[1] or _unit_of(values)
    told = unit is not None or bool(name_and_unit(name)[1]) or counts_things(name)
    implied = implied_unit(name, sample(name)) if sample is not None and not told else None
    return Field(name, "number", values, unit or implied, implied)


_UNIT_BEHIND = re.compile(r"^\s*-?\d+(?:[.,]\d+)?\s*([A-Za-z%°²\"]+)\.?\s*$")


def _unit_of(values: Mapping[str, int]) -> str | None:
    """The unit that most values end in ("450 ml")."""
    counts: dict[str, int] = {}
    for value, count in values.items():
        found = _UNIT_BEHIND.match(value)
        unit = NAMES.get(found[1].lower()) if found and found[1] != "G" else None  # 4G is no weight
        if unit:
            counts[unit] = counts.get(unit, 0) + count
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] > sum(values.values()) / 2 else None
