"""Word lists as they are written in code: one text, read as a set."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words between blanks and line breaks: ``"a b"`` -> ``{"a", "b"}``."""
    return frozenset(text.split())
