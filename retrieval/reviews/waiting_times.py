"""How long a parcel took, as praise or blame: "shipping took two days", "delivery took three weeks".

Sentence models know words of judgement; what number of days is quick they do not know.
"""

from __future__ import annotations

import re

TOLD = 0.6
"""What a told waiting time counts, as a clear opinion does."""
QUICK, SLOW = 4.0, 10.0
"""Days: up to the one is quick, from the other on is slow; between them only the buyer's words tell."""

_PARCEL = re.compile(
    r"\b(?:deliver(?:y|ed|ies)|shipp?(?:ing|ed|ment)?|arriv(?:ed?|es|al)|came|come|parcel|package|courier|"
    r"(?:got|was) here|get here|dispatch(?:ed)?|post(?:ed|age))\b",
    re.IGNORECASE,
)
_COUNTS = {
    word: number
    for number, words in enumerate(
        ("", "a an one", "two couple", "three", "four few", "five", "six", "seven", "eight", "nine", "ten")
    )
    for word in words.split()
}
_SPAN = re.compile(
    r"\b(?:took|takes|taken|needed|within|in|after|under|waited|just|only)\s+(?:(?:about|almost|nearly|over|more|less|"
    r"than|only|just|under|a|the|me|us|whole|full|good|for|it)\s+)*"
    rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s+(?:of\s+)?(?:whole\s+|full\s+|long\s+|working\s+|business\s+)?"
    r"(?P<unit>hour|day|week|month)s?\b(?!\s+(?:late|early|old|later|of))",
    re.IGNORECASE,
)
_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0}
_EARLY = re.compile(
    r"\b(?:days?|weeks?|hours?)\s+(?:early|before\s+(?:the\s+)?\w+|ahead)\b|\b(?:ahead\s+of\s+(?:time|schedule)|on\s+time|"
    r"(?:the\s+)?(?:very\s+)?next\s+(?:day|morning)|same\s+day|well\s+before|earlier\s+than|sooner\s+than|as\s+promised|"
    r"on\s+the\s+promised\s+day)\b",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|never|n['\u2019]t|nor|should|supposed|(?<!as )(?<!the )promised|would|could|if|unless|instead|"
    r"claim\w*|said|says|expect\w*|paid|hop\w+|until|broke|before\s+i)\b|n['\u2019]t\b",
    re.IGNORECASE,
)


def waiting_score(clause: str) -> float | None:
    """The opinion that a told waiting time implies, ``TOLD`` or its minus; ``None`` where none is told.

    Denials, promises and conditions are left to the model.
    """
    if not _PARCEL.search(clause) or _UNSURE.search(clause):
        return None
    if _EARLY.search(clause):
        return TOLD
    found = _SPAN.search(clause)
    if not found:
        return None
    count = found["count"].lower()
    days = (int(count) if count.isdigit() else _COUNTS[count]) * _DAYS[found["unit"].lower()]
    return TOLD if days <= QUICK else -TOLD if days >= SLOW else None
