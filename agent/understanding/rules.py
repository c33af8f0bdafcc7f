"""From an utterance in its context to a typed meaning, by rules: under 5 ms, no model, nothing invented.

The order: tidy the text and its number words; find what is pointed at, the amounts and the shop's own words;
settle denial, corrections and what replaces what; last decide the act. The text that is left is the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.language import acts
from agent.language.amounts import find_amounts
from agent.language.comparatives import Critique, find_critiques
from agent.language.numbers import digits
from agent.language.text import tidy, tokenize
from agent.meaning import Act, Constraint, MemoryStatement, Preference, Understanding
from agent.memory import find_statements, size_spans
from agent.reading.answers import answered, chosen_option, taken_back
from agent.reading.bounds import BoundReader, price_constraint
from agent.reading.brand_pointing import pointed_brand
from agent.reading.buyers_questions import asked_of_kind
from agent.reading.critique import CritiqueReader
from agent.reading.facts import Facts
from agent.reading.graded import GradedReader, graded_words, sought_kinds, weigh
from agent.reading.intents import decide_act
from agent.reading.kinds import Sought, sought_thing
from agent.reading.query import Span, remaining_query
from agent.reading.referents import Pointing, find_referents
from agent.reading.soft_wishes import soft_wishes
from agent.reading.topics import resolve
from agent.reading.vocabulary import Vocabulary
from agent.reading.wishes import Wishes, WishReader, denied_phrase
from agent.state import DialogueState
from retrieval.catalog import Product
from retrieval.filters import Attribute, Price, leaves
from retrieval.text.language import language

_COUNT = re.compile(
    r"\b(?:show|give|list|find|recommend|suggest|get)(?: me)?(?: (?:the|your))?(?: (?:top|best|first"
    r"|cheapest))? (?P<count>[1-9]|one|two|three|four|five|ten)\b"
    r"(?! (?:cheapest|most)\b)(?!\s?(?:%|\$|€|£|dollars|euros|bucks|stars?|inch|liters?|litres?|people"
    r"|person|pack|piece))",
    re.IGNORECASE,
)
_SIZE_SAID = re.compile(r"\bsize (?P<size>\d{1,2}(?:[.,]5)?|x{0,3}[sl])\b", re.IGNORECASE)
_IN_SIZE = re.compile(r"\bin (?:an? )?(?P<size>\d{2}(?:[.,]5)?)\W*$", re.IGNORECASE)
_SEEKING = (Act.ASK, Act.START_OVER)
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one utterance, before it is decided what it does."""

    text: str
    pointings: tuple[Pointing, ...]
    constraints: tuple[Constraint, ...]
    preferences: tuple[Preference, ...]
    wishes: Wishes
    critiques: tuple[Critique, ...]
    memory: tuple[MemoryStatement, ...]
    spans: tuple[Span, ...]
    notices: tuple[str, ...]
    count: int | None
    told_of_critiques: tuple[str, ...] = ()
    """What is to be said of the critiques; nothing where they turn out to be a question."""
    taken_back: tuple[Constraint, ...] = ()
    """Constraints that are given up by name."""
    sought: Sought | None = None
    """The thing that is asked for, where one is named."""

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.referent.item_id for p in self.pointings if p.referent.item_id))


def understand(
    text: str, state: DialogueState, vocabulary: Vocabulary, facts: Facts | None = None
) -> Understanding:
    """What ``text`` means after ``state``. Pure: the same input gives the same answer, and nothing is
    changed."""
    facts = facts or Facts()
    plain = digits(tidy(text), vocabulary.plausible_price)
    if not plain:
        return Understanding(act=Act.HELP, text=text, query=state.query)
    chosen = chosen_option(plain, state)
    if chosen is not None:
        return answered(chosen, text, state)
    reading = _read(plain, state, vocabulary, facts)
    found = {"text": text, "language": language(text)}
    if (asked := asked_of_kind(reading, state)) is not None:
        kind_stays = any(c.filter == old.filter for c in asked[0].constraints for old in state.constraints)
        act = Act.REFINE if kind_stays else Act.ASK
        understanding = resolve(asked[0], act, "", state, facts, vocabulary.currency)
        return understanding.model_copy(update={**found, "question": asked[1]})
    act = decide_act(reading, state, vocabulary, facts)
    query, _ = remaining_query(reading, act)
    understanding = resolve(reading, act, query, state, facts, vocabulary.currency)
    thing = reading.sought.phrase if reading.sought and act in _SEEKING else ""
    return understanding.model_copy(update={**found, "sought": thing})


