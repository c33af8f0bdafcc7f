"""What a graded adjective means in this shop: more or less of a number, of what buyers say, or a word."""

from __future__ import annotations

from collections.abc import Sequence

from agent.language.directions import direction_on, measures
from agent.language.graded import GRADED_WORDS, Graded, find_graded
from agent.language.text import stems
from agent.language.units import NAMES
from agent.meaning import Constraint, Preference
from agent.reading.bounds import measure_constraint
from agent.reading.facts import Facts
from agent.reading.query import Span
from agent.reading.terms import Mention, NumericFacts, Term
from agent.reading.vocabulary import Vocabulary
from agent.reading.wishes import Wishes, WishReader
from agent.state import DialogueState
from retrieval.filters import And, Attribute, Filter, Or, Words

_WEIGHT = 2.0
_BETTER_HALF = 0.5
"""Said strictly, a graded word asks for the better half of what is sought, by the shop's own number."""
_OPINIONS = {
    "noise": ("silent", "quiet", "sound"),
    "weight": ("portability",),
    "comfort": ("fit",),
    "durability": ("quality", "build"),
    "strength": ("durability", "quality"),
    "softness": ("comfort", "feel"),
    "brightness": ("beam", "light"),
    "warmth": ("heat",),
}
"""Names that buyers' opinions on a topic may go by."""


class GradedReader:
    """Turns graded words into preferences, and strict ones into constraints, within what is sought."""

    def __init__(self, vocabulary: Vocabulary, facts: Facts, sought: Sequence[Filter]) -> None:
        self._vocabulary = vocabulary
        self._facts = facts
        self._sought = And(tuple(sought))

    def wish(self, graded: Graded, direction: int, terms: Sequence[Term]) -> list[Preference]:
        """``direction``: 1 as said, -1 denied. ``terms``: what the shop calls by this very word."""
        label = graded.word if direction > 0 else f"not {graded.word}"
        found: list[Preference] = []
        numeric = self._numeric(graded)
        if numeric is not None:
            goes = self._goes(graded, numeric)
            found.append(_preference("attribute", numeric.name, label, float(goes * direction)))
        aspect = self._aspect(graded) if direction > 0 else None
        if aspect is not None:
            said = label if not found else f"{label}, buyers say"
            found.append(_preference("aspect", aspect, said, 1.0))
        condition = self._condition(graded, terms)
        if not found or (terms and numeric is None):
            wished = _preference("condition", graded.word, label, float(direction))
            found.append(wished.model_copy(update={"filter": condition}))
        return found

    def demand(self, graded: Graded, terms: Sequence[Term]) -> Constraint:
        """The better half by number where the shop has one, else what is called so or says so."""
        terms = [term for term in terms if self._count(term.filter())]
        numeric = None if terms else self._numeric(graded)
        middle = self._middle(numeric, self._goes(graded, numeric)) if numeric is not None else None
        if numeric is not None and middle is not None:
            up = self._goes(graded, numeric) > 0
            low, high = (middle, None) if up else (None, middle)
            constraint = measure_constraint(numeric, low, high)
            return constraint.model_copy(update={"label": f"{graded.word} ({constraint.label})"})
        return Constraint(
            constraint_id="",
            kind="words",
            slot=f"words:{graded.word}",
            label=graded.word,
            filter=self._condition(graded, terms),
            words=graded.word,
        )

    def _condition(self, graded: Graded, terms: Sequence[Term]) -> Filter:
        called = tuple(term.filter() for term in terms)
        return Or((*called, Words(graded.word)))

    def _numeric(self, graded: Graded) -> NumericFacts | None:
        """The number that most of what is sought has, among those of the first topic that any has."""
        for topic in graded.topics:
            named = [f for f in self._vocabulary.numeric.values() if _is_about(f, topic, graded)]
            counted = [(self._count(Attribute(f.name, min=f.values[0])), f) for f in named]
            best = max(counted, key=lambda pair: pair[0], default=(0, None))
            if best[0]:
                return best[1]
        return None

    def _goes(self, graded: Graded, numeric: NumericFacts) -> int:
        return direction_on(numeric.name, graded.topics, graded.direction) or graded.direction

    def _middle(self, numeric: NumericFacts, direction: int) -> float | None:
        """The value that half of what is sought reaches, by bisection over the values there are."""
        values = sorted(set(numeric.values))
        total = self._count(Attribute(numeric.name, min=values[0]))
        if self._facts.count is None or not total:
            return None
        low, high = 0, len(values) - 1
        while low < high:
            at = (low + high) // 2
            if self._count(Attribute(numeric.name, max=values[at])) >= total * _BETTER_HALF:
                high = at
            else:
                low = at + 1
        return values[low]

    def _count(self, condition: Filter) -> int:
        if self._facts.count is None:
            return 1
        return self._facts.count(And((self._sought, condition)))

    def _aspect(self, graded: Graded) -> str | None:
        names = [name for topic in graded.topics[:2] for name in (topic, *_OPINIONS.get(topic, ()))]
        for name in names:
            for term in self._vocabulary.meanings(name):
                if term.kind == "aspect":
                    return term.value
        return None


