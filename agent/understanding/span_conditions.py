"""From marked spans to what they ask for: conditions, exclusions, wishes, and what a thing's own words add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.conditions import ANYWHERE, BRAND, Prefer
from agent.understanding.conditions import Resolver
from agent.understanding.labels import SpanLabel
from agent.understanding.language.absence import is_substance
from agent.understanding.language.follow_up_cues import REFUSING, WANTED_AFTER, WANTED_BEFORE
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.measured_of import extent_of, measured_of
from agent.understanding.language.negation import Denials, Polarity
from agent.understanding.language.numbers import ORDINAL_WORDS
from agent.understanding.language.request_cues import LIST_JOINT, ONLY, PRONOUN, VAGUE_HEADS
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Match
from agent.understanding.outright import bounded
from agent.understanding.people import read_person
from agent.understanding.person_conditions import person_conditions
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.things import Sought
from agent.understanding.utterance import Utterance, is_vague, outside, without

_IN = re.compile(r"\bin\s+(?:an?\s+)?(.+)$", re.I)
_BY = re.compile(r"(?:made )?(?:from|by) (.+)", re.I)
"""Who makes it, however softly that is said."""
_VAGUE_HEAD = re.compile(
    rf"^(?:{'|'.join(sorted(VAGUE_HEADS))})\b(?: (?:that|which|with|for|to|of)\b)?\s*", re.I
)
_BARE_NUMBER = re.compile(r"\W*\d[\d.,]*\W*")
"""Of this even the thing may be the name: "a screen 27"; a "merino sweater under 85" is no share of wool."""
_NOTHING = re.compile(r"\b(?:nothing|none|not|no)\s+$", re.I)
_PLACES = frozenset(ORDINAL_WORDS)
_CLAUSE = re.compile(r"[.,;:!?]|\b(?:that|which|who|but|and|so)\b", re.I)
SURELY = 0.5
"""Below this, nothing is refused without a word that denies it, and nothing is said to be missing."""


def stated_in_spans(
    said: Utterance,
    conditions: Sequence[tuple[Span, Polarity]],
    sought: Sought,
    subject: str,
    resolver: Resolver,
) -> Resolved:
    """What the marked words ask for, and the amounts outside of them. ``subject``: what the question before
    was about.
    """
    found = _qualifiers(sought.things, sought.kinds, resolver)
    found = found + _conditions(conditions, said.text, sought.things, subject, resolver)
    found = found + _exclusions(said, resolver) + _wishes(said, sought, resolver) + _worn(said, resolver)
    return found + resolver.amounts.stated(outside(said.text, said.spans))


def _conditions(
    spans: Sequence[tuple[Span, Polarity]],
    text: str,
    things: Sequence[Span],
    subject: str,
    resolver: Resolver,
) -> Resolved:
    """What condition spans come to. ``things``: those that a bare number may count."""
    found = Resolved()
    for span, polarity in spans:
        if _counts(span, things, text) or _of_another(span, things, text, resolver):
            continue
        if polarity == "indifferent" and not resolver.amounts.is_stated(span.text):
            continue
        if polarity == "unwanted" and not resolver.amounts.is_stated(span.text):
            found = found + resolver.exclusions.excluded(_bare(span.text))
            continue
        plain = text if _BARE_NUMBER.fullmatch(span.text) else without(text, things)
        before = f"{subject} {plain[max(0, span.start - 24) : span.start]}"
        phrase = subject if subject and PRONOUN.fullmatch(span.text) else bounded(text, span)
        if phrase == span.text and _NOTHING.search(text[: span.start]) and resolver.amounts.is_stated(phrase):
            phrase = f"not {phrase}"  # "nothing under 85"
        meant = _told_of(without(text, things), span, phrase, before, resolver)
        found = found + _as_sure(meant, span)
    return found


def _told_of(text: str, span: Span, phrase: str, before: str, resolver: Resolver) -> Resolved:
    """What a phrase comes to: a product is to fit into the place that is measured, and has not the measures of the body
    that it is for.
    """
    whose = measured_of(text, span.start, span.end)
    if not whose or not resolver.amounts.measures_something(phrase):
        return resolver.condition(phrase, before=before)
    extent = extent_of(text, span.start, span.end) if whose == "place" else ""
    found = resolver.condition(phrase if extent in phrase else f"{phrase} {extent}", before=before)
    where = (
        w.model_copy(update={"op": "<="}) if w.op == "=" and extent else w
        for w in found.where
        if extent or w.op != "=" or not isinstance(w.value, float)
    )
    return replace(found, where=tuple(where), unmet=())


def _as_sure(found: Resolved, span: Span) -> Resolved:
    """What a span comes to, without telling that nobody has it where the words may be no condition at all: nobody
    wonders that no product says "going".
    """
    return found if span.confidence >= SURELY else replace(found, unmet=())


def _exclusions(said: Utterance, resolver: Resolver) -> Resolved:
    """What the spans of what is not wanted come to."""
    found = Resolved()
    denials, told = Denials(said.text), set[str]()
    names = [match for match in resolver.lexicon.find(said.text) if not match.corrected]
    for span in (_whole(one, names, said.text) for one in said.marked(SpanLabel.EXCLUDED)):
        doubtful = denials.of(span.start, span.end) == "wanted" and (
            span.confidence < SURELY or _is_wanted(said.text, span)
        )
        if doubtful or ONLY.search(said.text[: span.start]):
            found = found + replace(resolver.condition(span.text), unmet=())
        elif resolver.amounts.is_stated(span.text):  # "nothing over fifty" is a bound, not a thing
            found = found + resolver.condition(f"not {span.text}")
        else:
            for part in LIST_JOINT.split(span.text):
                if set(stems(part)) - FUNCTION_WORDS <= _PLACES:
                    continue  # "the first one" is a place on the screen, and no quality
                if part.lower() not in told:  # what is said fifty times is looked up once
                    told.add(part.lower())
                    other = resolver.other_measure(part)
                    found = found + (other if other.where else _excluded(part, said.text, span, resolver))
    return found


def _whole(span: Span, names: Sequence[Match], text: str) -> Span:
    """The span as the whole of the name that the reader cut it from: "Hearts" of "Only Hearts"."""
    for name in names:
        if name.start <= span.start and span.end <= name.end:
            return replace(span, start=name.start, end=name.end, text=text[name.start : name.end])
    return span


def _excluded(part: str, text: str, span: Span, resolver: Resolver) -> Resolved:
    """What must not be; where only words of texts would be ruled out, the quality that their clause means instead: "that
    has nothing to peel off" is uncoated.
    """
    found = resolver.exclusions.excluded(part)
    if found.prefer or any(w.field != ANYWHERE or any(map(is_substance, w.texts)) for w in found.where):
        return found
    start = max((cut.end() for cut in _CLAUSE.finditer(text, 0, span.start)), default=0)
    end = next((cut.start() for cut in _CLAUSE.finditer(text, span.end)), len(text))
    meant = resolver.values.quality(text[start:end].strip())
    return meant if meant.prefer else found


def _is_wanted(text: str, span: Span) -> bool:
    """Whether words around what the reader took for refused want it, and none refuses ("sleeves please")."""
    told = WANTED_BEFORE.search(text[: span.start]) or WANTED_AFTER.search(text[span.end :])
    return told is not None and not REFUSING.search(text[: span.start])


def _wishes(said: Utterance, sought: Sought, resolver: Resolver) -> Resolved:
    """What wishes come to, and what a thing is to be that is only called a sort: "the kind that goes in the ear"."""
    found = Resolved()
    for span in said.marked(SpanLabel.WISH):
        by = _BY.fullmatch(span.text)
        brands = [m for m in resolver.lexicon.exactly(by[1]) if m.where.field == BRAND] if by else []
        found = found + (Resolved((brands[0].where,)) if brands else resolver.values.wish(span.text))
    for span in said.marked(SpanLabel.THING):
        if (wanted := _VAGUE_HEAD.sub("", span.text)) != span.text:
            values = resolver.values
            meant = values.quality(wanted) if span in sought.things else values.wish(wanted)
            found = found + replace(meant, words="")
        elif span not in sought.things and is_vague(span.text):
            found = found + _valued(span.text, resolver)  # "a velvet thing"
    return found


def _valued(phrase: str, resolver: Resolver) -> Resolved:
    """The values of the shop that a phrase names outright."""
    meant = (resolver.values.of_kind(m.meanings) for m in resolver.lexicon.find(phrase) if not m.corrected)
    return Resolved(tuple(resolver.values.any_of(meanings) for meanings in meant if meanings))


def _worn(said: Utterance, resolver: Resolver) -> Resolved:
    """Values that the reader took for part of whom it is for: "for my husband in orange"."""
    found = Resolved()
    for span in said.marked(SpanLabel.RECIPIENT):
        worn = _IN.search(span.text)
        found = found + (_valued(worn[1], resolver) if worn else Resolved())
    return found


def _qualifiers(things: Sequence[Span], kinds: Sequence[str], resolver: Resolver) -> Resolved:
    """What a thing's own words condition beside its kind: "waterproof head torch", "men's jeans"."""
    if not kinds:
        return Resolved()
    named = {s for kind in kinds for part in kind.split(">") for s in stems(part)}
    found = Resolved()
    for span in things:
        found = found + _describing(span.text, named, resolver)
        for match in resolver.lexicon.find(span.text):
            inside = span.text[match.start : match.end]
            if set(stems(inside)) <= named:
                continue
            brand = [
                m for m in match.meanings if m.where.field == BRAND
            ]  # that none of the kind is by is told
            meanings = resolver.values.of_kind(match.meanings) or brand
            if meanings and not match.corrected:
                found = found + Resolved((resolver.values.any_of(meanings),))
        person = read_person(span.text)
        if person.group:
            found = found + person_conditions(person, resolver.fields)
    return found


