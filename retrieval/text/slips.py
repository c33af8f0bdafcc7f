"""Slips of the pen in a question: words that are neither English nor the shop's, put right by the nearest that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from retrieval.text.spelling import english_ranks

_WORD = re.compile(r"(?<![\w'’.@/-])[a-z]{3,}(?![\w'’@/-])")
"""Small letters alone: a name keeps what it is written as."""
_LONG = 8
"""Letters from which on two edits may be meant as one word."""
_FREQUENT = 6_000
"""English words among so many are what a slip may be meant as, beside the words that are known."""


class Slips:
    """Puts words right; a word costs a scan of the words that it may be meant as, about 2 ms."""

    def __init__(
        self, known: Iterable[str], english: Callable[[], Mapping[str, int]] = english_ranks
    ) -> None:
        """``known``: words of the pages, and of what is usually asked."""
        self._known = frozenset(known)
        self._english = english

    def mended(self, question: str) -> str:
        """The question with its slips put right."""
        return _WORD.sub(lambda word: self._meant(word[0]), question)

    def _meant(self, word: str) -> str:
        if word in self._known or word in self._english():
            return word
        if word in self._shortened:
            return self._shortened[word]
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(word) >= _LONG else 1
        near = process.extract(
            word, self._candidates, scorer=OSA.distance, score_cutoff=most, limit=None, processor=None
        )
        if not near:
            return word
        ranks, unranked = self._english(), len(self._english())
        best = min(near, key=lambda one: (one[1], one[0][0] != word[0], ranks.get(one[0], unranked), one[0]))
        return str(best[0])

    @cached_property
    def _candidates(self) -> list[str]:
        frequent = (word for word, rank in self._english().items() if rank < _FREQUENT)
        return sorted({word for word in (*self._known, *frequent) if len(word) > 2 and word.isalpha()})

    @cached_property
    def _shortened(self) -> dict[str, str]:
        """By a contraction without its apostrophe, the contraction: "dont"."""
        return {word.replace("'", ""): word for word in self._english() if "'" in word}
