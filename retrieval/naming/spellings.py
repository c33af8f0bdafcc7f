"""Other ways in which the name of a kind may have been written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from retrieval.naming.thesaurus import SAME, Phrase, Thesaurus
from retrieval.text.normalization import has_digit, stem
from retrieval.text.spelling import english_stems

CORRECTED = 0.9
"""How sure a name is whose spelling was put right."""


@dataclass(frozen=True)
class Spellings:
    """``words``: stems of the names of the shop's kinds, with how many products go under each."""

    words: Mapping[str, int]
    thesaurus: Thesaurus

    def variants(self, stems: Phrase) -> Iterator[tuple[Phrase, float]]:
        """The phrase as written, then with words joined or parted, then corrected; with how sure each is."""
        yield stems, 1.0
        for at in range(len(stems) - 1):
            joined = stem(stems[at] + stems[at + 1])
            if joined in self.words or joined in self.thesaurus.things:
                yield (*stems[:at], joined, *stems[at + 2 :]), 0.97
        for at, word in enumerate(stems):
            if word in self.words or word in self.thesaurus.things:
                continue
            for cut in range(3, len(word) - 2):
                halves = (stem(word[:cut]), stem(word[cut:]))
                if all(half in self.words or half in self.thesaurus.things for half in halves):
                    yield (*stems[:at], *halves, *stems[at + 1 :]), 0.95
        for at, word in enumerate(stems[:-1]):
            for other, weight in self.thesaurus.others.get((word,), ()):
                if len(other) == 1 and weight == SAME:
                    yield (*stems[:at], *other, *stems[at + 1 :]), 0.95
        corrected = tuple(self._corrected(word) for word in stems)
        if corrected != stems:
            yield corrected, CORRECTED

    def _corrected(self, word: str) -> str:
        if len(word) < 4 or has_digit(word) or word in self.words or word in self.thesaurus.things:
            return word
        if word in english_stems():
            return word
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = 1 if len(word) < 6 else 2
        found = process.extract(word, self._known_words, scorer=OSA.distance, score_cutoff=edits, limit=5)
        best = [name for name, distance, _ in found if distance == found[0][1]] if found else []
        return max(best, key=lambda name: (name[0] == word[0], self.words.get(name, 0)), default=word)

    @cached_property
    def _known_words(self) -> list[str]:
        return list(dict.fromkeys((*self.words, *self.thesaurus.things)))
