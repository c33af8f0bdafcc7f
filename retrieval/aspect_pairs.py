"""Sentence-term pairs to train on that nobody labelled: two sentences joined, asked for a term of one of
them.

A sentence whose polarity is known gives its polarity to what it speaks of. Joined with another one ("...,
but ...") it teaches a model to look at the right half: the idea of the task, from shop reviews alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from retrieval.fine_tuning import Example

__all__ = ["composed_pairs", "terms_of"]

_TERM = re.compile(
    r"\b(?:the|my|its|this|your|their|an?|of|with|and)\s+([a-z]{3,}(?:\s[a-z]{4,})?)(?=[\s,.;!?]|$)",
    re.IGNORECASE,
)
_JOINTS = (", but ", ", but ", " and ", ", and ", ". ", ". ", "; ", ", however ", ", while ", ", although ")
_NOT_TERMS = frozenset(
    """
    all also and any are bad best better bit but can couple day days did does even ever every fact
    few first for from good great had has have her his how into just last least less like little lot
    lots many month more most much must new nice not now off one only other out over perfect really
    same she should some such than that the their them then there these they thing things this those
    time times too two use very was way week weeks were what when which while who whole will with
    worse worst would year years you your
    """.split()  # noqa: SIM905 - easier to read than 100 quoted words
)


def terms_of(sentence: str) -> list[str]:
    """What a sentence may be about: one or two words after an article, a possessive or a conjunction."""
    terms = []
    for match in _TERM.finditer(sentence):
        words = [word for word in match[1].split() if word.lower() not in _NOT_TERMS]
        if words and match[1].split()[0] in words:
            terms.append(words[0] if len(words) < 2 else " ".join(words[:2]))
    return list(dict.fromkeys(terms))


def composed_pairs(
    texts: Sequence[str], targets: Sequence[tuple[float, float, float]], limit: int, seed: int = 0
) -> list[Example]:
    """Up to ``limit`` pairs, a third of them one sentence, the others two; ``targets`` are the texts'
    polarities.

    The three polarities are drawn equally often, for most pairs of a review are neutral or positive.
    """
    order = random.Random(seed)
    sides: tuple[list[int], ...] = ([], [], [])
    terms = {
        row: found for row, text in enumerate(texts) if len(text.split()) <= 25 and (found := terms_of(text))
    }
    for row in terms:
        sides[max(range(3), key=lambda column: targets[row][column])].append(row)
    if not all(sides):
        return []
    pairs = []
    for _ in range(limit):
        row = order.choice(order.choice(sides))
        term, text = order.choice(terms[row]), texts[row]
        if order.random() < 2 / 3:
            other = texts[order.choice(order.choice(sides))]
            if term.lower() in other.lower():
                continue
            first, second = (text, other) if order.random() < 0.5 else (other, text)
            text = f"{first.rstrip(' .!?;,')}{order.choice(_JOINTS)}{second}"
        pairs.append(Example(text, targets[row], term))
    return pairs
