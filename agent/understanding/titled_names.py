"""Products called by name where nothing marks them: "show me the actual big muff pi", "got the fender frontman?"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from agent.shop_context import ShopContext
from agent.understanding.labels import SpanLabel
from agent.understanding.language.english import are_everyday, english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems
from agent.understanding.lexicon import Lexicon
from agent.understanding.reader import Span
from agent.understanding.utterance import Utterance

LONGEST = 4
FEW = 6
"""Titles that a name stands in, at most."""
NAMED = 0.9
RARE = 15_000
"""Rank of an English word that names more than it says."""
_WORD = re.compile(r"[^\W_](?:[\w'+-]*\w)?")
_POINTING = re.compile(
    r"\b(?:the|that|any|your|this)\s+(?:(?:actual|real|original|proper|genuine|legendary|famous|new|old)\s+)*$",
    re.I,
)
"""Before a single word that is a name: "the yeti"."""
_APART = re.compile(
    r"\b(?:my|our|his|her|their|for|fits?|with|like|on|than|not|no|without|"
    r"(?:i|we|he|she|they)(?:'ve|'s)? (?:have|has|had|got|own))\s+(?:(?:an?|the|my|any)\s+)?$",
    re.I,
)
"""Before the name of what is owned, compared or refused."""
_GAP = re.compile(r"[ -]| & ")
_KEPT = frozenset((SpanLabel.RECIPIENT, SpanLabel.EXCLUDED, SpanLabel.TAKEN_BACK))


def with_name(said: Utterance, desk: ShopContext, lexicon: Lexicon, listed: Sequence[str]) -> Utterance:
    """With a name that few titles have marked as the thing, where no kind is named beside it and nothing ``listed``
    is called so.
    """
    references = said.marked(SpanLabel.REFERENCE)
    if (references and listed) or any(_ends_in_kind(s.text, desk) for s in said.marked(SpanLabel.THING)):
        return said
    apart = [s for s in said.spans if s.label in _KEPT]
    for start, end in _runs(said.text):
        name = said.text[start:end]
        if any(s.start < end and start < s.end for s in apart) or _APART.search(said.text[:start]):
            continue
        if " " not in name and not (_POINTING.search(said.text[:start]) and _is_rare(name)):
            continue
        if not _is_name(name, desk, lexicon) or set(desk.shop.search.titled(name)) & set(listed):
            continue
        spans = [s for s in said.spans if s.end <= start or end <= s.start]
        thing = Span(SpanLabel.THING, start, end, name, 1.0)
        return replace(said, spans=tuple(sorted((*spans, thing), key=lambda s: s.start)))
    return said


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Words that stand together, the longest runs first."""
    words = list(_WORD.finditer(text))
    for size in range(LONGEST, 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            joined = all(_GAP.fullmatch(text[a.end() : b.start()]) for a, b in pairwise(run))
            if joined and not any(word[0].lower() in FUNCTION_WORDS for word in run):
                yield run[0].start(), run[-1].end()


def _is_name(name: str, desk: ShopContext, lexicon: Lexicon) -> bool:
    """Whether few titles have the words one behind another, and one of them is neither of every day nor a kind or a
    value of the shop.
    """
    makers = {stem for brand in desk.schema.brands for stem in stems(brand)}
    telling = [w for w in name.split() if not are_everyday(stems(w)) and not w.isdigit()]
    if lexicon.exactly(name) or not any(
        not _is_kind(w, desk) and not lexicon.exactly(w) and not set(stems(w)) <= makers for w in telling
    ):
        return False
    items = desk.shop.search.titled(name)
    if not 0 < len(items) <= FEW:
        return False
    words = r"\W+".join(map(re.escape, re.split(r"[\s-]+", name)))
    written = re.compile(rf"\b{words}\b", re.I)
    return any(written.search(product.title) for product in desk.products(items))


def _is_rare(word: str) -> bool:
    """Whether a word is hardly English, so that "the yeti" can only be a name; "in a flap" is none."""
    return english_ranks().get(word.lower(), RARE) >= RARE


def _ends_in_kind(thing: str, desk: ShopContext) -> bool:
    words = thing.split()
    if thing.lower() in (brand.lower() for brand in desk.schema.brands):
        return False
    return any(_is_kind(" ".join(words[at:]), desk) for at in range(len(words)))


def _is_kind(word: str, desk: ShopContext) -> bool:
    match = desk.shop.search.kinds.by_name(word)
    return match is not None and match.confidence >= NAMED