def _read(text: str, state: DialogueState, vocabulary: Vocabulary, facts: Facts) -> Reading:
    given_up = taken_back(text, state)
    if given_up:
        return _only_takes_back(text, given_up)
    tokens = tokenize(text)
    correction = acts.CORRECTION.search(text)
    pointings = find_referents(text, state, facts)
    branded = pointed_brand(text, state, facts, pointings)
    if branded is not None:  # the brand is meant, not the product itself
        pointings = tuple(p for p in pointings if not branded.start <= p.start < branded.end)
    pending_price = state.pending is not None and state.pending.slot == "price"
    spans: list[Span] = [(p.start, p.end) for p in (*pointings, *((branded,) if branded else ()))]
    count = None if pointings else _COUNT.search(text)
    if count:
        spans.append(count.span("count"))
    bounds = BoundReader(
        text,
        tokens,
        vocabulary,
        in_force=frozenset(leaf.name.lower() for c in state.constraints for leaf in _attributes(c)),
        expects_price=pending_price,
        corrects=correction is not None and bool(state.in_slot("price") or _has_price(text, correction)),
    )
    read = [bounds.read(a) for a in find_amounts(text) if not _inside(a.start, a.end, spans)]
    taken = [(b.start, b.end) for b in read if b.constraint is not None]
    critiques = tuple(c for c in find_critiques(text) if not _inside(c.start, c.end, taken))
    taken += [*size_spans(text), *([(branded.start, branded.end)] if branded else [])]
    words = WishReader(text, tokens, vocabulary, [*spans, *taken, *((c.start, c.end) for c in critiques)])
    sought = sought_kinds(words, state)
    graded = graded_words(text, words, [*taken, *((c.start, c.end) for c in critiques)], facts, sought)
    words.leave([(g.start, g.end) for g, _ in graded])
    wishes = words.read()
    placed: list[tuple[int, Constraint]] = [(b.start, b.constraint) for b in read if b.constraint is not None]
    placed += [(mention.start, constraint) for mention, constraint in (*wishes.wanted, *wishes.unwanted)]
    placed += [(branded.start, branded.constraint)] if branded else []
    weighed = weigh(graded, words, wishes, placed, GradedReader(vocabulary, facts, sought))
    inherited = _inherit_shape(placed, state, correction, vocabulary.currency)
    kept = _corrected(inherited, correction)
    told: list[str] = []
    soft, soft_spans = soft_wishes(text, kept, vocabulary)
    soft += [*weighed, *(preference for _, preference in wishes.wished)]
    if critiques:
        reader = _critique_reader(state, vocabulary, facts, pointings)
        for critique in critiques:
            reader.read(critique)
        kept += reader.constraints
        soft += reader.preferences
        told = reader.notices
        spans += [(c.start, c.end) for c in critiques if c not in reader.unplaced]
    memory = find_statements(text, vocabulary, lambda phrase: denied_phrase(phrase, vocabulary))
    wanted = [(m.start, m.end) for m, _ in wishes.wanted]
    spans += [*taken, *wishes.spans, *soft_spans, *(s for s in words.denials.cue_spans() if s not in wanted)]
    return Reading(
        text=text,
        pointings=pointings,
        constraints=tuple(kept),
        preferences=tuple(soft),
        wishes=wishes,
        critiques=critiques,
        memory=memory,
        spans=tuple(spans),
        notices=(*bounds.notices, *_unknown_size(text, placed, state), *(branded.notices if branded else ())),
        count=_count(count.group("count")) if count else None,
        told_of_critiques=tuple(told),
        sought=None if pointings else sought_thing(text, vocabulary.kinds),
    )


