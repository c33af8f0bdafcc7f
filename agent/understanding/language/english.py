"""How frequent words are in English: a brand called "Home" says less than one called "Veltra"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from retrieval.text.normalization import stem
from retrieval.text.spelling import english_ranks

__all__ = ["COMMON_RANK", "are_everyday", "english_ranks"]

COMMON_RANK = 6000
"""Brands among this many most frequent English words need a cue ("from Target") before they bind."""


def are_everyday(stems: Iterable[str]) -> bool:
    """Whether all of these stems are of words that English uses every day."""
    return _everyday_stems().issuperset(stems)


@cache
def _everyday_stems() -> frozenset[str]:
    return frozenset(stem(word) for word, rank in english_ranks().items() if rank < COMMON_RANK)
