"""How frequent words are in English: a brand called "Home" says less than one called "Veltra"."""

from __future__ import annotations

from retrieval.text.spelling import english_ranks

__all__ = ["COMMON_RANK", "VERY_COMMON_RANK", "english_ranks", "is_very_common"]

COMMON_RANK = 6000
"""Brands among this many most frequent English words need a cue ("from Target") before they bind."""
VERY_COMMON_RANK = 500


def is_very_common(phrase: str) -> bool:
    """Whether English uses the word all the time ("down"): then its standing in a text says nothing."""
    ranks = english_ranks()
    return all(ranks.get(word, COMMON_RANK) < VERY_COMMON_RANK for word in phrase.split())
