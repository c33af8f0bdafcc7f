"""Words by which buyers tell the same thing: "it shrunk" answers whether it went smaller in the wash."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from retrieval.aspects import stem

FILE = Path(__file__).with_suffix(".txt")


@cache
def _read() -> tuple[dict[str, frozenset[str]], tuple[tuple[re.Pattern[str], str], ...]]:
    """The stems that say the same as a stem, itself included, and the word for each phrase of a question."""
    alike: dict[str, set[str]] = defaultdict(set)
    phrases: list[tuple[re.Pattern[str], str]] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or ":" not in line:
            continue
        head, *said = line.split(" | ")
        word, others = head.split(":", 1)
        stems = {stem(one) for one in (word, *others.split())}
        for one in stems:
            alike[one] |= stems
        phrases += [(re.compile(rf"\b(?:{phrase.strip()})\b", re.I), word.strip()) for phrase in said]
    return {one: frozenset(stems) for one, stems in alike.items()}, tuple(phrases)


def alike(word: str) -> frozenset[str]:
    """The stems by which buyers say what a stem says, itself included."""
    return _read()[0].get(word, frozenset((word,)))


def is_told(word: str) -> bool:
    """Whether a stem is of what buyers tell in several words."""
    return word in _read()[0]


def plainly(question: str) -> str:
    """A question with a word for each phrase that is one: "smaller in the wash" is "shrink"."""
    for phrase, word in _read()[1]:
        question = phrase.sub(word, question)
    return question
