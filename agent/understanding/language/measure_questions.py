"""Questions about a quantity: "how heavy is it" of one product, "which of these is the lightest" of many."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.understanding.language.comparatives import COMPARATIVES, Direction, superlative
from agent.understanding.language.graded import graded_key
from agent.understanding.language.text import stems

_ALSO = {
    "noisy": "louder",
    "high": "taller",
    "bulky": "bigger",
    "expensive": "pricier",
    "costly": "pricier",
    "pricey": "pricier",
    "cheap": "cheaper",
}
_HOW = re.compile(r"\bhow (?P<word>[a-z]+)\b", re.IGNORECASE)
_WEIGH = re.compile(r"\b(?:how much|what) (?:does|do|did) .{1,40}\bweigh\b", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:which|what)\b|\b(?:is|are)\b(?=.*\bor\b)", re.IGNORECASE)
_COMPARING = re.compile(r"\bcompar|\bdifferen|\bversus\b|\bvs\b|\bwhy\b", re.IGNORECASE)
_LEAST = re.compile(
    r"\b(?P<verb>weighs?|costs?) (?:the )?(?P<end>most|least|more|less)\b"
    r"|\b(?P<degree>most|least|more|less|highest|lowest|fewest|higher|lower|fewer) (?P<noun>[a-z]+)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\s+(?!one\b|ones\b|of\b|to\b|for\b|in\b|and\b|or\b|than\b)(?P<noun>[a-z]+)", re.IGNORECASE
)
_ENDS: dict[str, str] = {word: word for word in COMPARATIVES if word.endswith("er")}
_ENDS |= {superlative(word): word for word in _ENDS}
_END = re.compile(rf"\b(?P<word>{'|'.join(sorted(_ENDS, key=len, reverse=True))})\b", re.IGNORECASE)
_VERBS = {"weigh": ("weight", "lightest", "heaviest"), "cost": ("price", "cheapest", "most expensive")}
_UP = ("most", "more", "highest", "higher")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked: ``direction`` of the first of ``topics`` that the shop has a number for."""

    word: str
    direction: Direction
    topics: tuple[str, ...]


def asked_measure(question: str) -> Measure | None:
    """ "How heavy is it", "what does it weigh"; None where no quantity is asked for."""
    if _WEIGH.search(question):
        return Measure("heavy", *COMPARATIVES["heavier"])
    for match in _HOW.finditer(question):
        word = match.group("word").lower()
        key = _ALSO.get(word) or graded_key(word)
        if key:
            return Measure(word, *COMPARATIVES[key])
    return None


def asked_extreme(question: str) -> Measure | None:
    """ "Which of these is the lightest", "which one costs the least"; None where no such end is asked for."""
    which = _WHICH.search(question)
    if which is None or _COMPARING.search(question):
        return None
    asked = question[which.end() :]
    if match := _LEAST.search(asked):
        return _by_degree(match)
    match = _END.search(asked)
    if match is None:
        return None
    word = match.group("word").lower()
    direction, topics = COMPARATIVES[_ENDS[word]]
    noun = _NOUN.match(asked, match.end())
    if noun and not set(topics) & {"price", "weight"}:
        topics = (*stems(noun.group("noun")), *topics)
    return Measure(word, direction, topics)


def _by_degree(match: re.Match[str]) -> Measure:
    """ "Weighs the least", "most durable", "highest power"."""
    if match.group("verb"):
        topic, least, most = _VERBS[match.group("verb").lower().removesuffix("s")]
        more = match.group("end").lower() in _UP
        return Measure(most if more else least, 1 if more else -1, (topic,))
    degree, noun = match.group("degree").lower(), match.group("noun").lower()
    sign = 1 if degree in _UP else -1
    key = graded_key(noun) or _ALSO.get(noun)
    if key:
        direction, topics = COMPARATIVES[key]
        return Measure(f"{degree} {noun}", sign * direction, topics)
    return Measure(f"one with the {degree} {noun}", sign, stems(noun))