def _describing(phrase: str, named: set[str], resolver: Resolver) -> Resolved:
    """Words beside the kind's own that mean one of its values: "city helmets" are urban."""
    known = {s for match in resolver.lexicon.find(phrase) for s in stems(phrase[match.start : match.end])}
    left = [
        w for w in phrase.split() if not set(stems(w)) & (named | known) and w.lower() not in FUNCTION_WORDS
    ]
    near = resolver.values.near(" ".join(left)) if left else None
    return Resolved(prefer=(Prefer(field=near.where.field, value=near.where.value),)) if near else Resolved()


def _of_another(span: Span, things: Sequence[Span], text: str, resolver: Resolver) -> bool:
    """Whether a measure stands before a kind that is not what is sought: "something for a 14 inch laptop"."""
    following = re.match(r"[\s-]+([a-z]+)", text[span.end :], re.I)
    if following is None or not things or not re.search(r"\d", span.text):
        return False
    at = span.end + following.start(1)
    if any(thing.start <= at < thing.end for thing in things):
        return False
    kind = resolver.desk.shop.search.kinds.resolve(following[1])
    sought = {s for thing in things for s in stems(thing.text)}
    return kind is not None and kind.exact and not set(stems(following[1])) <= sought


def _bare(phrase: str) -> str:
    """A denied span without the words that deny it."""
    return re.sub(
        r"^(?:anything|everything|nothing|any|all|but|not|no|except|without|other than|from|by|in)\b\s*",
        "",
        phrase,
        flags=re.I,
    )


def _counts(span: Span, things: Sequence[Span], text: str) -> bool:
    """ "Three blenders": a bare number before the thing says how many to show."""
    bare = re.fullmatch(r"\W*(?:\d{1,2}|two|three|four|five|six|ten)\W*", span.text, re.I)
    return bool(bare) and any(
        not text[span.end : thing.start].strip() for thing in things if thing.start >= span.end
    )
