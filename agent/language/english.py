"""How frequent words are in English: a brand called "Home" says less than one called "Veltra"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

COMMON_RANK = 6000
"""Brands among this many most frequent English words need a cue ("from Target") before they bind."""
VERY_COMMON_RANK = 500


@lru_cache(maxsize=1)
def english_ranks() -> Mapping[str, int]:
    """82,000 English words by frequency (0 = most frequent), from the list of symspellpy; read in 60 ms."""
    text = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {line.split(" ", 1)[0]: rank for rank, line in enumerate(text.splitlines())}


def is_very_common(phrase: str) -> bool:
    """Whether English uses the word all the time ("down"): then its standing in a text says nothing."""
    ranks = english_ranks()
    return all(ranks.get(word, COMMON_RANK) < VERY_COMMON_RANK for word in phrase.split())
