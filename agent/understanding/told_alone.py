"""Values of the shop that a later turn names and says nothing beside: "make it walnut", "wide ones please"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.conditions import BRAND
from agent.shop_context import ShopContext
from agent.understanding.interpretation import SURE
from agent.understanding.kind_fields import KindFields
from agent.understanding.labels import SpanLabel
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.numbers import VALUE_WORDS
from agent.understanding.lexicon import Lexicon, Match
from agent.understanding.outright import is_all
from agent.understanding.reader import Span
from agent.understanding.scales import graded, read_scale
from agent.understanding.utterance import Utterance

_POINTS = re.compile(r"\b(?:the|that|this|those|these|both|other|which)\b", re.I)
_OF_MAKER = re.compile(
    r"\b(?:the ones|those|these)(?: (?:that|which) are)?(?: made)? (?=(?:from|by)\b)", re.I
)
"""Before a maker these point at nothing: "show me those by Acme"."""
_AS_VALUE = re.compile(r"\b(?:in|be|from|by|make (?:it|them|that))\s+$", re.I)
_ONES = re.compile(r"\s+ones\b", re.I)
"""Before and behind what is no kind: "in chain", "fox ones"."""
_ONE = re.compile(r"\b(?:an?|some|any|one)\s+$", re.I)
_GOES_ON = re.compile(r"[\s-]+([a-z]+)", re.I)
_THING = re.compile(
    r"\b(?:some|any)(?:thing|where)?\b|\?"
    r"|^(?:\W*\b(?:and|so|but|ok(?:ay)?|well|u+m+|hm+)\b)*\W*"
    r"(?:do|does|is|are|was|can|could|has|have|will|would|what|how|come)\b",
    re.I,
)
"""What is only wished of something, or asked."""


def with_values_alone(said: Utterance, kind: KindFields, lexicon: Lexicon) -> Utterance | None:
    """The utterance with the values marked as conditions that it consists of; None where it says more, points at a
    product, asks, grades what ``kind`` measures, denies, or may name a kind. What is looked for shall be so, be there any
    or none.
    """
    text = said.text
    refused = said.marked(SpanLabel.EXCLUDED) or said.marked(SpanLabel.TAKEN_BACK)
    if refused or _THING.search(text):
        return None
    matches = [match for match in lexicon.find(text) if not match.corrected]
    makers = all(match.meanings[0].where.field == BRAND for match in matches)
    if _POINTS.search(_OF_MAKER.sub("", text) if makers else text):
        return None
    denials = Denials(text)
    wanted = all(denials.of(match.start, match.end) == "wanted" for match in matches)
    if not wanted or not is_all(text, matches) or any(_is_else(text, match, kind) for match in matches):
        return None
    return replace(said, spans=_as_conditions(text, matches))


def _as_conditions(text: str, matches: Sequence[Match]) -> tuple[Span, ...]:
    return tuple(
        Span(SpanLabel.CONDITION, match.start, match.end, text[match.start : match.end], 1.0)
        for match in matches
    )


def _is_else(text: str, match: Match, kind: KindFields) -> bool:
    """Whether a value may be a count, a degree or the name of a kind."""
    word = text[match.start : match.end].lower()
    if _grades(word, kind) or word in VALUE_WORDS or word.isdigit():
        return True
    if _AS_VALUE.search(text[: match.start]) or _ONES.match(text, match.end):
        return False
    named = kind.desk.shop.search.kinds.by_name(word)
    if named is None or named.confidence < SURE:
        return False
    return bool(_ONE.search(text[: match.start])) or not _only_describes(word, kind.desk)


def _grades(word: str, kind: KindFields) -> bool:
    """Whether a word tells the degree of what products of the kind measure: "light", not "slim" where no width is told."""
    if not word.isalpha() or graded(word) is None:
        return False
    scale = read_scale(word, kind.numeric)
    return scale is not None and scale.known


def _only_describes(word: str, desk: ShopContext) -> bool:
    """Whether a word is no category, and titles have it only before the thing that it tells of: "robot vacuum cleaner"."""
    search = desk.shop.search
    if search.table.path_codes([word]):
        return False
    titles = [search.title(item).lower() for item in search.titled(word)]
    behind = [_GOES_ON.match(title, title.rindex(word) + len(word)) for title in titles if word in title]
    return bool(behind) and all(b is not None and b[1] not in FUNCTION_WORDS for b in behind)
