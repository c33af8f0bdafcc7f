"""An utterance with the spans that the reader marked, and what its words tell beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.understanding.labels import SpanLabel
from agent.understanding.language.amounts import Amount, find_amounts
from agent.understanding.language.follow_up_cues import EITHER, MATTERS, STILL
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.gift_cues import GIFT, GIVERS
from agent.understanding.language.negation import Denials, Polarity, polarities
from agent.understanding.language.repairs import CUE, TELLING, repaired
from agent.understanding.language.request_cues import (
    AMONG,
    COUNTED_OUT,
    FEW_PIECES,
    HOW_MANY,
    IN_ALL,
    INDIFFERENT,
    OF_ALL,
    OF_MINE,
    QUANTITIES,
    QUANTITY,
    SINGLE,
    TIMES,
    VAGUE_HEADS,
)
from agent.understanding.language.text import stems
from agent.understanding.language.units import dimension
from agent.understanding.named_products import Pointed
from agent.understanding.people import Person, ages_told
from agent.understanding.quantities import spelt
from agent.understanding.reader import Read, Span
from agent.understanding.resolved import Resolved
from retrieval.text.word_set import word_set

_CLAUSE = re.compile(
    r"(?<=\w)\s+(?:i|you|we|they|he|she|that|which|who)\s+[a-z].*", re.IGNORECASE | re.DOTALL
)
_NEAR = 4
"""Characters between words and what takes their place: "the", at most."""
SPAN = 0.3
"""A span that the reader believes in less is only words."""


@dataclass(frozen=True)
class Utterance:
    """A text with the spans that the reader believes in."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, read: Read) -> Utterance:
        """Without what is taken back within the utterance, which is blank in its text; with ages told of people."""
        text = GIVERS.sub(lambda match: " " * len(match[0]), repaired(text))
        spans = (replace(s, text=text[s.start : s.end].strip()) for s in read.spans if s.confidence >= SPAN)
        return _with_ages(cls(text, _kept(text, [span for span in spans if _says_something(span)])))

    def marked(self, label: SpanLabel) -> list[Span]:
        return [span for span in self.spans if span.label == label]

    def without(self, spans: Sequence[Span]) -> list[Span]:
        return [span for span in self.spans if span not in spans]

    def words_of(self, label: SpanLabel) -> str:
        """The words of all spans of a label."""
        return " ".join(span.text for span in self.marked(label))

    def first(self, label: SpanLabel) -> str:
        """The words of the first span of a label; empty where there is none."""
        return next((span.text for span in self.marked(label)), "")


def _says_something(span: Span) -> bool:
    """Whether a span has words; what is refused has more than those that refuse it ("not for her")."""
    words = span.text.lower().split()
    return bool(words) and (span.label != SpanLabel.EXCLUDED or not FUNCTION_WORDS.issuperset(words))


