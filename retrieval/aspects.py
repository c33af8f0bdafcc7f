"""The aspects that reviews speak of: the lexicon of each category, and where a sentence names one.

The lexicons are mined by :mod:`retrieval.aspect_mining.mining`; a category knows its own terms and its
parents'.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from retrieval.aspect_mining.words import (
    DETERMINERS,
    IMPLYING_VERBS,
    OPINION_ADJECTIVES,
    PREDICATING,
    VERBS,
)

Stems = tuple[str, ...]
Category = tuple[str, ...]

TOKEN = re.compile(r"[^\W_]+(?:['\u2019&-][^\W_]+)*|[^\w\s]")


LONGEST_TERM = 6
"""Words of the longest term that is looked for."""
MIN_HEARD = 3
"""Sentences of a category that must name an aspect before it is shown as one of the category's."""


@dataclass(frozen=True)
class Mention:
    """An aspect named in a sentence: ``sentence[start:end]`` is the term as written."""

    aspect: str
    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Aspect:
    """A cluster of terms under the name of its most frequent one; ``count`` in sentences of the category."""

    name: str
    terms: tuple[str, ...]
    count: int
    general: bool = False


@dataclass(frozen=True)
class AspectLexicon:
    """The aspects of one category, ready to be found in sentences."""

    aspects: tuple[Aspect, ...]
    _names: dict[Stems, str] = field(init=False, repr=False, compare=False)
    _longest: dict[str, int] = field(init=False, repr=False, compare=False)  # term length by first stem

    def __post_init__(self) -> None:
        names: dict[Stems, str] = {}
        for aspect in self.aspects:
            for term in aspect.terms:
                if key := stems_of(term):
                    names.setdefault(key, aspect.name)
        longest: dict[str, int] = {}
        for stems in names:
            longest[stems[0]] = max(len(stems), longest.get(stems[0], 0))
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_longest", longest)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(aspect.name for aspect in self.aspects)

    @property
    def heard(self) -> tuple[str, ...]:
        """The names that say something of this category: the general ones, and those its buyers speak of.
        Others are a parent's, kept to be understood.
        """
        return tuple(a.name for a in self.aspects if a.general or a.count >= MIN_HEARD)

    def find(self, sentence: str) -> tuple[Mention, ...]:
        """The aspects a sentence names, longest terms first, no overlaps.

        About 20 microseconds a sentence.
        """
        tokens = [(stem(m.group().lower()), m.start(), m.end()) for m in TOKEN.finditer(sentence)]
        mentions: list[Mention] = []
        at = 0
        while at < len(tokens):
            longest = min(self._longest.get(tokens[at][0], 0), len(tokens) - at, LONGEST_TERM)
            for size in range(longest, 0, -1):
                aspect = self._names.get(tuple(token[0] for token in tokens[at : at + size]))
                if aspect is not None and (size > 1 or _is_target(sentence, tokens, at)):
                    start, end = tokens[at][1], tokens[at + size - 1][2]
                    mentions.append(Mention(aspect, sentence[start:end].lower(), start, end))
                    at += size - 1
                    break
            at += 1
        return tuple(mentions)


def _is_target(sentence: str, tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether a word that is also a verb is meant as a thing ("the look") or judged ("looks great"), and
    whether an adjective that implies an aspect is said of the product ("is small").
    """

    def word(i: int) -> str:
        return sentence[tokens[i][1] : tokens[i][2]].lower() if 0 <= i < len(tokens) else ""

    if word(at) in OPINION_ADJECTIVES:
        return at == 0 or word(at - 1) in PREDICATING
    if word(at) not in VERBS or word(at) in IMPLYING_VERBS:
        return True
    after = word(at + 1)
    judged = after in OPINION_ADJECTIVES or after.endswith("ly") or after in ("very", "so", "well", "too")
    return judged or word(at - 1) in DETERMINERS or word(at - 1) in OPINION_ADJECTIVES


@dataclass(frozen=True)
class AspectBook:
    """The lexicon of every category that has one; ``()`` is the whole shop."""

    lexicons: Mapping[Category, AspectLexicon]

    def lexicon(self, category: Category) -> AspectLexicon:
        """The lexicon of the deepest known department on the category's path."""
        return self.lexicons[self.known_category(category)]

    def known_category(self, category: Category) -> Category:
        for depth in range(len(category), 0, -1):
            if category[:depth] in self.lexicons:
                return category[:depth]
        return ()

    def named_like(self, earlier: AspectBook) -> AspectBook:
        """This book with the earlier names where that name is still one of the aspect's terms:
        pages stay stable.
        """
        lexicons = {}
        for category, lexicon in self.lexicons.items():
            held = {stems_of(name): name for name in earlier.lexicon(category).names}
            taken = {stems_of(name) for name in lexicon.names}
            renamed = []
            for aspect in lexicon.aspects:
                keys = [stems_of(term) for term in aspect.terms]
                known = [held[key] for key in keys if key in held]
                free = bool(known) and stems_of(aspect.name) not in held and stems_of(known[0]) not in taken
                renamed.append(replace(aspect, name=known[0]) if free and not aspect.general else aspect)
            lexicons[category] = AspectLexicon(tuple(renamed))
        return AspectBook(lexicons)

    def to_json(self) -> str:
        rows = [
            {
                "category": list(category),
                "aspects": [[a.name, list(a.terms), a.count, a.general] for a in lexicon.aspects],
            }
            for category, lexicon in self.lexicons.items()
        ]
        return json.dumps(rows, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> AspectBook:
        return cls(
            {
                tuple(row["category"]): AspectLexicon(
                    tuple(
                        Aspect(name, tuple(terms), count, general)
                        for name, terms, count, general in row["aspects"]
                    )
                )
                for row in json.loads(text)
            }
        )


# --- words ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def stems_of(text: str) -> Stems:
    """Stems of a text's words and marks: the key under which terms are equal."""
    return tuple(stem(m.group().lower()) for m in TOKEN.finditer(text))
