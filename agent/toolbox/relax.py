"""When nothing fits: which wish is in the way, and the smallest way round it with what it would give.

Nothing is relaxed by itself. An offer says what changes and what that gives; the shopper decides.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from agent.meaning import Constraint
from agent.reading.bounds import amount_label
from agent.reading.facts import Facts
from agent.reading.unlisted import PROPERTY
from agent.records import Chip, Frozen
from agent.state import DialogueState
from retrieval.filters import And, Attribute, Filter, Price

MOST_OFFERS = 3
_FARTHEST = 4.0
"""A measure is not stretched beyond this many times its value: then the wish itself is in the way."""
_ANY_PRICE = 1000.0
"""What the cheapest costs is worth telling, however far it is."""
_STEPS = 20
_PATIENCE = {
    "price": 0,
    "words": 1,
    "tag": 1,
    "attribute": 2,
    "stars": 2,
    "stock": 2,
    "brand": 3,
    "category": 4,
}


class Relaxation(Frozen):
    """One way out: ``text`` tells it, ``chip`` does it, ``count`` products would fit then."""

    constraint_id: str
    text: str
    chip: Chip
    count: int


def relaxations(
    state: DialogueState, facts: Facts, condition: Filter | None = None, currency: str = "USD"
) -> tuple[Relaxation, ...]:
    """The smallest relaxations of what is in force, most promising first; empty when none helps.

    ``condition``: all that must hold this turn, where it is more than the state's own (memories, say).
    Costs about 15 counts a constraint.
    """
    if facts.count is None:
        return ()
    finder = _Finder(state, facts.count, _beyond(state, condition), currency)
    single = [offer for c in state.constraints if c.strict and (offer := finder.offer(c)) is not None]
    single.sort(key=lambda pair: pair[0])
    if single:
        return tuple(offer for _, offer in single[:MOST_OFFERS])
    return finder.pair()


def _beyond(state: DialogueState, condition: Filter | None) -> tuple[Filter, ...]:
    """The parts of ``condition`` that are no constraint of the state: rejections, memories. They stay."""
    own = {id(c.filter) for c in state.constraints}
    every = state.filter()
    parts = list(every.parts) if isinstance(every, And) else [every]
    if isinstance(condition, And):
        parts += [part for part in condition.parts if part != every]
    return tuple(part for part in parts if id(part) not in own)


@dataclass(frozen=True, slots=True)
class _Looser:
    """A bound moved ``far`` (as a share), what it gives, how it is told and what to say for it."""

    far: float
    count: int
    told: str
    words: str


class _Finder:
    def __init__(
        self, state: DialogueState, count: Callable[[Filter], int], fixed: tuple[Filter, ...], currency: str
    ) -> None:
        self._strict = [c for c in state.constraints if c.strict]
        self._count = count
        self._fixed = fixed
        self._currency = currency

    def offer(self, constraint: Constraint) -> tuple[tuple[int, float], Relaxation] | None:
        """How to loosen one constraint, with its rank; None when the others leave nothing either way."""
        rest = self._without(constraint)
        free = self._count(rest)
        if not free:
            return None
        patience = _PATIENCE["category" if self._says_what(constraint) else constraint.kind]
        looser = self._loosened(constraint, rest)
        if looser is not None:
            text = f"Nothing {constraint.label}; {looser.told} there {_are(looser.count)}."
            return (patience, looser.far), _offer(constraint, text, looser.words, looser.words, looser.count)
        text = f"“{constraint.label}” is in the way: without it there {_are(free)}."
        label, words = f"without “{constraint.label}”", f"forget about {constraint.label}"
        return (patience + 5, 0.0), _offer(constraint, text, label, words, free)

    def _says_what(self, constraint: Constraint) -> bool:
        """Whether a tag stands for the kind of product: shops without categories file boots under "boots"."""
        kinds = any(c.kind == "category" and not c.negative for c in self._strict)
        return constraint.kind == "tag" and not kinds and not PROPERTY.fullmatch(constraint.label)

    def pair(self) -> tuple[Relaxation, ...]:
        """Two constraints that only together keep everything out."""
        for first, second in itertools.combinations(self._strict[:8], 2):
            rest = self._without(first, second)
            count = self._count(rest)
            if count:
                both = f"“{first.label}” and “{second.label}”"
                text = f"{both} are both in the way: without them there {_are(count)}."
                words = f"forget about {first.label} and {second.label}"
                return (_offer(first, text, f"without {both}", words, count),)
        return ()

    def _without(self, *gone: Constraint) -> Filter:
        return And((*(c.filter for c in self._strict if c not in gone), *self._fixed))

    def _loosened(self, constraint: Constraint, rest: Filter) -> _Looser | None:
        """The nearest bound that lets something in."""
        condition = constraint.filter
        if isinstance(condition, Price):
            return self._looser_price(condition, rest)
        if isinstance(condition, Attribute) and not condition.values:
            return self._looser_number(condition, rest)
        return None

    def _looser_price(self, price: Price, rest: Filter) -> _Looser | None:
        for up in (True, False):
            bound = price.max if up else price.min
            if bound is None:
                continue
            moved = partial(_moved_price, price, up)
            edge = self._nearest(rest, moved, bound, up, farthest=_ANY_PRICE)
            if edge is None:
                continue
            value = float(math.ceil(edge) if up else math.floor(edge))
            count = self._count(And((rest, moved(value))))
            said = amount_label(value, self._currency)
            words = f"{'up to' if up else 'at least'} {said}"
            return _Looser(abs(value / bound - 1), count, f"{'at' if up else 'from'} {said}", words)
        return None

    def _looser_number(self, number: Attribute, rest: Filter) -> _Looser | None:
        for up in (True, False):
            bound = number.max if up else number.min
            if bound is None or bound <= 0:
                continue
            moved = partial(_moved_number, number, up)
            edge = self._nearest(rest, moved, bound, up)
            if edge is None:
                continue
            value = round(edge + (0.05 if up else -0.05), 1)
            count = self._count(And((rest, moved(value))))
            words = f"{number.name.replace('_', ' ')} {'at most' if up else 'at least'} {value:g}"
            return _Looser(abs(value / bound - 1), count, f"with {words}", words)
        return None

    def _nearest(
        self,
        rest: Filter,
        within: Callable[[float], Filter],
        bound: float,
        up: bool,
        farthest: float = _FARTHEST,
    ) -> float | None:
        """The bound closest to the old one that lets in a product, to about 0.1%, by bisection on counts."""
        far = bound * farthest if up else bound / farthest
        if not self._count(And((rest, within(far)))):
            return None
        near = bound
        for _ in range(_STEPS):
            middle = (near + far) / 2
            if self._count(And((rest, within(middle)))):
                far = middle
            else:
                near = middle
        return far


def _moved_price(price: Price, up: bool, value: float) -> Price:
    return Price(min=price.min if up else value, max=value if up else price.max)


def _moved_number(number: Attribute, up: bool, value: float) -> Attribute:
    return Attribute(number.name, min=number.min if up else value, max=value if up else number.max)


def _offer(constraint: Constraint, text: str, label: str, utterance: str, count: int) -> Relaxation:
    own = constraint.constraint_id
    chip = Chip(label=label, kind="relaxation", utterance=utterance, constraint_id=own, count=count)
    return Relaxation(constraint_id=own, text=text, chip=chip, count=count)


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
