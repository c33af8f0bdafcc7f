"""Questions about a quantity of one product: "how heavy is it"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from agent.understanding.language.comparatives import COMPARATIVES, Direction
from agent.understanding.language.english import english_ranks
from agent.understanding.language.graded import graded_key

_ALSO = {
    "noisy": "louder",
    "high": "taller",
    "bulky": "bigger",
    "expensive": "pricier",
    "costly": "pricier",
    "pricey": "pricier",
    "cheap": "cheaper",
}
_MEASURES = ("wide", "long", "high", "tall", "deep", "heavy", "big", "loud", "noisy", "thick")
_HOW = re.compile(r"\bhow (?P<word>[a-z]+)\b", re.IGNORECASE)
_WEIGH = re.compile(
    r"\b(?:how much|what) (?:does|do|did) .{1,40}\bweigh\b"
    r"|\bhow many (?:g(?:rams?|rammes?)?|k(?:g|ilos?|ilograms?)|pounds|lbs?|ounces|oz)\b(?! of\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked: ``direction`` of the first of ``topics`` that the shop has a number for."""

    word: str
    direction: Direction
    topics: tuple[str, ...]


def asked_measure(question: str) -> Measure | None:
    """ "How heavy is it", "what does it weigh", "how many grams is it"; None where no quantity is asked for."""
    if _WEIGH.search(question):
        return Measure("heavy", *COMPARATIVES["heavier"])
    for match in _HOW.finditer(question):
        word = match.group("word").lower()
        key = _ALSO.get(word) or graded_key(word) or _misspelt(word)
        if key:
            return Measure(word, *COMPARATIVES[key])
    return None


def _misspelt(word: str) -> str | None:
    """The measure that a word which is no English may be meant for: "how wid is it"."""
    if word in english_ranks():
        return None
    near = next((known for known in _MEASURES if OSA.distance(word, known, score_cutoff=1) <= 1), None)
    return _ALSO.get(near) or graded_key(near) if near else None
