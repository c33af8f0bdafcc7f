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
    ranks = _ranks_of_stems()
    return all(ranks.get(one, COMMON_RANK) < COMMON_RANK for one in stems)


@cache
def _ranks_of_stems() -> dict[str, int]:
    found: dict[str, int] = {}
    for word, rank in english_ranks().items():
        found.setdefault(stem(word), rank)
    return found
