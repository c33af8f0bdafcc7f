"""Comparatives: "cheaper", "a bit bigger", "too loud", "better battery life", and what each may be about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.understanding.language.text import stems

Direction = int
"""1: more of the topic, -1: less."""

_EXTENT = (
    "size",
    "capacity",
    "volume",
    "largest",
    "screen",
    "diameter",
    "person",
    "area",
    "width",
    "height",
    "length",
)
COMPARATIVES: dict[str, tuple[Direction, tuple[str, ...]]] = {
    "cheaper": (-1, ("price",)),
    "pricier": (1, ("price",)),
    "dearer": (1, ("price",)),
    "bigger": (1, _EXTENT),
    "larger": (1, _EXTENT),
    "smaller": (
        -1,
        ("size", "capacity", "volume", "screen", "diameter", "width", "height", "length", "area"),
    ),
    "roomier": (1, ("capacity", "volume", "size", "space")),
    "compact": (-1, ("size", "capacity", "volume", "diameter", "width", "length")),
    "lighter": (-1, ("weight",)),
    "heavier": (1, ("weight",)),
    "longer": (1, ("length", "battery", "runtime", "hours", "play")),
    "shorter": (-1, ("length", "height")),
    "taller": (1, ("height",)),
    "lower": (-1, ("height",)),
    "wider": (1, ("width",)),
    "narrower": (-1, ("width",)),
    "thicker": (1, ("thickness", "depth")),
    "thinner": (-1, ("thickness", "depth")),
    "slimmer": (-1, ("thickness", "width", "depth")),
    "deeper": (1, ("depth",)),
    "faster": (1, ("speed", "minutes", "time")),
    "quicker": (1, ("speed", "minutes", "time")),
    "slower": (-1, ("speed",)),
    "quieter": (-1, ("noise", "loudness", "volume")),
    "louder": (1, ("loudness", "volume", "noise", "power", "sound")),
    "stronger": (1, ("power", "strength", "suction", "durability")),
    "powerful": (1, ("power", "strength", "suction")),
    "brighter": (1, ("brightness", "lumen", "light")),
    "dimmer": (-1, ("brightness", "lumen", "light")),
    "warmer": (1, ("warmth", "temperature", "insulation", "comfort")),
    "softer": (1, ("softness", "comfort")),
    "sturdier": (1, ("durability", "strength", "stability")),
    "durable": (1, ("durability",)),
    "comfortable": (1, ("comfort", "fit")),
    "comfier": (1, ("comfort", "fit")),
    "sharper": (1, ("sharpness",)),
    "expensive": (1, ("price",)),
    "heavy": (1, ("weight",)),
    "loud": (1, ("noise", "loudness", "volume")),
    "noisy": (1, ("noise", "loudness")),
    "bulky": (1, _EXTENT),
    "bright": (1, ("brightness", "lumen", "light")),
    "newer": (1, ("year", "release")),
}
TOPICS = frozenset(topic for _, topics in COMPARATIVES.values() for topic in topics)
_POSITIVES = frozenset(
    (
        "expensive",
        "compact",
        "powerful",
        "durable",
        "comfortable",
        "heavy",
        "loud",
        "noisy",
        "bulky",
        "bright",
    )
)
"""These compare only after "more", "less" or "not as"."""
_DEGREE = (
    r"(?:(?P<degree>a (?:tiny |little )?bit|a little|slightly|somewhat|a touch|much|a lot|way|far"
    r"|significantly|considerably|even) )?"
)
_WORDS = "|".join(sorted(COMPARATIVES, key=len, reverse=True))
_COMPARATIVE = re.compile(
    rf"\b(?P<not>(?:not|no) (?:as|so) )?{_DEGREE}(?:(?P<more>more"
    rf"|less) )?(?P<word>{_WORDS})\b(?! than \$?\d)(?:,? please)?"
    rf"(?:\s+(?P<noun>(?!than\b|one\b|ones\b|please\b|but\b|and\b|with\b|in\b|for\b|that\b"
    rf"|or\b)[a-z][a-z-]+(?:\s(?:life|time|quality|range))?))?",
    re.IGNORECASE,
)
_BETTER = re.compile(
    rf"\b{_DEGREE}(?P<how>better|more|higher|greater|improved|nicer|less|lower|fewer|worse)\s+"
    r"(?P<noun>(?!than\b|one\b|ones\b|please\b|like\b|about\b|of\b|options?\b|for\b|info\b|details?\b"
    r"|expensive\b)[a-z][a-z-]+"
    r"(?:\s(?!please\b|than\b|and\b|but\b|or\b|for\b)[a-z-]+)?)",
    re.IGNORECASE,
)
_TOO = re.compile(
    r"\b(?:(?:is|are|it's|that's|they're|they are|looks?|seems?|a bit|a little|way|far|much"
    r"|still) )*too (?P<word>expensive|pricey|dear|costly|big|large|small|tiny|heavy|light|long|short"
    r"|tall|wide|loud|noisy|quiet|slow|weak|thin|thick|cheap|dark|bright|bulky)\b",
    re.IGNORECASE,
)
_TOO_WORDS = {
    "cheaper": "expensive pricey dear costly",
    "smaller": "big large bulky",
    "bigger": "small tiny",
    "lighter": "heavy",
    "heavier": "light",
    "shorter": "long",
    "longer": "short",
    "lower": "tall",
    "narrower": "wide",
    "quieter": "loud noisy",
    "louder": "quiet",
    "faster": "slow",
    "stronger": "weak",
    "thicker": "thin",
    "thinner": "thick",
    "pricier": "cheap",
    "brighter": "dark",
    "dimmer": "bright",
}
_TOO_MEANS = {word: answer for answer, words in _TOO_WORDS.items() for word in words.split()}
_NOT_TOO = re.compile(r"\b(?:not|isn't|aren't|nothing|don't want anything|n't)\s+(?:\w+\s)?$", re.IGNORECASE)


def superlative(comparative: str) -> str:
    """``quieter`` -> ``quietest``, ``more durable`` -> ``most durable``."""
    if comparative.startswith("more "):
        return f"most {comparative.removeprefix('more ')}"
    return f"{comparative.removesuffix('er')}est"


@dataclass(frozen=True, slots=True)
class Critique:
    """One wish to move away from a reference: ``topics`` are tried in turn; ``degree`` in words."""

    start: int
    end: int
    direction: Direction
    topics: tuple[str, ...]
    degree: str
    text: str


def find_critiques(text: str) -> tuple[Critique, ...]:
    """Comparatives in the utterance, left to right. "Not too expensive" is a wish about price, and none."""
    found: list[Critique] = []
    for match in _TOO.finditer(text):
        if _NOT_TOO.search(text[: match.start()]):
            continue
        word = _TOO_MEANS[match.group("word").lower()]
        direction, topics = COMPARATIVES[word]
        found.append(Critique(*match.span(), direction, topics, "", word))
    for match in _COMPARATIVE.finditer(text):
        if _overlaps(match, found):
            continue
        critique = _comparative(match)
        if critique is not None:
            found.append(critique)
    for match in _BETTER.finditer(text):
        if not _overlaps(match, found):
            how, noun = match.group("how").lower(), match.group("noun").lower()
            direction = -1 if how in ("less", "lower", "fewer", "worse") else 1
            better = how in ("better", "improved", "nicer")
            topics = ("better", *stems(noun)) if better else stems(noun)
            found.append(
                Critique(*match.span(), direction, topics, match.group("degree") or "", match.group())
            )
    return tuple(sorted(found, key=lambda critique: critique.start))


def _comparative(match: re.Match[str]) -> Critique | None:
    word, more = match.group("word").lower(), (match.group("more") or "").lower()
    direction, topics = COMPARATIVES[word]
    if word in _POSITIVES and not more and not match.group("not"):
        return None
    if more == "less" or match.group("not"):
        direction = -direction
    noun = match.group("noun")
    end = match.end()
    if noun:
        own = stems(noun)
        if word in (
            "longer",
            "shorter",
            "stronger",
            "bigger",
            "larger",
            "smaller",
            "lower",
            "wider",
            "thicker",
            "lighter",
        ):
            topics = (*own, *topics)
        else:
            end = match.start("noun")
    text = match.group().strip() if end == match.end() else match.group()[: end - match.start()].strip()
    return Critique(match.start(), end, direction, topics, match.group("degree") or "", text)


def _overlaps(match: re.Match[str], found: Sequence[Critique]) -> bool:
    return any(match.start() < critique.end and critique.start < match.end() for critique in found)
