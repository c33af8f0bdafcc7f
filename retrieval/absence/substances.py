"""What people want to be without: its names, what it is made of, and what only sounds like it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

from retrieval.knowledge import read_text
from retrieval.text.normalization import unaccented

Role = Literal["name", "member", "other", "also"]
"""What a phrase is to a substance: its name, a part of it, something else that sounds like it, or a statement
that there is none of it."""
Phrase = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("en", "es", "n", "e", "s", "")
_VEGAN = ["vegan"]
"""Says that there is nothing of an animal; of an allergen that is no promise, traces being allowed."""
_JOINED = ("free", "frei", "less")
"""Endings by which one word says that there is none: "glutenfrei", "nutfree", "eggless"."""


@dataclass(frozen=True)
class Substance:
    """One block of `substances.txt`; phrases are tuples of folded singular words."""

    key: str
    names: tuple[Phrase, ...]
    asked: tuple[Phrase, ...]
    """``names``, and words too common to tell of it in a text."""
    lists: tuple[str, ...]
    traits: frozenset[str]
    labels: tuple[str, ...] = field(default=(), compare=False)

    @property
    def allergen(self) -> bool:
        """Whether somebody may be hurt by a wrong "free of"."""
        return "allergen" in self.traits


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with its place in it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Words of a text that stand for a substance, as positions in its list of words (``last`` is inside)."""

    key: str
    role: Role
    first: int
    last: int


def plain(text: str) -> str:
    """Lower case without accents, each character in its place, so that positions hold in both."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower if lower.isascii() else "".join(_bare(c) for c in lower)


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    base = unaccented(character)
    return base if len(base) == 1 else character


@lru_cache(maxsize=200_000)
def singular(word: str) -> str:
    """A crude singular; only ever compared with the same of another word."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "zes", "ches", "shes")) else word[:-1]


def words_of(text: str) -> list[Word]:
    """The words of a ``plain`` text, in the singular."""
    return [Word(singular(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def phrase_of(text: str) -> Phrase:
    return tuple(word.text for word in words_of(plain(text)))


class Substances:
    """All substances; finds them in texts by their first word. Microseconds a word that was seen before."""

    def __init__(self, text: str) -> None:
        self._by_key: dict[str, Substance] = {}
        self._by_name: dict[Phrase, Substance] = {}
        self._starting: dict[str, list[tuple[Phrase, str, Role]]] = defaultdict(list)
        self._patterns: list[tuple[re.Pattern[str], str, Role]] = []
        for block in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n", "", text)):
            if block.strip():
                self._add(block.strip())
        self._starts = lru_cache(maxsize=200_000)(self._starting_with)

    def __iter__(self) -> Iterator[Substance]:
        return iter(self._by_key.values())

    def __getitem__(self, key: str) -> Substance:
        return self._by_key[key]

    def get(self, key: str) -> Substance | None:
        return self._by_key.get(key)

    def named(self, text: str) -> Substance | None:
        """The substance that a shopper's words are the name of ("tree nuts", "Gluten")."""
        phrase = phrase_of(text)
        return self._by_name.get(phrase) or (self._claimed(phrase[0]) if len(phrase) == 1 else None)

    def _claimed(self, word: str) -> Substance | None:
        """The substance of a word such as "glutenfree"; only endings that cannot be another word's count."""
        for ending in _JOINED[:2]:
            if word.endswith(ending) and len(word) > len(ending) + 1:
                return self.without(word)
        return None

    @lru_cache(maxsize=100_000)  # noqa: B019 - one object for the process
    def without(self, word: str) -> Substance | None:
        """The substance that a joined word ("nussfrei", "eggless") says there is none of."""
        for ending in _JOINED:
            base = word.removesuffix(ending)
            if base == word or len(base) < 2:
                continue
            for linking in _ENDINGS:
                stem = base.removesuffix(linking) if linking else base
                found = self._by_name.get((singular(stem),)) if len(stem) > 1 else None
                if found is not None:
                    return found
        return None

    def find(self, words: list[Word]) -> list[Match]:
        """Every phrase of every substance in the words, without those inside a phrase that is another thing."""
        found: list[Match] = []
        for at, word in enumerate(words):
            for phrase, key, role in self._starts(word.text):
                last = at + len(phrase) - 1
                if last < len(words) and all(
                    words[at + n].text == part for n, part in enumerate(phrase[1:], 1)
                ):
                    found.append(Match(key, role, at, last))
        others = [m for m in found if m.role == "other"]
        if not others:
            return found
        return [m for m in found if m.role != "other" and not any(_covers(o, m) for o in others)]

    def _starting_with(self, word: str) -> tuple[tuple[Phrase, str, Role], ...]:
        found = list(self._starting.get(word, ()))
        if not word.endswith(_JOINED):
            found += [
                ((word,), key, role) for pattern, key, role in self._patterns if pattern.fullmatch(word)
            ]
        return tuple(found)

    def _add(self, block: str) -> None:
        head, *lines = block.split("\n")
        labels = _names(head)
        of = {name.strip(): _names(rest) for name, _, rest in (line.partition(":") for line in lines)}
        names = tuple(dict.fromkeys(phrase_of(n) for n in labels if not n.startswith("=")))
        asked = tuple(dict.fromkeys(phrase_of(n) for n in labels))
        key = labels[0].removeprefix("=")
        self._by_key[key] = Substance(
            key, names, asked, tuple(of.get("lists", ())), frozenset(of.get("is", ())), tuple(labels)
        )
        for phrase in asked:
            self._by_name.setdefault(phrase, self._by_key[key])
        also = [
            *of.get("also", ()),
            *([] if self._by_key[key].allergen else _VEGAN[: "animal" in of.get("is", ())]),
        ]
        for role, texts in (
            ("name", labels), ("member", of.get("of", ())), ("other", of.get("not", ())), ("also", also),
        ):  # fmt: skip
            for text in texts:
                self._phrase(text, key, role)  # type: ignore[arg-type]

    def _phrase(self, text: str, key: str, role: Role) -> None:
        if text.startswith("="):
            return
        if "*" in text:
            pattern = ".*".join(re.escape(plain(part)) for part in text.split("*"))
            self._patterns.append((re.compile(pattern), key, role))
            return
        phrase = phrase_of(text)
        self._starting[phrase[0]].append((phrase, key, role))


def _names(line: str) -> list[str]:
    return [name.strip() for name in line.split(";") if name.strip()]


def _covers(other: Match, match: Match) -> bool:
    return (
        other.key == match.key
        and match.role != "also"
        and other.first <= match.first
        and match.last <= other.last
    )


@cache
def substances() -> Substances:
    """Those that come with Aisle; read once."""
    return Substances(read_text("substances.txt"))
