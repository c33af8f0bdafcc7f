"""Sentences that answer a question, ranked by meaning and by the words they share with it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.explanations.evidence import quotable
from agent.tools.asked import content, rarity, vectors
from agent.tools.materials import asks_material, material_score
from agent.tools.question_topics import speaks_of, states_amount
from agent.understanding.language.text import stems

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

MOST_READ = 12
"""Sentences of one text that are encoded, those with most of the question's words first."""
_COSINE, _COVERAGE, _BIAS = 10.5, 4.7, -7.1
"""The weights of retrieval/documents.py, for sentences that stand alone."""
_EITHER = re.compile(
    r"\b([\w-]+)(?:, ([\w-]+))? or (?:(?:is it|for|from|with|in|of|an?|the) ){0,2}([\w-]+)", re.IGNORECASE
)
_STATED, _SPEAKS = 0.85, 0.6
"""How surely a sentence answers that has the unit or the material which is asked for, and one with only a word for
it."""
_END = re.compile(r"(?<=[.!?])\s+|\n+|\s+[•·|]\s+")


def sentences(text: str, about: frozenset[str] = frozenset()) -> list[str]:
    """The sentences of a text that may be quoted; ``about``: only those with one of these stems."""
    parts = filter(None, (part.strip() for part in _END.split(text)))
    return [part for part in parts if (not about or about & frozenset(stems(part))) and _tells(part)]


def _tells(part: str) -> bool:
    """Whether a sentence may be quoted; of two words one with a number does: "100% merino"."""
    return quotable(part) or (
        len(part.split()) == 2 and any(c.isdigit() for c in part) and quotable(f"it says {part}")
    )


def answering(
    desk: ShopContext, texts: Sequence[str], question: str, *, of_one: bool = False
) -> list[tuple[str, float]]:
    """The sentences with how surely each answers, surest first; ``of_one``: of one product, so that a word for what
    is asked tells. A sentence that was never read costs an encoding, some ms; its vector is kept for good.
    """
    asked = content(question)
    if not texts or not question.strip():
        return []
    either = _alternatives(question)
    shared = {text: coverage(desk, asked, text, either) for text in dict.fromkeys(texts)}
    read = sorted(shared, key=lambda text: (-_stating(question, text, of_one), -shared[text]))[:MOST_READ]
    cosines = vectors(desk, tuple(read)) @ desk.shop.encoder.encode_query([question])[0]
    scored = [
        (text, 1 / (1 + math.exp(-(_COSINE * float(cosine) + _COVERAGE * shared[text] + _BIAS))))
        for text, cosine in zip(read, cosines, strict=True)
    ]
    if asks_material(question):  # "made in the U.S.A." shares its words and names no material
        scored = [(text, _stating(question, text, of_one)) for text, _ in scored]
    else:
        scored = [(text, max(score, _stating(question, text, of_one))) for text, score in scored]
    return sorted(scored, key=lambda pair: -pair[1])


def _stating(question: str, text: str, of_one: bool) -> float:
    """How surely a text answers by a material, a unit or a word that is asked for, whatever else it says; 0 to 1."""
    if asks_material(question):
        return material_score(text)
    if states_amount(question, text):
        return _STATED
    return _SPEAKS if of_one and speaks_of(question, text) else 0.0


def _alternatives(question: str) -> frozenset[str]:
    """Stems of which a question asks for one: "is it analog or digital"."""
    match = _EITHER.search(question)
    return frozenset(s for part in match.groups() if part for s in content(part)) if match else frozenset()


def coverage(
    desk: ShopContext, asked: frozenset[str], text: str, either: frozenset[str] = frozenset()
) -> float:
    """Share of the asked words that a text has, rare ones of the shop counting more; 0 to 1. Of ``either`` one is
    enough.
    """
    own = frozenset(stems(text))
    own |= either if own & either else frozenset()
    weights = {word: rarity(desk, word) for word in asked}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in own) / total if total else 0.0
