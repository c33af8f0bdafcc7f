"""What a query asks for in the shop's own words: tokens with weights, after spelling, compounds and
synonyms."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from retrieval.text.language import language
from retrieval.text.natural import is_natural
from retrieval.text.normalization import has_digit, stem, tokenize, words
from retrieval.text.spelling import Spelling, english_ranks

SYNONYM_WEIGHT = 0.6
COMPOUND_WEIGHT = 0.8
SHORTEST_HALF = 4
"""A shorter part of a word that is split must be an English word by itself: "bath tub"."""
MAX_WORDS = 40
MAX_CHARACTERS = 1000
"""Longer queries are cut to these first words and characters: bounded time."""


class SynonymError(ValueError):
    """The synonym file can't be read; the message names file and line."""


@dataclass(frozen=True)
class AnalysedQuery:
    """A query ready to be scored."""

    text: str
    """What to encode: the query with its spelling corrected."""
    tokens: tuple[str, ...]
    """Stemmed words in order, corrected, without expansions."""
    weights: dict[str, float]
    """Every token to score: 1 for the shopper's own words, less for expansions."""
    corrected: str | None
    """The query as corrected, where a word was."""
    alternatives: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Expansions by token, with the places in ``tokens`` that each stands for."""
    natural: bool = False
    """Said in a sentence, not in keywords: then ``text`` keeps its grammar."""


def _rewritten(text: str, typed: Sequence[str], fixed: Sequence[list[str]]) -> str:
    """The sentence with the words that were corrected in their places."""
    for word, form in zip(typed, fixed, strict=True):
        if form != [word]:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ".join(form), text, flags=re.IGNORECASE)
    return " ".join(text.split())


@dataclass(frozen=True)
class Synonyms:
    """Expansions by phrase of tokens: ``("tv",) -> (("televis",),)``."""

    expansions: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]

    @classmethod
    def read(cls, path: Path | None) -> Synonyms:
        """A shop's file: ``sofa, couch`` (each means the other) or ``tee => t-shirt, shirt`` (one way);
        ``#`` comments.

        Raises:
            SynonymError: a line is neither.
        """
        found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
        for number, line in enumerate(lines, start=1):
            line = line.partition("#")[0].strip()
            if not line:
                continue
            left, arrow, right = line.partition("=>")
            sources = [tuple(tokenize(name)) for name in left.split(",")]
            targets = [tuple(tokenize(name)) for name in right.split(",")] if arrow else sources
            if not all(sources) or not all(targets) or len({*sources, *targets}) < 2:
                raise SynonymError(
                    f"{path}, line {number}: expected `a, b` or `a => b, c` (two names), got {line!r}"
                )
            for source in sources:
                found.setdefault(source, []).extend(target for target in targets if target != source)
        return cls({source: tuple(dict.fromkeys(targets)) for source, targets in found.items()})


class QueryAnalyser:
    """Turns what was typed into tokens the shop knows. ``document_frequency`` tells how many products have
    a token."""

    def __init__(
        self,
        spelling: Spelling,
        synonyms: Synonyms,
        document_frequency: Callable[[str], int],
        together: Callable[[str, Sequence[str]], int] = lambda token, others: 0,
    ) -> None:
        """``together``: how many titles hold a token and at least one of the others."""
        self._spelling, self.synonyms = spelling, synonyms
        self._frequency, self._together = document_frequency, together

    @property
    def words(self) -> Mapping[str, int]:
        """The shop's words, with how many products have each."""
        return self._spelling.known

    def analyse(self, text: str) -> AnalysedQuery:
        """Analyse a query; cheap (well below 1 ms) unless a word is misspelt."""
        text = text[:MAX_CHARACTERS]
        natural = is_natural(text)
        typed = words(text)[:MAX_WORDS]
        known = self._understood(text, typed) if natural else frozenset[str]()
        fixed = [
            [word] if word in known else self._known_form(word, typed, place)
            for place, word in enumerate(typed)
        ]
        flat = [word for form in fixed for word in form]
        tokens = tuple(token for token in map(stem, flat) if token)
        weights = dict.fromkeys(tokens, 1.0)
        alternatives = self._compounds(flat)
        weights |= {token: COMPOUND_WEIGHT for token in alternatives if token not in weights}
        synonyms = self._expansions(tokens)
        weights |= {token: SYNONYM_WEIGHT for token in synonyms if token not in weights}
        changed = flat != typed
        corrected = None
        if changed:
            corrected = _rewritten(text, typed, fixed) if natural else " ".join(flat)
        return AnalysedQuery(
            corrected or " ".join(text.split()), tokens, weights, corrected, synonyms | alternatives, natural
        )

    @staticmethod
    def _understood(text: str, typed: Sequence[str]) -> frozenset[str]:
        """The words of a sentence that are right as they stand: English ones, and all of a foreign one."""
        english = english_ranks()
        unknown = [word for word in typed if word not in english]
        if unknown and language(text) != "en":
            return frozenset(typed)
        return frozenset(word for word in typed if word in english)

    def _known_form(self, word: str, typed: Sequence[str], place: int) -> list[str]:
        """The word itself, or what it most likely stands for: two words written as one, or a misspelling."""
        if has_digit(word) or not word.isascii() or self._frequency(stem(word)):
            return [word]
        around = (*typed[max(0, place - 1) : place], *typed[place + 1 : place + 2])
        if any(self._frequency(stem(a + b)) for other in around for a, b in ((other, word), (word, other))):
            return [word]  # half of a word that the shop writes as one
        return self._split(word) or [self._corrected(word, typed)]

    def _corrected(self, word: str, typed: Sequence[str]) -> str:
        """The likeliest known word, given how often it stands in titles with the rest of the query."""
        others = [stem(other) for other in typed if other != word]
        found = self._spelling.candidates(word)
        counted = [(self._together(stem(known), others), likelihood, known) for known, likelihood in found]
        scored = [
            (likelihood + math.log1p(together), known)
            for together, likelihood, known in counted
            if not (self._spelling.is_everyday if together else self._spelling.is_far_fetched)(word, known)
        ]
        return max(scored, default=(0.0, word))[1]

    def _split(self, word: str) -> list[str] | None:
        """``bathtub`` typed as one word in a shop of ``bath tub``: the split whose rarer half is most
        frequent."""
        best, best_frequency = None, 1
        for cut in range(3, len(word) - 2):
            halves = [word[:cut], word[cut:]]
            if any(len(half) < SHORTEST_HALF and half not in english_ranks() for half in halves):
                continue  # "whi sky" is no reading of whisky, whatever codes the titles hold
            frequency = min(self._frequency(stem(half)) for half in halves)
            if frequency > best_frequency:
                best, best_frequency = halves, frequency
        return best

    def _compounds(self, flat: list[str]) -> dict[str, tuple[int, ...]]:
        """Neighbouring words that the shop writes as one: ``door bell`` also finds ``doorbell``."""
        joined = {
            stem(a + b): (at, at + 1) for at, (a, b) in enumerate(pairwise(flat)) if not has_digit(a + b)
        }
        return {token: places for token, places in joined.items() if self._frequency(token)}

    def _expansions(self, tokens: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
        found: dict[str, tuple[int, ...]] = {}
        for length in (1, 2, 3):
            for start in range(len(tokens) - length + 1):
                for target in self.synonyms.expansions.get(tokens[start : start + length], ()):
                    found.update(dict.fromkeys(target, tuple(range(start, start + length))))
        return found
