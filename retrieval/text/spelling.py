"""Spelling correction against the shop's own words: the likeliest known word within two edits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files

from retrieval.text.normalization import has_digit, stem

_EDIT_COST = 3.0  # in units of log frequency: one edit more must be e^3 = 20 times more frequent
_FIRST_LETTER_COST = 1.5  # people rarely get the first letter wrong
_CANDIDATES = 30
_EVERYDAY = 4_000  # such a word is only ever meant as another that is more frequent: "year" is no "gear"
_COMMON = 30_000  # an English word among so many is meant as it is typed, not as a word two edits away
_VERY_COMMON = 3_000  # nor, among these, as one that is one edit away: "pain" is no "pair"


@lru_cache(maxsize=1)
def english_ranks() -> Mapping[str, int]:
    """82,000 English words by frequency (0 = most frequent), from the list of symspellpy; read in 60 ms."""
    text = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {line.split(" ", 1)[0]: rank for rank, line in enumerate(text.splitlines())}


@lru_cache(maxsize=1)
def english_stems() -> frozenset[str]:
    """Stems of the 40,000 commonest English words."""
    return frozenset({stem(word) for word, rank in english_ranks().items() if rank < 40_000})


class Spelling:
    """Corrects words the shop does not use. No index to build: one vectorised scan of the words a correction.

    About 2 ms a misspelt word at 20,000 words; results are kept.
    """

    def __init__(
        self, frequencies: Mapping[str, int], english: Callable[[], Mapping[str, int]] = english_ranks
    ) -> None:
        """``frequencies``: of the shop's words; ``english``: gives ranks, read when first needed."""
        self._english = english
        self._frequencies = {word: count for word, count in frequencies.items() if not has_digit(word)}
        self._words = list(self._frequencies)
        self.candidates = lru_cache(maxsize=10_000)(self._candidates)

    @property
    def known(self) -> Mapping[str, int]:
        """The shop's words, with how many products have each."""
        return self._frequencies

    def is_far_fetched(self, typed: str, known: str) -> bool:
        """Whether ``typed`` is too common in English to stand for ``known``, unless the rest of a query
        speaks for it."""
        from rapidfuzz.distance import OSA

        rank = self._english().get(typed, _COMMON)
        return rank < (_COMMON if OSA.distance(typed, known) > 1 else _VERY_COMMON)

    def is_everyday(self, typed: str, known: str) -> bool:
        """Whether ``typed`` can't stand for ``known`` even where the rest of a query speaks for that."""
        ranks = self._english()
        rank = ranks.get(typed, _EVERYDAY)
        return rank < _EVERYDAY and rank < ranks.get(known, _EVERYDAY)

    def _candidates(self, word: str) -> tuple[tuple[str, float], ...]:
        """Known words within one edit (two from six letters on) with log likelihoods; numbers have none.

        Edits are insertion, deletion, replacement and transposition (optimal string alignment).
        """
        if len(word) < 4 or len(word) > 40 or has_digit(word) or word in self._frequencies:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 1 if len(word) < 6 else 2
        found = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=edits, limit=_CANDIDATES, processor=None
        )
        return tuple((known, self._likelihood(word, known, int(distance))) for known, distance, _ in found)

    def _likelihood(self, typed: str, known: str, edits: int) -> float:
        first_letter = 0.0 if typed[0] == known[0] else _FIRST_LETTER_COST
        return math.log(self._frequencies[known]) - _EDIT_COST * edits - first_letter