def _unknown_size(text: str, placed: list[tuple[int, Constraint]], state: DialogueState) -> tuple[str, ...]:
    """A size that no product here has cannot be held to, and that is told; where a size is in force, "in 46"
    says one."""
    sized = any(c.slot.lower() == "attribute:size" for c in state.constraints)
    match = _SIZE_SAID.search(text) or (_IN_SIZE.search(text) if sized else None)
    if match is None or any(match.start() <= place < match.end() for place, _ in placed):
        return ()
    return (f"Nothing here is marked size {match.group('size').upper()}, so I could not go by that.",)


def _attributes(constraint: Constraint) -> tuple[Attribute, ...]:
    return tuple(leaf for leaf in leaves(constraint.filter) if isinstance(leaf, Attribute))


def _only_takes_back(text: str, given_up: tuple[Constraint, ...]) -> Reading:
    return Reading(text, (), (), (), Wishes(), (), (), ((0, len(text)),), (), None, taken_back=given_up)


def _count(said: str) -> int:
    return _COUNTS.get(said.lower()) or int(said)


def _inside(start: int, end: int, spans: list[Span]) -> bool:
    return any(left < end and start < right for left, right in spans)


def _has_price(text: str, correction: re.Match[str]) -> bool:
    """Whether a price was said before the correction: "under 100, no wait, make that 50"."""
    return any(
        amount.shape != "plain" or amount.is_money for amount in find_amounts(text[: correction.start()])
    )


def _inherit_shape(
    placed: list[tuple[int, Constraint]],
    state: DialogueState,
    correction: re.Match[str] | None,
    currency: str,
) -> list[tuple[int, Constraint]]:
    """ "Make that fifty" keeps the kind of bound it corrects: over 100 becomes over 50."""
    if correction is None:
        return placed
    earlier = [c for place, c in placed if c.kind == "price" and place < correction.start()]
    old = earlier[-1] if earlier else next(iter(state.in_slot("price")), None)
    if old is None or not isinstance(old.filter, Price) or old.filter.max is not None:
        return placed
    return [(place, _as_minimum(c, currency) if place >= correction.start() else c) for place, c in placed]


def _as_minimum(constraint: Constraint, currency: str) -> Constraint:
    """A bare amount, read as "at most", as the "at least" that it corrects."""
    condition = constraint.filter
    if not isinstance(condition, Price) or not constraint.label.startswith("at most"):
        return constraint
    return price_constraint(condition.max, None, currency)


def _corrected(placed: list[tuple[int, Constraint]], correction: re.Match[str] | None) -> list[Constraint]:
    """Without what a later word in the same slot takes back: "red, no wait, blue" is blue."""
    if correction is None:
        return [constraint for _, constraint in placed]
    after = {c.slot for place, c in placed if place >= correction.start() and not c.negative}
    return [c for place, c in placed if place >= correction.start() or c.slot not in after or c.negative]


def _critique_reader(
    state: DialogueState, vocabulary: Vocabulary, facts: Facts, pointings: tuple[Pointing, ...]
) -> CritiqueReader:
    """Critiques refer to what is pointed at; without it to the focus, then to all that is on the screen."""
    ids = [p.referent.item_id for p in pointings if p.referent.item_id]
    pointed = bool(ids) or state.focus in state.last_shown()
    if not ids and pointed and state.focus:
        ids = [state.focus]
    found = [product for item_id in ids or state.last_shown() if (product := facts.product(item_id))]
    references: list[Product] = found
    return CritiqueReader(vocabulary, references, facts, state.filter(), pointed=pointed)
