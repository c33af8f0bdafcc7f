"""What an utterance states once it is known what is looked for: by whom it is for, outright, and asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.conditions import ANYWHERE, CHILDREN, KIND, Prefer, Where
from agent.dialogue import Topic
from agent.tools.schema import Field
from agent.understanding.conditions import Resolver
from agent.understanding.interpretation import SEEKING, SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.absence import ruled_out, substance_of
from agent.understanding.language.condition_cues import FOR_SO_MANY
from agent.understanding.language.follow_up_cues import FOR_MYSELF, OF_USE
from agent.understanding.language.forbidden import leads, told_afterwards
from agent.understanding.language.text import content_words, stems
from agent.understanding.outright import outright
from agent.understanding.people import Person, is_grown, person_in, read_person
from agent.understanding.person_conditions import MARKED, is_made_for
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved, values_of
from agent.understanding.scales import Scale
from agent.understanding.things import Sought
from agent.understanding.utterance import (
    Utterance,
    search_words,
)


def person_of(said: Utterance) -> Person | None:
    """Whom it is for, by what the reader marked, else by the words."""
    if FOR_MYSELF.search(said.text):
        return Person("", None, is_self=True)
    recipients = ", ".join(span.text for span in said.marked(SpanLabel.RECIPIENT))
    marked = read_person(recipients) if recipients else None
    found = marked if marked is not None and (marked.group or marked.age) else person_in(said.text) or marked
    return None if found is None else replace(found, grown=is_grown(found, said.text))


def without_forbidden(said: Utterance) -> Utterance:
    """The utterance with what somebody must do without as refused, where the reader took it for what is sought: "the
    midwife says stop the retinol".
    """
    if not (leads(said.text) or told_afterwards(said.text)):
        return said
    gone = set(ruled_out(said.text))
    spans = (
        replace(span, label=SpanLabel.EXCLUDED)
        if span.label == SpanLabel.THING and substance_of(" ".join(content_words(span.text))) in gone
        else span
        for span in said.spans
    )
    return replace(said, spans=tuple(spans))


def is_refused(wish: Prefer, where: Sequence[Where]) -> bool:
    """Whether a wish is for what must not be."""
    said = {s for text in _texts(wish.value) for s in stems(text)}
    return any(w.is_negative and said & {s for text in values_of(w) for s in stems(text)} for w in where)


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def without_taken_back(where: Sequence[Where]) -> tuple[Where, ...]:
    """Without what a correction only takes back: "orange I meant, not blue" may come in blue as well."""
    meant = {w.field for w in where if not w.is_negative}
    return tuple(w for w in where if not (w.is_negative and w.field in meant))


def same_person(topic: Topic, resolver: Resolver) -> tuple[Where, ...]:
    """Whom the talk has been for, where most of what is now sought is marked so: who needs a jacket for his wife
    and then asks for shorts still means her.
    """
    fields = resolver.fields
    return tuple(
        where
        for where in topic.where
        if where.field == CHILDREN
        or (
            where.op in ("=", "in")
            and isinstance(own := fields.schema.field(where.field), Field)
            and is_made_for(own)
            and fields.states(own, MARKED)
        )
    )


def is_afresh(said: Utterance, sought: Sought, found: Resolved, resolver: Resolver) -> bool:
    """Whether only values are asked for, which products of the kind can't have."""
    if sought.kinds or sought.named.where or said.marked(SpanLabel.THING):
        return False
    asked = [w for w in found.where if not w.is_negative]
    return bool(asked) and all(resolver.values.is_foreign(w) for w in found.where)


def with_outright(found: Resolved, said: Utterance, move: str, resolver: Resolver) -> Resolved:
    """With what the text denies or states outright, whatever the reader marked."""
    found = resolver.exclusions.denied(said.text, found)
    if move in SEEKING or OF_USE.search(said.text):
        found = found + outright(said.text, found, resolver, said.spans)
        if (so_many := FOR_SO_MANY.search(said.text)) and resolver.amounts.for_so_many(said.text).where:
            count = Where(
                field=ANYWHERE, op="has", value=so_many["count"].lower()
            )  # "for two" is told by the persons
            found = replace(found, where=tuple(where for where in found.where if where != count))
    return resolver.exclusions.without(said.text, found)


def asked_conditions(said: Utterance, resolver: Resolver) -> Resolved:
    """What a refinement asks about: "cast iron?" asks to be shown it."""
    found = Resolved()
    for span in said.marked(SpanLabel.ASKED):
        found = found + resolver.condition(span.text)
    return found


def is_in(span: Span, things: Sequence[Span]) -> bool:
    return any(thing.start <= span.start and span.end <= thing.end for thing in things)


def is_the_kind(wish: Prefer, kinds: Sequence[str]) -> bool:
    """Whether a wish for a value only says what kind is sought ("mouse" in a field of adapters)."""
    said = set(stems(str(wish.value))) if wish.aim == "has" and isinstance(wish.value, str) else set()
    return bool(said) and any(said == set(stems(kind.split(">")[-1])) for kind in kinds)


def refuses_the_kind(where: Where, kinds: Sequence[str]) -> bool:
    """Whether a value would be refused that is the kind itself: "not a tablet, an actual phone"."""
    own = {stems(kind.split(">")[-1]) for kind in kinds}
    return where.is_negative and where.field != KIND and all(stems(text) in own for text in where.texts)


_HEALTH = re.compile(
    r"\b(?:pregnan\w*|expecting|breast-?feed\w*|nursing|diabet\w*|asthma\w*|epilep\w*|migraine\w*|pacemaker)\b",
    re.I,
)
"""States of health that a product's text may speak of."""


def query_of(said: Utterance, sought: Sought, found: Resolved, move: str, scale: Scale | None) -> str:
    """What is searched by: all that is said where a wish is told beside a thing, or a need without one, as each word
    may point at what serves; else what neither the thing nor the conditions say.
    """
    known = sought.things and (sought.kinds or sought.named.where)
    words = search_words(said.without((*sought.things, *sought.values)), found)
    told = words or _HEALTH.search(said.text) or not (known or sought.confidence >= SURE)
    return said.text if move == "seek" and scale is None and told else words