def _kept(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans but for those that another of their kind takes the place of ("black, I mean navy")."""
    if not TELLING.search(text):
        return tuple(spans)
    gone = [
        old
        for cue in CUE.finditer(text)
        for old in spans
        if 0 <= cue.start() - old.end <= _NEAR
        for new in spans
        if new.label == old.label and 0 <= new.start - cue.end() <= _NEAR
    ]
    return tuple(span for span in spans if span not in gone)


def _with_ages(said: Utterance) -> Utterance:
    """With the age of whoever it is for marked as told of them, whatever the reader took the number for."""
    spans = list(said.spans)
    for start, end in ages_told(said.text):
        spans = [s for s in spans if not (start <= s.start and s.end <= end)]
        before = [s.end for s in spans if s.label == SpanLabel.RECIPIENT and s.start < start < s.end]
        start = max((start, *before))
        spans.append(Span(SpanLabel.RECIPIENT, start, end, said.text[start:end].strip(), 1.0))
    return replace(said, spans=tuple(sorted(spans, key=lambda span: span.start)))


def with_whole_names(said: Utterance) -> Utterance:
    """With things that the reader marked in parts made whole: "windproof", "lantern"; "soprano", (uke,) "strings"."""
    spans = list(said.spans)
    things = said.marked(SpanLabel.THING)
    for one, other in pairwise(things):
        between = said.text[one.end : other.start].split()
        if len(between) > 1 or not all(word.isalpha() and word not in FUNCTION_WORDS for word in between):
            continue
        first = next((s for s in spans if s.label == SpanLabel.THING and s.end == one.end), one)
        whole = replace(other, start=first.start, text=said.text[first.start : other.end])
        spans = [s for s in spans if not whole.start <= s.start < s.end <= whole.end] + [whole]
    return replace(said, spans=tuple(sorted(map(_without_clause, spans), key=lambda span: span.start)))


def _without_clause(span: Span) -> Span:
    """A thing without the clause that tells of it: "masks you leave on" are masks."""
    clause = _CLAUSE.search(span.text) if span.label == SpanLabel.THING else None
    return (
        span
        if clause is None
        else replace(span, end=span.start + clause.start(), text=span.text[: clause.start()])
    )


def with_wanted(said: Utterance) -> Utterance:
    """With what the reader took for given up marked as asked for, where it is said to matter or to stay: "scrap that.
    What matters is 5G", "boots then, still brown".
    """
    spans = tuple(
        replace(span, label=SpanLabel.CONDITION)
        if span.label in (SpanLabel.TAKEN_BACK, SpanLabel.EXCLUDED)
        and (MATTERS.search(said.text[: span.start]) or STILL.search(said.text[: span.start]))
        else span
        for span in said.spans
    )
    return replace(said, spans=spans)


def is_vague(thing: str) -> bool:
    """Whether a thing is only called a thing, so that what it is for must tell."""
    thing = spelt(thing).lower()
    words = [w for w in re.findall(r"[a-z]+", thing) if w not in FUNCTION_WORDS]
    head = re.split(r"\b(?:for|to|that|which|with|who|where)\b", thing)[0]
    named = [w for w in re.findall(r"[a-z]+", head) if w not in FUNCTION_WORDS or w in VAGUE_HEADS]
    return not words or not named or named[-1] in VAGUE_HEADS


def outside(text: str, spans: Sequence[Span]) -> str:
    """The text with what the reader marked blanked: what is left may still state an amount outright."""
    for span in spans:
        if span.label not in ("wish", "asked", "recipient"):
            text = f"{text[: span.start]}{'·' * (span.end - span.start)}{text[span.end :]}"
    return text


def without(text: str, spans: Sequence[Span]) -> str:
    """The text, of the same length, without what the spans mark."""
    for span in spans:
        text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    return text


def search_words(spans: Sequence[Span], found: Resolved) -> str:
    """The thing, the wishes and what conditions left over, in the order said; the whole text where nothing
    is.
    """
    wanted = [s for s in spans if s.label in ("thing", "wish", "recipient")]
    said = " ".join(s.text for s in sorted(wanted, key=lambda s: s.start))
    loose = [w for w in found.words.split() if w not in said]
    words = " ".join((said, *loose)).strip()
    return words if any(s not in FUNCTION_WORDS for s in stems(words)) else ""


def is_among(text: str, pointed: Pointed, things: Sequence[Span]) -> bool:
    """Whether an order is asked among what is on the screen, not among all."""
    if things or IN_ALL.search(text):
        return False
    return pointed.whole_list or len(pointed.item_ids) > 1 or bool(AMONG.search(text))


def with_polarity(text: str, spans: Sequence[Span]) -> list[tuple[Span, Polarity]]:
    """Spans with whether each is wanted, denied or indifferent, by the words before and after it."""
    found = polarities(text, Denials(text), [(span.start, span.end, span.label) for span in spans])
    either = [match.span() for match in EITHER.finditer(text)]
    return [
        (span, "indifferent" if any(a <= span.start < b for a, b in either) else polarity)
        for span, polarity in zip(spans, found, strict=True)
    ]


_DENYING = word_set("well nah nope ok okay thanks thank avoid skip exclude except leave brand maker make")
"""Words that deny, or lead to it, and tell nothing of what is denied."""


def only_denies(text: str) -> bool:
    """Whether every word that tells something is of what is not wanted: "well, nothing in pink, please"."""
    denials = Denials(text)
    words = re.finditer(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)
    telling = [w for w in words if w[0].lower() not in _DENYING and set(stems(w[0])) - FUNCTION_WORDS]
    return bool(telling) and all(denials.of(*word.span()) == "unwanted" for word in telling)


def indifferent(text: str, conditions: Sequence[tuple[Span, Polarity]]) -> list[str]:
    """What no longer matters: "doesn't have to be black", "any price is fine"."""
    found = [span.text for span, polarity in conditions if polarity == "indifferent"]
    return found + [next(word for word in match.groups() if word) for match in INDIFFERENT.finditer(text)]


_WELCOME = word_set(
    "fine ok okay do well work go thanks thank really either way honestly me us now um uh hm hmm"
)


def only_indifferent(text: str) -> bool:
    """Whether all that is told is that something no longer matters: "any price is fine", "forget about the brand"."""
    rest = INDIFFERENT.sub(" ", text)
    return rest != text and "?" not in text and _tells_nothing(rest)


def only_bounds(text: str) -> bool:
    """Whether all that is told is how much or how many at most or least: "max 60, please"."""
    bounds = [a for a in find_amounts(text) if a.is_money or a.shape != "plain"]
    rest = text
    for amount in bounds:
        rest = rest.replace(text[amount.start : amount.end], " ", 1)
    return bool(bounds) and "?" not in text and _tells_nothing(rest)


def _tells_nothing(text: str) -> bool:
    """Whether no word of a text tells anything of what is looked for."""
    words = {
        stem for word in re.findall(r"[a-z]+", text.lower()) if word not in _WELCOME for stem in stems(word)
    }
    return words <= FUNCTION_WORDS


def denies(text: str, references: Sequence[Span]) -> bool:
    """Whether the products pointed at are what is not wanted ("not the fourth one")."""
    denials = Denials(text)
    return any(
        denials.of(text.rfind(" ", 0, span.end - 1) + 1, span.end) == "unwanted" for span in references
    )


def is_gift(text: str, recipient: str, person: Person | None) -> bool:
    """Whether it is given away: as said, or for somebody whom the shopper knows ("my dad", "our niece")."""
    told = person is not None and (person.group or person.grown) and not person.is_self
    known = told and OF_MINE.search(recipient)
    return bool(GIFT.search(text) or known)


def how_many(text: str) -> int | None:
    """How many products should be shown."""
    return _number(match[1]) if (match := HOW_MANY.search(text)) else None


def quantity(text: str, spans: Sequence[Span]) -> int | None:
    """How many pieces: a number that no size, price or product's name holds."""
    if (times := TIMES.search(text)) is not None:
        return int(times["n"] or times["m"])
    measured = [(a.start, a.end) for a in find_amounts(text) if _is_measure(a, text)]
    for match in QUANTITY.finditer(text):
        if any(start <= match.start() < end for start, end in measured):
            continue
        if match["n"].lower() == "both" or OF_ALL.search(text[: match.start()]):
            continue
        inside = [s for s in spans if s.start <= match.start() < s.end]
        if any(len(s.text.split()) > 3 or re.search(r"first|last|[$€£]", s.text, re.I) for s in inside):
            continue
        many = match["n"].isdigit() and int(match["n"]) > FEW_PIECES
        if many and not COUNTED_OUT.match(text[match.end() :]):
            continue  # "fine. 64. price, and basket it"
        return _number(match["n"])
    return 1 if SINGLE.search(text) else None


def _is_measure(amount: Amount, text: str) -> bool:
    """Whether an amount is money, a bound or a measure: no number of pieces ("I'll have 6 packs")."""
    if amount.unit and not amount.is_money:
        return dimension(amount.unit) != "count"
    taken = text[amount.start : amount.end].strip().lower().startswith(("have", "take", "need", "want"))
    return amount.is_money or (amount.shape != "plain" and not taken)


def _number(text: str) -> int | None:
    return QUANTITIES.get(text.lower()) or (int(text) if text.isdigit() else None)
