"""The order that is asked for: "the cheapest", "dearest jacket", "which bra costs the least"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.conditions import STARS
from agent.understanding.conditions import Resolver
from agent.understanding.interpretation import SEEKING
from agent.understanding.labels import SpanLabel
from agent.understanding.language.condition_cues import DENIED_DEGREE
from agent.understanding.language.follow_up_cues import BETTER_IF
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.request_cues import THAN
from agent.understanding.reader import Span
from agent.understanding.scales import Scale, order_words, read_order, read_scale
from agent.understanding.utterance import Utterance

_NO_ORDER = frozenset(("the", "a", "an", "which", "one", "of", "what", "is", "very"))
_BARE = frozenset(("most", "least", "more", "less"))
_PAYER = re.compile(r"\s*(?:that )?(?:i|we|you|he|she|they|i'd|we'd|he'd|she'd)\b", re.I)
"""Behind "the most": what somebody can pay is a limit."""
_END = r"(?:(?:most|least|lowest|highest)[ -][a-z]+(?:-[a-z]+)*|[a-z]{3,}est)"
_OPENING = re.compile(rf"(?:the |your )?(?P<end>{_END})(?:$|\s+)", re.I)
_BEFORE = re.compile(rf"\b(?P<end>{_END})\s+(?:[a-z-]+\s+){{0,2}}$", re.I)
_WHICH = re.compile(
    r"^\W*(?:(?:so|and|ok(?:ay)?|right|well|hi|hello|tell me)\W+)*(?:which|what)(?: of your)? (?P<thing>[a-z' -]{3,40}?) "
    r"(?:(?:do|have) you (?:have|sell|got|stock|do)? ?(?:that |which )?)?"
    rf"(?:is|are|has|have|costs?|[a-z]+s)\b(?: out)? (?:the )?(?P<end>{_END}|least|most)\b",
    re.I,
)


def with_orders(said: Utterance) -> Utterance:
    """With the ends of orders marked that the reader took for things, or overlooked in front of one."""
    spans: list[Span] = []
    for span in said.spans:
        spans.extend(_parted(span) if span.label == SpanLabel.THING else (span,))
    for thing in [span for span in spans if span.label == SpanLabel.THING]:
        before = _BEFORE.search(said.text[: thing.start])
        if before is None or not _is_end(before["end"]):
            continue
        start, end = before.span("end")
        if not any(span.start < end and start < span.end for span in spans):
            spans.append(Span(SpanLabel.ORDER, start, end, before["end"], 1.0))
    return replace(said, spans=tuple(sorted(spans, key=lambda span: span.start)))


def asked_of_a_kind(said: Utterance) -> Utterance | None:
    """With the thing and the order marked of a question which one of a kind is the most something ("which bra costs
    the least"); None where none is asked.
    """
    asked = _WHICH.match(said.text)
    if asked is None or said.marked(SpanLabel.ORDER) or said.marked(SpanLabel.REFERENCE):
        return None
    if any(span.start >= asked.end("thing") for span in said.marked(SpanLabel.THING)):
        return None
    thing = Span(SpanLabel.THING, *asked.span("thing"), asked["thing"], 1.0)
    order = Span(SpanLabel.ORDER, *asked.span("end"), asked["end"], 1.0)
    rest = [s for s in said.spans if s.start >= order.end and s.label != SpanLabel.ASKED]
    return replace(said, spans=(thing, order, *rest))


def scale_of(said: Utterance, move: str, resolver: Resolver) -> Scale | None:
    """The order that is asked for."""
    spans = said.marked(SpanLabel.ORDER) or (said.marked(SpanLabel.ASKED) if move in SEEKING else [])
    if BETTER_IF.search(said.text):
        spans = [span for span in spans if span.text.lower() != "better"]
    for span in spans:
        if span.text.lower() in _NO_ORDER or _is_limit(said.text, span):
            continue
        whole = _with_next_word(said, span)
        if (scale := resolver.order(whole, said.text) or resolver.order(span.text, said.text)) is not None:
            if not scale.superlative and DENIED_DEGREE.search(f"{said.text[: span.start]}{span.text}"):
                scale = replace(scale, direction=-scale.direction)  # "not expensive", "isn't too heavy"
            return replace(scale, word=order_words(whole if span.text.lower() in _BARE else span.text, scale))
    if move not in SEEKING:
        return None
    return read_order(said.text) or _wished_order(said, resolver)


def _wished_order(said: Utterance, resolver: Resolver) -> Scale | None:
    """The end of an order that the reader took for a wish or a condition: "with the biggest screen there is"."""
    for span in (*said.marked(SpanLabel.WISH), *said.marked(SpanLabel.CONDITION)):
        opening = _OPENING.match(span.text)
        scale = resolver.order(span.text) if opening is not None and _is_end(opening["end"]) else None
        if scale is not None and scale.superlative and scale.known:
            return replace(scale, word=order_words(span.text, scale))
    return None


def among_several(scale: Scale | None, text: str, items: Sequence[str]) -> Scale | None:
    """The order asked for among products: "the cheaper of the two" is the cheapest of them."""
    if scale is None or not scale.comparative or len(items) < 2 or THAN.search(text):
        return scale
    return replace(scale, comparative=False, superlative=True)


def _parted(span: Span) -> Iterator[Span]:
    """The end of an order that opens a thing, and the thing: "dearest jacket"."""
    opening = _OPENING.match(span.text)
    if opening is None or not _is_end(opening["end"]):
        yield span
        return
    start, end = (span.start + at for at in opening.span("end"))
    yield Span(SpanLabel.ORDER, start, end, opening["end"], span.confidence)
    if rest := span.text[opening.end() :]:
        yield replace(span, start=span.start + opening.end(), text=rest)


def _is_end(words: str) -> bool:
    """Whether words ask for one end of an order; the best of a thing is left to the reader."""
    scale = read_scale(words, ())
    return scale is not None and scale.superlative and scale.field != STARS


def _is_limit(text: str, span: Span) -> bool:
    """Whether "the most" is what somebody can pay."""
    words = span.text.lower().removeprefix("the ").split(maxsplit=1)
    return words[0] in _BARE and _PAYER.match(" ".join(words[1:]) or text[span.end :]) is not None


def _with_next_word(said: Utterance, span: Span) -> str:
    """An order with the word after it, which the reader may have left out: "most" of "most expensive"; the thing itself
    tells nothing of it ("best headphones").
    """
    following = re.match(r"\s+([\w-]+)", said.text[span.end :])
    at = span.end + following.start(1) if following else 0
    if (
        following is None
        or following[1].lower() in FUNCTION_WORDS
        or any(thing.start <= at < thing.end for thing in said.marked(SpanLabel.THING))
    ):
        return span.text
    return f"{span.text} {following[1]}"