def called_so(graded: Graded, mentions: Sequence[Mention]) -> tuple[Term, ...] | None:
    """The shop's meanings of the very word as a value or tag; None where the shop's words say something else
    there ("long sleeve", size "small")."""
    for mention in mentions:
        if mention.start < graded.end and graded.start < mention.end:
            if stems(mention.phrase) != stems(graded.word):
                return None
            return tuple(term for term in mention.terms if term.kind in ("attribute", "tag"))
    return ()


def _is_about(facts: NumericFacts, topic: str, graded: Graded) -> bool:
    about = measures(facts.name, topic) or (facts.unit is not None and NAMES.get(topic) == facts.unit)
    return about and direction_on(facts.name, graded.topics, graded.direction) is not None


def _preference(kind: str, key: str, label: str, direction: float) -> Preference:
    return Preference.model_validate(
        {
            "preference_id": "",
            "kind": kind,
            "key": key,
            "label": label,
            "direction": direction,
            "weight": _WEIGHT,
        }
    )


def graded_words(
    text: str, words: WishReader, blocked: list[Span], facts: Facts, sought: list[Filter]
) -> list[tuple[Graded, tuple[Term, ...]]]:
    """The graded words, each with what the shop calls so; those that the shop means otherwise are left."""
    found = []
    for graded in find_graded(text):
        terms = called_so(graded, words.mentions)
        if terms is None or any(left < graded.end and graded.start < right for left, right in blocked):
            continue
        values = words.named_values(graded.start)
        if values is None or (values and not facts.some(And((*sought, Or(values))))):
            found.append((graded, terms))
    return found


def sought_kinds(words: WishReader, state: DialogueState) -> list[Filter]:
    """The kinds of product that are asked for, now or before."""
    said = tuple(
        term.filter()
        for mention in words.mentions
        for term in mention.terms
        if term.kind == "category" and term.certain and mention.phrase not in GRADED_WORDS
    )
    if said:
        return [Or(said)]
    return [c.filter for c in state.constraints if c.kind == "category" and not c.negative]


def weigh(
    graded: list[tuple[Graded, tuple[Term, ...]]],
    words: WishReader,
    wishes: Wishes,
    placed: list[tuple[int, Constraint]],
    reader: GradedReader,
) -> list[Preference]:
    """Preferences for what is graded; what is demanded strictly joins the constraints in ``placed``."""
    soft: list[Preference] = []
    for one, terms in graded:
        polarity = words.denials.of(one.start, one.end)
        wishes.spans.append((one.start, max(one.end, one.allowed_to)))
        if polarity == "indifferent" or one.allowed:
            wishes.dropped_words.append(one.word)
        elif one.strict and polarity == "wanted":
            placed.append((one.start, reader.demand(one, terms)))
        else:
            soft += reader.wish(one, -1 if polarity == "unwanted" else 1, terms)
    return soft
