"""From the words of a condition to the shop's fields: numbers exactly, values by name, other form or meaning.

What stands here as a condition binds; what can't be resolved is a wish, never a wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from agent.conditions import PRICE, STOCK, Op, Prefer, Where
from agent.tools.title_measures import measure_in_titles
from agent.understanding.amount_conditions import AmountResolver
from agent.understanding.bounds import is_corrected, measured_in, middle, spread
from agent.understanding.exclusions import ExclusionResolver
from agent.understanding.kind_fields import KindFields
from agent.understanding.language.abbreviations import abbreviated
from agent.understanding.language.amounts import Amount, find_amounts
from agent.understanding.language.condition_cues import (
    FREE_OF,
    IN_STOCK,
    NEGATED,
    OVER,
    REFUSED,
    SPENDING,
    cost_words,
)
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.repairs import corrected
from agent.understanding.language.text import content_words, stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.quantities import spelt
from agent.understanding.resolved import Resolved
from agent.understanding.scales import Scale, read_scale
from agent.understanding.value_conditions import ValueResolver
from retrieval.filters import And, Filter

if TYPE_CHECKING:
    from agent.shop_context import ShopContext


TOLD = 0.3
"""An order is by a field that this share of the kind states, where there is one."""
_OTHER: dict[Op, Op] = {"=": "!=", "has": "lacks"}


@dataclass(frozen=True)
class Resolver:
    """Resolves phrases for one kind of product. ``kind``: the filter of what is sought, of which fields are
    told.

    Costs microseconds for numbers and names, one encoding (about 5 ms) for a phrase that only meaning
    resolves.
    """

    desk: ShopContext
    lexicon: Lexicon
    kind: Filter = field(default_factory=And)
    known: bool = False
    """Whether it is known what is sought; without that, meaning and texts would point at anything."""
    expects: str = ""
    """The field that was asked about last: a bare number answers it."""
    in_force: tuple[Where, ...] = ()
    """Numbers, and measures in titles, that are bound already: a bare number changes one, and keeps its side."""

    @cached_property
    def fields(self) -> KindFields:
        return KindFields(self.desk, self.kind)

    @cached_property
    def values(self) -> ValueResolver:
        return ValueResolver(self.fields, self.lexicon, self.known)

    @cached_property
    def amounts(self) -> AmountResolver:
        return AmountResolver(self.fields, self.values, self.expects, self.in_force)

    @cached_property
    def exclusions(self) -> ExclusionResolver:
        return ExclusionResolver(self.fields, self.values)

    def condition(self, phrase: str, *, before: str = "") -> Resolved:
        """A condition stated as one. ``before``: the few words in front of it."""
        put_right = bool(corrected(f"{before} {phrase}".strip()))
        phrase = abbreviated(corrected(phrase) or phrase)
        if IN_STOCK.search(phrase):
            return Resolved((Where(field=STOCK),))
        bare = self.amounts.plain(phrase).strip(" .,!?")
        alone = _alone(bare)
        if alone is not None and (moved := self.amounts.moved(alone, self.in_force, put_right)):
            near = Prefer(field=moved.field, aim="near", value=alone.value)
            return Resolved((moved,), (near,) if moved.op == ">=" and moved.field != PRICE else ())
        if (free := FREE_OF.search(phrase)) is not None:
            without = self.exclusions.excluded(free["what"], flag=f"{free['what']} free")
            others = [part for part in (phrase[: free.start()], phrase[free.end() :]) if content_words(part)]
            return sum((self.condition(part) for part in others), without)  # "fragrance-free and vegan"
        no = None if self.lexicon.exactly(phrase) else NEGATED.search(phrase)  # "non-stick" is a value
        if no and (self.lexicon.exactly(phrase[no.end() :]) or not any(c.isdigit() for c in bare)):
            head = self.condition(phrase[: no.start()]) if phrase[: no.start()].strip() else Resolved()
            return head + self.exclusions.excluded(phrase[no.end() :])
        plain = spread(self.amounts.plain(phrase))
        if REFUSED.search(before) and OVER.match(plain):
            plain = f"not {plain}"
        if (degrees := self.amounts.measures.temperature(plain)) is not None:
            return Resolved((degrees,))
        amounts = find_amounts(plain)
        whole = () if bare.isdigit() else self.lexicon.exactly(phrase)
        if (
            amounts
            and whole
            and not any(a.is_money or a.shape != "plain" or self._is_measured(a) for a in amounts)
        ):
            return Resolved((self.values.any_of(whole),))  # "size 38", "w34": a value as it stands
        return self._bounded(phrase, plain, amounts, before) if amounts else self.values.phrase(phrase)

    def _is_measured(self, amount: Amount) -> bool:
        """Whether the kind has a number that is measured so: then a measure is no value of another field."""
        return bool(amount.unit) and any(measured_in(own, amount.unit or "") for own in self.fields.numeric)

    def _bounded(self, phrase: str, plain: str, amounts: Sequence[Amount], before: str) -> Resolved:
        """The bounds of a phrase's amounts, and the values that the rest of it names."""
        found, rest = Resolved(), plain
        for amount in sorted(amounts, key=lambda a: -a.start):
            where = self.amounts.resolve(amount, plain, before)
            if where is None or is_corrected(where, found.where):
                continue
            if (near := middle(where, amount)) is not None:
                found = found + Resolved(prefer=(near,))
            found = found + Resolved(where)
            rest = rest[: amount.start] + " " + rest[amount.end :]
        if not found.where:
            return self.values.phrase(phrase)
        if any(w.field == PRICE for w in found.where):
            rest = SPENDING.sub(" ", rest)  # "300 ceiling"
        left = [s for s in stems(rest) if s not in FUNCTION_WORDS and len(s) > 2]
        named = {s for w in found.where for s in stems(w.field.replace("_", " "))}
        if not set(left) - named:
            return found
        others = self.values.phrase(rest, strict=True)
        # "16 GB RAM" says what is measured, no type of it
        own = tuple(w for w in others.where if not named & set(stems(w.field.replace("_", " "))))
        return found + replace(others, where=own)

    def other_measure(self, phrase: str) -> Resolved:
        """Any measure but one ("not a 17-incher"); nothing where the phrase is no measure."""
        amounts = find_amounts(spread(self.amounts.plain(phrase)))
        if not any(a.unit and a.shape == "plain" and not a.is_money for a in amounts):
            return Resolved()
        found = self.condition(phrase).where
        return Resolved(tuple(w.model_copy(update={"op": _OTHER[w.op]}) for w in found if w.op in _OTHER))

    def order(self, phrase: str, text: str = "") -> Scale | None:
        """The scale of a superlative or comparative; ``text`` around it tells what a bare "the
        least" is of.
        """
        phrase = spelt(abbreviated(phrase))
        told = tuple(f for f in self.fields.numeric if self.fields.states(f, TOLD))
        scale = read_scale(phrase, told)  # what most state tells them apart, not what few do
        if scale is None or not scale.known:
            scale = read_scale(phrase, self.fields.numeric)
        if scale is None and text:
            scale = read_scale(f"{phrase} {cost_words(text)}", self.fields.numeric)
        if scale is not None and scale.superlative and not scale.known:
            written = measure_in_titles(self.desk, self.kind, phrase, scale.field)
            return replace(scale, field=written, known=True) if written else scale
        return scale or read_scale(phrase, self.fields.numeric, self.fields.near_field)


def _alone(phrase: str) -> Amount | None:
    """The amount that a phrase says and nothing else ("160", "it's 160 I have", "$45"), without bound or measure."""
    amounts = find_amounts(phrase)
    plain = len(amounts) == 1 and amounts[0].shape == "plain" and (amounts[0].is_money or not amounts[0].unit)
    if not plain or content_words(phrase[: amounts[0].start] + phrase[amounts[0].end :]):
        return None
    return amounts[0]
