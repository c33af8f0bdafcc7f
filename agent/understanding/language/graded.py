"""Graded adjectives: "quiet", "light" and "sturdy" are no yes or no. They weigh; said strictly, they bind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.understanding.language.comparatives import COMPARATIVES, Direction, superlative
from agent.understanding.language.directions import direction_on

_MEANINGS = {
    "quieter": "quiet silent noiseless",
    "louder": "loud",
    "lighter": "light lightweight portable",
    "heavier": "heavy",
    "brighter": "bright",
    "dimmer": "dim",
    "faster": "fast quick speedy",
    "softer": "soft cosy cozy cushy",
    "warmer": "warm toasty",
    "sturdier": "sturdy robust rugged stable",
    "durable": "durable long-lasting hard-wearing hardwearing tough",
    "comfortable": "comfortable comfy",
    "powerful": "powerful",
    "stronger": "strong",
    "bigger": "big large huge spacious roomy",
    "smaller": "small tiny compact",
    "longer": "long",
    "shorter": "short",
    "taller": "tall",
    "wider": "wide",
    "narrower": "narrow",
    "thicker": "thick",
    "thinner": "thin",
    "slimmer": "slim",
    "deeper": "deep",
    "sharper": "sharp",
}
_GRADED = {word: key for key, words in _MEANINGS.items() for word in words.split()}
_GRADED |= {superlative(key): key for key in _MEANINGS if key.endswith("er")}
GRADED_WORDS = frozenset(_GRADED)
_WORD = re.compile(
    rf"\b(?P<word>{'|'.join(sorted(_GRADED, key=len, reverse=True))})\b(?!-)(?! than\b)", re.IGNORECASE
)
_DEGREE = r"(?:(?:very|really|super|quite|pretty|nice and|extra|fairly|reasonably|as)\s+)*"
_STRICT_BEFORE = re.compile(
    rf"(?:\b(?:must|has to|have to|needs? to|it's essential it) be|\b(?:only|strictly|nothing but)|\bneed it)"
    rf"\s+(?:the\s+)?{_DEGREE}$",
    re.IGNORECASE,
)
_STRICT_AFTER = re.compile(
    r"^\s*(?:(?:ones?|models?)\s+)?(?:only\b|is (?:a must|essential|a requirement)|or nothing)", re.IGNORECASE
)
_APPROVED = re.compile(
    r"^\s*(?:(?:ones?|models?|things?)\s+)?(?:(?:is|are|would be|'s)\s+)?(?:also\s+|perfectly\s+|totally\s+)?"
    r"(?:fine|ok|okay|alright|all right|acceptable|no (?:problem|issue|big deal)|not a problem"
    r"|good enough)\b",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:(?:can|may|might|could)(?: also| even| well)? be|(?:don't|do not) (?:mind|care) (?:if|whether) "
    rf"(?:it's|it is|they're|they are)|even(?: if)?(?: it's| it is)?)\s+{_DEGREE}$",
    re.IGNORECASE,
)
""" "Heavy ones are fine", "it can be heavy": nothing heavy is sought, but light no longer matters."""
_OF_ANOTHER_THING = re.compile(
    r"(?<!looking )(?<!searching )(?<!search )(?<!shopping )(?<!hunting )(?<!market )"
    r"\b(?:for|with|in|on|under|fits?|into|inside|to|has|have|having)\s+"
    rf"(?:(?:my|a|an|the|our|his|her|their|some)\s+)?{_DEGREE}$",
    re.IGNORECASE,
)
"""In "for a small kitchen" the kitchen is small, and "with a long strap" speaks of the strap."""
_ELSEWHERE = re.compile(
    r"^\s+(?:shipping|delivery|charg\w+|shell|touch|food|fan|business|term|time|way|sleeves?|haired|day|"
    r"budget|range|list|bit|white|water|enough for|as i|as possible to)\b"
    r"|^\s*-",
    re.IGNORECASE,
)
_HOW = re.compile(r"\b(?:how|as|so|that)\s+$", re.IGNORECASE)
_NOUN_AFTER = re.compile(
    r"^\s+(?!(?:so|that|for|with|to|which|and|under|in|on|or|by|from|at|if|is|of|than|about|below|around"
    r"|up|please|when|while|as)\b)[a-z]",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    rf"\b(?:be|is|are|it's|they're|something|anything|one|ones|very|really|super|too|so|feels?|sounds?|and"
    rf"|but|only|not)\s+{_DEGREE}$|,\s*$",
    re.IGNORECASE,
)
_ALSO_NOUNS = frozenset(("light", "short", "deep", "quick", "long", "fast"))
"""As nouns ("a light so that cars see me") or adverbs they wish nothing."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A graded adjective at ``text[start:end]``: more (1) or less (-1) of the first of ``topics`` that a shop
    has; ``strict``: it must hold; ``allowed``: it is fine, and need not be."""

    start: int
    end: int
    word: str
    direction: Direction
    topics: tuple[str, ...]
    strict: bool
    allowed_to: int = 0
    """Where "ones are fine" ends, if it follows or "can be" stands before; else 0."""

    @property
    def allowed(self) -> bool:
        return self.allowed_to > 0


def comparative_of(word: str, direction: float, name: str = "") -> str:
    """ "quiet", -1 (less noise) -> "quieter"; a word that grades nothing gives "lower" or "higher".

    ``name``: of the number that ``direction`` is about; fewer "boil_minutes" are "faster".
    """
    key = _GRADED.get(word)
    meant, topics = COMPARATIVES[key] if key else (0, ("",))
    if name and key:
        meant = direction_on(name, topics, meant) or 0
    if key is None or meant != (1 if direction > 0 else -1):
        return "higher" if direction > 0 else "lower"
    return key if key.endswith("er") else f"more {key}"


def graded_key(word: str) -> str | None:
    """The comparative that a graded adjective stands for: ``silent`` -> ``quieter``."""
    return _GRADED.get(word)


def freed_topics(word: str) -> tuple[str, ...]:
    """What a graded adjective is about; nothing for another word."""
    key = _GRADED.get(word)
    return COMPARATIVES[key][1] if key else ()


def find_graded(text: str) -> tuple[Graded, ...]:
    """The graded adjectives that describe what is sought, left to right."""
    found = []
    for match in _WORD.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        word = match.group("word").lower()
        describes = bool(_NOUN_AFTER.match(after) or _PREDICATE.search(before) or _APPROVED.match(after))
        if _HOW.search(before) or _OF_ANOTHER_THING.search(before) or _ELSEWHERE.match(after):
            continue
        if word in _ALSO_NOUNS and not describes:
            continue
        direction, topics = COMPARATIVES[_GRADED[word]]
        strict = bool(_STRICT_BEFORE.search(before) or _STRICT_AFTER.match(after))
        approved = _APPROVED.match(after)
        allowed_to = match.end() + approved.end() if approved else 0
        if not approved and _ALLOWED.search(before):
            allowed_to = match.end()
        found.append(Graded(match.start(), match.end(), word, direction, topics, strict, allowed_to))
    return tuple(found)
