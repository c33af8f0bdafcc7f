"""Values of the shop that a later turn names and says nothing beside: "make it walnut", "wide ones please"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.shop_context import ShopContext
from agent.understanding.interpretation import SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.negation import Denials
from agent.understanding.language.numbers import VALUE_WORDS
from agent.understanding.lexicon import Lexicon, Match
from agent.understanding.outright import is_all
from agent.understanding.reader import Span
from agent.understanding.scales import graded
from agent.understanding.utterance import Utterance

_POINTS = re.compile(r"\b(?:the|that|this|those|these|both|other|which)\b", re.I)
_AS_VALUE = re.compile(r"\b(?:in|be|make (?:it|them|that))\s+$", re.I)
_ONES = re.compile(r"\s+ones\b", re.I)
"""Before and behind what is no kind: "in chain", "fox ones"."""
_THING = re.compile(
    r"\b(?:some|any)(?:thing|where)?\b|\?"
    r"|^(?:\W*\b(?:and|so|but|ok(?:ay)?|well|u+m+|hm+)\b)*\W*"
    r"(?:do|does|is|are|was|can|could|has|have|will|would|what|how|come)\b",
    re.I,
)
"""What is only wished of something, or asked."""


def with_values_alone(said: Utterance, desk: ShopContext, lexicon: Lexicon) -> Utterance | None:
    """The utterance with the values marked as conditions that it consists of; None where it says more, points at a
    product, asks, grades, denies, or may name a kind. What is looked for shall be so, be there any or none.
    """
    text = said.text
    refused = said.marked(SpanLabel.EXCLUDED) or said.marked(SpanLabel.TAKEN_BACK)
    if refused or _POINTS.search(text) or _THING.search(text):
        return None
    matches = [match for match in lexicon.find(text) if not match.corrected]
    denials = Denials(text)
    wanted = all(denials.of(match.start, match.end) == "wanted" for match in matches)
    if not wanted or not is_all(text, matches) or any(_is_else(text, match, desk) for match in matches):
        return None
    return replace(said, spans=_as_conditions(text, matches))


def _as_conditions(text: str, matches: Sequence[Match]) -> tuple[Span, ...]:
    return tuple(
        Span(SpanLabel.CONDITION, match.start, match.end, text[match.start : match.end], 1.0)
        for match in matches
    )


def _is_else(text: str, match: Match, desk: ShopContext) -> bool:
    """Whether a value may be a count, a degree or the name of a kind."""
    word = text[match.start : match.end].lower()
    if (word.isalpha() and graded(word) is not None) or word in VALUE_WORDS or word.isdigit():
        return True
    if _AS_VALUE.search(text[: match.start]) or _ONES.match(text, match.end):
        return False
    kind = desk.shop.search.kinds.by_name(word)
    return kind is not None and kind.confidence >= SURE
