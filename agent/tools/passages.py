"""Sentences that answer a question, ranked by meaning and by the words they share with it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.explanations.evidence import quotable
from agent.tools.asked import content, rarity, vectors
from agent.understanding.language.text import stems

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

MOST_READ = 12
"""Sentences of one text that are encoded, those with most of the question's words first."""
_COSINE, _COVERAGE, _BIAS = 10.5, 4.7, -7.1
"""The weights of retrieval/documents.py, for sentences that stand alone."""
_END = re.compile(r"(?<=[.!?])\s+|\n+|\s+[•·|]\s+")


def sentences(text: str, about: frozenset[str] = frozenset()) -> list[str]:
    """The sentences of a text that may be quoted; ``about``: only those with one of these stems."""
    parts = filter(None, (part.strip() for part in _END.split(text)))
    return [part for part in parts if (not about or about & frozenset(stems(part))) and quotable(part)]


def answering(desk: ShopContext, texts: Sequence[str], question: str) -> list[tuple[str, float]]:
    """The sentences with how surely each answers, surest first. Costs an encoding a new sentence, 2-4 ms."""
    asked = content(question)
    if not texts or not question.strip():
        return []
    shared = {text: coverage(desk, asked, text) for text in dict.fromkeys(texts)}
    read = sorted(shared, key=lambda text: -shared[text])[:MOST_READ]
    cosines = vectors(desk, tuple(read)) @ desk.shop.encoder.encode_query([question])[0]
    scored = [
        (text, 1 / (1 + math.exp(-(_COSINE * float(cosine) + _COVERAGE * shared[text] + _BIAS))))
        for text, cosine in zip(read, cosines, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1])


def coverage(desk: ShopContext, asked: frozenset[str], text: str) -> float:
    """Share of the asked words that a text has, rare ones of the shop counting more; 0 to 1."""
    own = frozenset(stems(text))
    weights = {word: rarity(desk, word) for word in asked}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in own) / total if total else 0.0
