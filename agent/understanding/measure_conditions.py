"""Numbers with a unit, and degrees, as conditions: which field of a kind is measured so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.conditions import Where
from agent.tools.schema import Field
from agent.understanding.amount_words import next_to, written
from agent.understanding.bounds import (
    AROUND,
    EXACT,
    bounds,
    holding,
    in_reach,
    is_capacity,
    measured_in,
    measures_else,
)
from agent.understanding.kind_fields import FULL, KindFields
from agent.understanding.language.amounts import Amount
from agent.understanding.language.text import content_words, stems
from agent.understanding.language.units import METRIC, convert, dimension
from agent.understanding.scales import read_scale
from agent.understanding.value_conditions import ValueResolver
from retrieval.filters import Attribute

_DEGREES = re.compile(
    r"(?P<sign>-|\bminus |\bnegative )?(?P<n>\d+(?:\.\d+)?)\s?"
    r"(?P<unit>°\s?[CF]?|degrees?|celsius|fahrenheit|below)?",
    re.I,
)
_IS_TEMPERATURE = re.compile(r"\b(?:temp\w*|comfort|celsius|c|limit)$|\bcomfort\b", re.I)
_BEARABLE = frozenset(["comfort", "limit", "lower", "minimum", "min", "rating", "extreme"])
_MEASURES = {
    "data": "memory storage",
    "mass": "weight",
    "light": "brightness",
    "people": "persons",
    "charge": "battery",
}
"""What a dimension is called where it is a feature."""


@dataclass(frozen=True)
class MeasureResolver:
    """Finds the field of a number with a unit: the one that is named, else one that is measured so."""

    kind: KindFields
    values: ValueResolver

    def measure(self, amount: Amount, text: str) -> tuple[Where, ...] | None:
        """A number with a unit: the field of the kind that is measured so, the one named if there are
        several.
        """
        unit = amount.unit or ""
        if unit == "percent":  # a strength, which hardly a field tells
            titled = self.values.in_titles(f"{amount.value:g}%")
            return None if titled is None else (titled,)
        fits = [f for f in self.kind.numeric if measured_in(f, unit)]
        if dimension(unit) == "people":  # of seats and players, what is there for so many
            fits = [f for f in fits if f.range and f.range[1] >= amount.value] or fits
        named = [f for f in fits if set(f.stems) & set(stems(text))]
        if not named and (graded := self.graded(amount, text, fits)) is not None:
            named = [graded]
        if amount.shape == "plain" and not named:  # of width, depth and height, the one that has the number
            named = [f for f in fits if self._has(f, amount, unit)]
        if amount.shape == "plain" and not named:  # no screen is two metres wide
            fits = [
                f for f in fits if in_reach(f, convert(amount.value, unit, f.unit or unit) or amount.value)
            ]
        chosen = (named or fits)[:1]
        thin = not chosen or not self.kind.states(chosen[0], FULL)
        if thin and amount.shape == "plain":
            for words in written(amount):  # "32 GB", "3 m": where fields hardly tell it, titles do
                if titled := self.values.in_titles(words):
                    return (titled,)
        if not chosen and unit == "in" and (size := self._size(amount)) is not None:
            return (size,)  # "a 36 inch waist"
        if not chosen:
            return self._near_measure(amount, text, unit)
        own = chosen[0]
        scaled = _in_unit(amount, unit, own.unit or unit)
        if is_capacity(own):
            return holding(own, scaled)
        if amount.shape == "plain" and (ends := self.kind.ends_of(own)) is not None:
            least, most = (
                Where(field=f.name, op=op, value=scaled.value)
                for f, op in zip(ends, ("<=", ">="), strict=True)
            )
            seldom = self.kind.share_of(ends[0]) < FULL * self.kind.share_of(ends[1])
            return (most,) if seldom else (least, most)  # what fits a big one mostly fits a small one
        if amount.shape == "plain" and dimension(unit) == "people":
            return (Where(field=own.name, op=">=", value=scaled.value),)
        return bounds(own.name, scaled, AROUND, exact=EXACT)

    def _size(self, amount: Amount) -> Where | None:
        """The size that the kind comes in, where it is this number."""
        own = self.kind.size_field() if amount.shape == "plain" else None
        number = f"{amount.value:g}"
        if own is None or not self.kind.count(Attribute(own.name, (number,))):
            return None
        return Where(field=own.name, op="=", value=number)

    def _has(self, own: Field, amount: Amount, unit: str) -> bool:
        """Whether something of the kind states the amount, rounding aside."""
        value = convert(amount.value, unit, own.unit) if own.unit and own.unit != unit else amount.value
        if value is None:
            return False
        return self.kind.count(Attribute(own.name, min=value * (1 - EXACT), max=value * (1 + EXACT))) > 0

    def _near_measure(self, amount: Amount, text: str, unit: str) -> tuple[Where, ...] | None:
        """The field that a unit must be of, where neither names nor values state one; else the words of
        texts.
        """
        rest = " ".join(content_words(text[: amount.start] + text[amount.end :]))
        words = f"{_MEASURES.get(dimension(unit), dimension(unit))} {rest}".strip()
        near = None
        if self.values.known:  # of all fields of a shop, some one is near to anything
            reached = None if dimension(unit) in METRIC else amount.value
            near = self.kind.near_field(words, reached, measured=dimension(unit) not in ("count", "people"))
        if near is not None and near.unit is None and not measures_else(near, unit):
            written = self.kind.written_unit(near)
            told = written if written and dimension(written) == dimension(unit) else None
            scaled = _in_unit(amount, unit, told or self.kind.unit_of(near, unit, amount.value))
            if told or in_reach(near, scaled.value):  # that nothing has so much is told
                return bounds(near.name, scaled, AROUND, exact=EXACT)
        said = self.values.in_texts(text) if amount.shape == "plain" else None
        return (said,) if said else None

    def graded(self, amount: Amount, text: str, fields: Sequence[Field]) -> Field | None:
        """The one of some fields that a word of extent next to an amount is about: "2 metres tall"."""
        for words in next_to(amount, text):
            scale = read_scale(words, fields)
            own = self.kind.schema.field(scale.field) if scale is not None else None
            if isinstance(own, Field):
                return own
        return None

    def temperature(self, text: str) -> Where | None:
        """Degrees, below zero or not, on the kind's field for them; warmth is borne down to what is said."""
        match = _DEGREES.search(text)
        own = next((f for f in self.kind.numeric if _IS_TEMPERATURE.search(f.name.replace("_", " "))), None)
        if match is None or own is None or not (match["sign"] or match["unit"]):
            return None
        value = float(match["n"]) * (-1 if match["sign"] else 1)
        if match["unit"] and match["unit"].lower().startswith("f"):
            value = round((value - 32) / 1.8, 1)
        bears = bool(set(own.stems) & _BEARABLE)
        return Where(field=own.name, op="<=" if bears else "=", value=value)


def _in_unit(amount: Amount, unit: str, to: str) -> Amount:
    """An amount in another unit; as it is where the two measure different things."""
    factor = convert(1.0, unit, to)
    if factor is None or factor == 1.0:
        return amount
    low = None if amount.low is None else amount.low * factor
    high = None if amount.high is None else amount.high * factor
    return replace(amount, value=amount.value * factor, low=low, high=high)
