"""What the recipient of a gift likes, and what they have plenty of."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.conditions import ANYWHERE, Prefer
from agent.understanding.kind_fields import KindFields
from agent.understanding.labels import SpanLabel
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.gift_cues import LIKES, PLENTY
from agent.understanding.language.negation import Denials
from agent.understanding.language.text import stems
from agent.understanding.reader import Span
from agent.understanding.resolved import Resolved
from agent.understanding.utterance import Utterance
from retrieval.filters import Or, Words

MOST = 0.5
"""What more of a kind speak of tells nobody's taste."""
_LIST = re.compile(r",|\band\b|\bor\b", re.I)


def with_tastes(said: Utterance) -> Utterance:
    """With what somebody has plenty of marked as not wanted, whatever the reader took it for, and nothing they like."""
    likes = [match.span("liked") for match in _likes(said.text)]
    refused = (s for s in said.marked(SpanLabel.EXCLUDED) if any(a <= s.start < b for a, b in likes))
    said = replace(said, spans=tuple(said.without(list(refused))))
    for match in PLENTY.finditer(said.text):
        name = next(name for name, words in match.groupdict().items() if words)
        start, end = match.span(name)
        kept = [span for span in said.spans if span.end <= start or span.start >= end]
        plenty = Span(SpanLabel.EXCLUDED, start, end, said.text[start:end], 1.0)
        said = replace(said, spans=tuple(sorted((*kept, plenty), key=lambda span: span.start)))
    return said


def liked(text: str, kind: KindFields) -> Resolved:
    """Wishes for what somebody likes, as far as something of the kind speaks of it, and not most."""
    found = []
    for match in _likes(text):
        parts = (_content(part) for part in _LIST.split(match["liked"]))
        told = tuple(part for part in parts if stems(part) and kind.count(Words(part)))
        if told and kind.count(Or(tuple(map(Words, told)))) <= MOST * kind.total:
            found.append(Prefer(field=ANYWHERE, value=told if len(told) > 1 else told[0]))
    return Resolved(prefer=tuple(dict.fromkeys(found)))


def _likes(text: str) -> list[re.Match[str]]:
    """Where a text says what somebody likes, and does not deny it."""
    denials = Denials(text)
    return [match for match in LIKES.finditer(text) if denials.of(*match.span("liked")) != "unwanted"]


def _content(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word.lower() not in FUNCTION_WORDS)
