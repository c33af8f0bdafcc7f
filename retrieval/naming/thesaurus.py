"""Everyday product names that mean the same, and which words name products at all; from data files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retrieval.knowledge import read_text
from retrieval.text.normalization import stem, words

Phrase = tuple[str, ...]
"""Stems in order, the head last."""
SAME, NARROWER = 1.0, 0.9


class ThesaurusError(ValueError):
    """The synonym file can't be read; the message names file and line."""


@dataclass(frozen=True)
class Thesaurus:
    """``others``: phrase -> names that serve who asks for it, each with a weight. ``things``: stems of nouns
    that name products, some only at the end of a name ("neck" of a "roll neck"); ``alone``: those that do so by
    themselves."""

    others: Mapping[Phrase, tuple[tuple[Phrase, float], ...]]
    things: frozenset[str]
    alone: frozenset[str]

    def variants(self, phrase: Phrase) -> list[tuple[Phrase, float]]:
        """Other names of what ``phrase`` names by its last words: "cordless hoover" -> "cordless vacuum
        cleaner". Longer known names first; the words before a replaced name stay.
        """
        for start in range(len(phrase)):
            found = self.others.get(phrase[start:])
            if found:
                before = phrase[:start]
                own = [((*before, *other), weight) for other, weight in found]
                return [pair for pair in own if len(set(pair[0])) == len(pair[0])]
        return []

    def knows(self, phrase: Phrase) -> bool:
        """Whether these words, as they stand, are a product's name in the thesaurus."""
        return phrase in self.others


def phrase_of(text: str) -> Phrase:
    """The stems of a name."""
    return tuple(token for token in map(stem, words(text)) if token)


@lru_cache(maxsize=1)
def thesaurus() -> Thesaurus:
    """The one that ships with Aisle. Read once, 10 ms."""
    return read_thesaurus(read_text("synonyms.txt"), read_text("things.txt"))


def read_thesaurus(synonyms: str, things: str = "", source: Path | str = "synonyms.txt") -> Thesaurus:
    """Read ``a, b, c`` (each means the others) and ``a, b: c, d`` (c and d serve who asks for a or b).

    Raises:
        ThesaurusError: a line is neither.
    """
    found: dict[Phrase, dict[Phrase, float]] = defaultdict(dict)
    for number, line in enumerate(synonyms.splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        left, colon, right = line.partition(":")
        wider = [phrase_of(name) for name in left.split(",")] if colon else []
        names = [phrase_of(name) for name in (right if colon else line).split(",")]
        if not all(names) or not all(wider) or len(names) + bool(colon) < 2:
            raise ThesaurusError(f"{source}, line {number}: expected `a, b` or `a: b, c`, got {line!r}")
        for name in names:
            for top in wider:
                found[top].setdefault(name, NARROWER)
            if not colon:
                found[name].update({other: SAME for other in names if other != name})
    nouns = {stem(word) for line in things.splitlines() if not line.startswith("#") for word in line.split()}
    phrases = {*found, *(other for others in found.values() for other in others)}
    heads = {phrase[-1] for phrase in phrases}
    alone = nouns | {phrase[0] for phrase in phrases if len(phrase) == 1}
    others = {phrase: tuple(kinds.items()) for phrase, kinds in found.items()}
    return Thesaurus(others, frozenset(nouns | heads), frozenset(alone))
