"""What of a phrase names a thing, and what only describes or qualifies it."""

from __future__ import annotations

import re

from retrieval.naming.thesaurus import phrase_of

ABOUT = re.compile(
    r"(?<!\bclip[ -])(?<!\b(?:slip|snap|roll|pull|walk|plug|lace|fold|wind|lift|push)[ -])"
    r"(?<!\b(?:stick|screw|strap|press|built|slide)[ -])"
    r"\b(?:for|with|to|that|which|who|without|from|in|on|at|by|so|because|when|under|over|around|like)\b(?!-)",
    re.IGNORECASE,
)
DETERMINERS = re.compile(
    r"^(?:(?:an?|the|some|any|my|your|our|his|her|their|this|that|these|those|another|other|new|good|nice|"
    r"decent|best|cheap|proper|fresh|cool|comfy|lovely|fancy|great|solid|reliable|affordable|really|very|"
    r"pair of|set of|kind of|sort of|few|couple of|one|two|bit of)\s+)+",
    re.IGNORECASE,
)


def thing_of(phrase: str) -> str:
    """The words that name the thing: "a bag for my laptop" -> "bag"."""
    plain = DETERMINERS.sub("", " ".join(phrase.split()))
    about = ABOUT.search(plain, 1)
    named = plain[: about.start()].strip() if about else plain
    return named if phrase_of(named) else plain
