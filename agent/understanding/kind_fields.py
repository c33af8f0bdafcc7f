"""The fields and prices of one kind of product: which are stated, how often, and which one words mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.tools.implied_units import READ, implied_unit
from agent.tools.schema import Field, Schema
from agent.understanding.bounds import in_reach
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems
from agent.understanding.language.units import METRIC, convert, counts_things, dimension
from retrieval.filters import And, Filter, Items

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

STATED = 0.15
"""A field belongs to a kind when this share of its products state it."""
_PACKING = frozenset(
    ("package", "packaging", "packing", "carton", "pallet", "outer", "inner", "master", "shipping")
)
"""In the name of a field these make it one of the box, which hardly anyone asks for."""
NEAR, CLOSE = 0.35, 0.5
"""Cosines of words to the name of the field that they mean: with a unit beside them, and without."""
_ENDS = (("minimum", "maximum"), ("min", "max"), ("lowest", "highest"))
FULL = 0.5
"""A field that so many state tells of the rest that they differ in it."""
OWN = 0.04
"""Less is said of so few that a word or a number hardly ever means it."""


@dataclass(frozen=True)
class KindFields:
    """What the products of a kind state. ``filter``: the kind; all products where none is known."""

    desk: ShopContext
    filter: Filter = field(default_factory=And)

    @property
    def is_any(self) -> bool:
        """Whether no kind is known."""
        return self.filter == And()

    @property
    def schema(self) -> Schema:
        return self.desk.schema

    @cached_property
    def numeric(self) -> tuple[Field, ...]:
        """The numeric fields of the kind, the fullest first; those of how it is packed come last."""
        found = [f for f, _ in self.stated if f.type == "number"]
        return tuple(sorted(found, key=lambda f: not _PACKING.isdisjoint(f.stems)))

    @cached_property
    def stated(self) -> tuple[tuple[Field, int], ...]:
        """The fields of the kind with how many of it state them, the fullest first."""
        least = max(min(2, self.total), OWN * self.total)
        found = [(own, count) for own, count in self._counts if count >= least]
        return tuple(sorted(found, key=lambda pair: -pair[1]))

    @cached_property
    def _counts(self) -> list[tuple[Field, int]]:
        """The fields that any of the kind state, with how many do."""
        return self.schema.stated(self.mask)

    def is_own(self, name: str, share: float = OWN) -> bool:
        """Whether a field is one of the kind's: so many of it state it."""
        return self._stated_by.get(name, 0) >= max(1.0, share * self.total)

    @cached_property
    def _stated_by(self) -> dict[str, int]:
        return {own.name: count for own, count in self._counts if count}

    def states(self, own: Field, share: float) -> bool:
        return self.share_of(own) >= share

    @cached_property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Which products are of the kind, shape (n,)."""
        return self.desk.shop.search.table.mask(self.filter)

    def count(self, condition: Filter) -> int:
        """How many of the kind meet a condition."""
        return self.desk.shop.search.table.count(condition, self.mask)

    def titled(self, words: str) -> str | None:
        """The words, where some title of the kind has them."""
        items = self.desk.shop.search.titled(words)
        return words if items and self.count(Items(tuple(items))) else None

    @cached_property
    def total(self) -> int:
        return int(np.count_nonzero(self.mask))

    def named_in(self, text: str, value: float) -> Field | None:
        """The numeric field whose name stands beside the number ("security ten or better", "7 gears"): its
        whole name, else a word of it where most of the kind state numbers of that size.
        """
        rest = set(stems(text)) - FUNCTION_WORDS
        for own in self.numeric:
            words = set(own.stems) - FUNCTION_WORDS
            fits = in_reach(own, value)  # "16 GB of memory under 800" is no memory of 800
            if words and words <= rest and (fits or not self.costs_about(value)):
                return own
            if words & rest and fits and self.states(own, 0.3):
                return own
        return None

    def ends_of(self, own: Field) -> tuple[Field, Field] | None:
        """The fields of the least and the most that a product takes, where ``own`` is one of them and the kind has the
        other ("minimum screen size", "maximum screen size").
        """
        for least, most in _ENDS:
            for end, other in ((least, most), (most, least)):
                if end in own.name.lower().split("_"):
                    name = own.name.lower().replace(end, other)
                    pair = next((f for f in self.numeric if f.name.lower() == name), None)
                    if pair is not None:
                        return (own, pair) if end == least else (pair, own)
        return None

    def share_of(self, own: Field) -> float:
        """The share of the kind that states a field."""
        return next((count for f, count in self.stated if f == own), 0) / max(1, self.total)

    def unit_of(self, own: Field, unit: str, value: float) -> str:
        """The unit that a field's numbers must be in which names none, and whose texts don't: of those of the same
        dimension, the one in which ``value`` is nearest to what the kind has ("1.4 kg" where laptops weigh 1800).
        """
        numbers = self.desk.shop.search.table.numbers_of(own.name, self.mask)
        usual = float(np.median(numbers)) if len(numbers) else 0.0
        if usual <= 0 or value <= 0:
            return unit

        def distance(other: str) -> float:
            converted = convert(value, unit, other)
            return abs(math.log(converted / usual)) if converted else math.inf

        return min(METRIC.get(dimension(unit), (unit,)), key=distance)

    def written_unit(self, own: Field) -> str | None:
        """The unit that the kind's texts write behind the numbers of a field."""
        table = self.desk.shop.search.table
        rows = np.flatnonzero(self.mask)[:READ]
        return implied_unit(own.name, self.desk.products([table.item_ids[row] for row in rows]))

    def size_field(self) -> Field | None:
        """The option that says sizes, where the kind comes in sizes."""
        return next((f for f, _ in self.stated if "size" in f.stems), None)

    def near_field(
        self, words: str, value: float | None = None, least: float = NEAR, *, measured: bool = False
    ) -> Field | None:
        """The numeric field whose name is nearest in meaning, at least ``least`` by cosine; of those whose
        numbers reach ``value``, and, where it is ``measured``, that count nothing.
        """
        fields = [f for f in self.numeric if value is None or (f.range and f.range[0] <= value <= f.range[1])]
        if measured:
            fields = [f for f in fields if not counts_things(f.name)]
        if not fields or not words.strip():
            return None
        encoder = self.desk.shop.encoder
        scores = encoder.encode_document([f.label for f in fields]) @ encoder.encode_query([words])[0]
        best = int(scores.argmax())
        return fields[best] if scores[best] >= least else None

    def costs_about(self, value: float) -> bool:
        low, high = self._prices
        return low / 3 <= value <= high * 2

    @cached_property
    def _prices(self) -> tuple[float, float]:
        search = self.desk.shop.search
        prices = search.table.price[self.mask]
        known = prices[prices == prices]
        if not len(known):
            known = search.table.price[search.table.price == search.table.price]
        return (float(known.min()), float(known.max())) if len(known) else (1.0, 1000.0)
