"""What a product's own text warns of: "not suitable during pregnancy" is nothing for who says that they are pregnant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from agent.tools.asked import content
from retrieval.records import Product

_WARNS = re.compile(
    r"(?:\b(?:not|never)\b|n['’]t\b)\s+(?:\w+\s+)?"
    r"(?:suitable|suited|recommended|advised|intended|meant|safe|for use|be used)\b"
    r"|\bunsuitable\b|\b(?:avoid|do not use|don['’]t use)\s+(?:it\s+)?(?:if|during|when|while|in)\b",
    re.I,
)
_CLAUSE = re.compile(r"[^.!?;\n]{0,70}")
ALIKE = 6
"""Letters by which two words are one: "pregnant", "pregnancy"."""


def warned_of(told: str) -> Callable[[Product], bool]:
    """Whether the shop's text of a product warns of something that is told. What a number bounds ("under 3 years") is left
    to the fields of ages. A few regular expressions over each text; nothing where little is told.
    """
    said = _beginnings(told)
    return lambda product: bool(said) and any(said & _beginnings(clause) for clause in _warnings(product))


def _warnings(product: Product) -> Iterator[str]:
    for text in (product.description, *product.texts.values()):
        for found in _WARNS.finditer(text):
            clause = _CLAUSE.match(text, found.end())
            if clause and not any(c.isdigit() for c in clause[0]):
                yield clause[0]


def _beginnings(text: str) -> set[str]:
    return {stem[:ALIKE] for stem in content(text) if len(stem) >= ALIKE}
