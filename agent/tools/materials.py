"""What a product is made of: which questions ask for it, and which fields and sentences tell it."""

from __future__ import annotations

import re
from functools import cache

from retrieval.absence.substances import phrase_of
from retrieval.text_attributes.properties import Property, general_properties

_ASKING = re.compile(
    r"\bmade (?:out )?(?:of|from)\b|\bmade with\b|\b(?:what|which) (?:kind of |sort of |type of )?"
    r"(?:materials?|fabrics?|cloth|textile)\b|\bwhat (?:is|are) the (?:materials?|fabrics?)\b",
    re.IGNORECASE,
)
_REALLY = re.compile(
    r"\b(?:real|proper|genuine|actual|true|fake|faux|imitation|(?:what|which)(?: kind of| sort of| type of)?)"
    r" (?P<what>[a-z]+)",
    re.IGNORECASE,
)
"""Asks after a material by its name."""
_MADE = re.compile(
    r"\d\s?% ?[A-Za-z]|\b(?:made|woven|crafted|knit(?:ted)?|sewn|cut|built|moulded|molded|forged|carved)"
    r"(?: by hand)?(?: entirely| completely)? (?:out )?(?:of|from|with)\b"
    r"|\b(?:material|fabric|composition|shell|lining)s?\s*[:=]",
    re.IGNORECASE,
)
"""How a sentence opens a material, whatever its name: "100% raffia", "woven from willow"."""
_MADE_OF, _NAMED = 0.9, 0.6
_PARTS = frozenset(
    ["material", "fabric", "composition", "textile", "cloth", "fibre", "fiber", "shell", "upper", "lining"]
)
"""Words in the names of fields that tell a material."""
_LONGEST_NAME = 3


def asks_material(question: str) -> bool:
    """Whether a question asks what something is made of, or whether it really is of that: "is it proper leather"."""
    if _ASKING.search(question):
        return True
    return any(names_material(match["what"]) for match in _REALLY.finditer(question))


def tells_material(label: str, value: str) -> bool:
    """Whether a field says what a product is made of, by its name or by its value."""
    words = phrase_of(label)
    if _PARTS & set(words) or words in _materials().columns:
        return True
    others = (p for name, p in general_properties().items() if name != "material")
    return not any(words in other.columns for other in others) and names_material(value)


def material_score(text: str) -> float:
    """How surely a sentence says what a product is made of; 0 to 1."""
    if _MADE.search(text):
        return _MADE_OF
    return _NAMED if names_material(text) else 0.0


def names_material(text: str) -> bool:
    """Whether a text has the name of a material that stands for itself there ("glass", not "wine glass")."""
    words, known = phrase_of(text), _materials()
    other: set[int] = set()
    for start, end in _spans(words):
        if words[start:end] in known.others:
            other.update(range(start, end))
    return any(
        words[start:end] in known.values and not other & set(range(start, end))
        for start, end in _spans(words)
    )


def _spans(words: tuple[str, ...]) -> list[tuple[int, int]]:
    lengths = range(1, _LONGEST_NAME + 1)
    return [(at, at + n) for at in range(len(words)) for n in lengths if at + n <= len(words)]


@cache
def _materials() -> Property:
    return general_properties()["material"]
