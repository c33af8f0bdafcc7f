"""A glossary of the trade: what terms mean and how two things differ. General, and told as such."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems

FILE = Path(__file__).with_name("glossary.txt")
SHARED = 3
"""Words that a question must share with an entry that it calls by half a name."""
_AGAINST = re.compile(r"\s+(?:vs\.?|versus)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """A term, or two that are compared, with its explanation. ``sides``: the stems of each thing compared."""

    name: str
    text: str
    sides: tuple[tuple[str, ...], ...]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(stem for stem in stems(f"{self.name} {self.text}") if stem not in FUNCTION_WORDS)


class Glossary:
    """Entries by the words of their names. Finding costs microseconds."""

    def __init__(self, text: str) -> None:
        self._terms: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        self._joined: dict[str, list[Entry]] = defaultdict(list)
        """By the words of a name written together: "soft shell" is softshell, "Cat6" is Cat 6."""
        self._endings: dict[str, list[Entry]] = defaultdict(list)
        self._comparisons: dict[str, list[Entry]] = defaultdict(list)
        self._longest = 1
        for block in re.split(r"\n\s*\n", text):
            self._add(block.strip("\n"))

    def find(self, question: str) -> tuple[Entry, ...]:
        """The entry that compares two things that the question names, else those of the terms it names,
        longest names first.
        """
        said = stems(question)
        words = set(said)
        together = _together(said)
        for entry in dict.fromkeys(
            e for word in (*said, *sorted(together)) for e in self._comparisons.get(word, ())
        ):
            if all(_holds(said, side) or "".join(side) in together for side in entry.sides):
                return (entry,)
        found: list[Entry] = []
        at = 0
        while at < len(said):
            for size in range(min(self._longest, len(said) - at), 0, -1):
                entries = self._terms.get(said[at : at + size]) or self._joined.get(
                    _joined(said[at : at + size])
                )
                if entries:
                    found.extend(entries)
                    at += size - 1
                    break
            at += 1
        if not found:
            found = self._shortened(words)
        return tuple(dict.fromkeys(sorted(found, key=lambda e: (-len(e.sides[0]), -len(words & e.words)))))

    def compared(self, question: str) -> bool:
        """Whether the question names two things that an entry compares."""
        return any(len(entry.sides) > 1 for entry in self.find(question)[:1])

    def _shortened(self, words: set[str]) -> list[Entry]:
        """Entries that are called by the end of their name ("drop" for heel drop), where their text speaks of
        what else the question names.
        """
        ends = [entry for word in words for entry in self._endings.get(word, ())]
        best = max((len(words & entry.words) for entry in ends), default=0)
        return [entry for entry in ends if len(words & entry.words) == best] if best >= SHARED else []

    def _add(self, block: str) -> None:
        head, _, body = block.partition("\n")
        names = [name.strip() for name in head.split(";") if name.strip()]
        text = " ".join(body.split())
        if not names or not text:
            return
        sides = tuple(stems(side) for side in _AGAINST.split(names[0]))
        entry = Entry(names[0], text, sides)
        if len(sides) > 1:
            for word in dict.fromkeys((sides[0][-1], "".join(sides[0]))):
                self._comparisons[word].append(entry)
            return
        for name in names:
            key = stems(name)
            if key and key[-1] not in FUNCTION_WORDS and any(len(word) > 1 for word in key):
                self._terms[key].append(entry)
                self._joined["".join(key)].append(entry)
                self._longest = max(self._longest, len(key))
                if len(key) > 1:
                    self._endings[key[-1]].append(entry)


def _together(said: tuple[str, ...]) -> frozenset[str]:
    """Up to three neighbouring words of what was said, written together."""
    return frozenset(
        _joined(said[at : at + size]) for size in (1, 2, 3) for at in range(len(said) - size + 1)
    ) - {""}


def _joined(words: tuple[str, ...]) -> str:
    """Words written together; empty where one of several is a function word: "a 3" is no A3."""
    return "" if len(words) > 1 and not FUNCTION_WORDS.isdisjoint(words) else "".join(words)


def _holds(said: tuple[str, ...], side: tuple[str, ...]) -> bool:
    """Whether the words of a thing stand in what was said; its last may be left to the other ("down or
    synthetic").
    """
    words = set(said)
    return set(side) <= words or (len(side) > 1 and set(side[:-1]) <= words and side[0] not in ("a", "the"))


@cache
def glossary() -> Glossary:
    """The glossary that comes with Aisle; read once, when first asked."""
    return Glossary(FILE.read_text(encoding="utf-8"))
