"""Where in a text a value may be told: not in what is denied, compared, merely fitted or offered as a choice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

from retrieval.absence.statements import Statements, statements
from retrieval.absence.substances import Phrase, Word, plain, words_of

_SEGMENT = re.compile(r"\s[-–—|/]\s|[,;:()\[\]|•\n]|(?<=[a-z\d])\.\s")
_PART = re.compile(
    r"\b(?:with|w|for|fits?|to fit|compatible|includ(?:es|ing)|incl|plus|and free|mit|fur|avec|pour|on|like|goes|"
    r"match(?:es|ing)?|"
    r"available|also|choose|choice|than|over|under|from|against|inside|off|removes?|cleans?|works|vs)\b"
)
"""What follows in its segment tells of a part, of another thing or of a choice, not of the product."""
_OF_A_PART = re.compile(
    r"[\s-](?:burrs?|blades?|handles?|lids?|trim|tips?|hooks?|soles?|outsoles?|buckles?|zips?|zippers?|buttons?|legs?|base|rim|"
    r"coating|coated|plated|look|effect|finish|style|print|tone|colou?red)\b"
)
"""What makes the word before it tell of a part or of a look."""
_GAP = re.compile(r"[\s\-’']*")
_JOINED = re.compile(r"\s*(?:/|&|\+|-|,|\band\b|\bund\b)\s*")


@dataclass(frozen=True, slots=True)
class Told:
    """A value told at a place of a folded text."""

    value: str
    start: int
    end: int


class Phrases:
    """Finds phrases in words, the longest first, and leaves out those inside of phrases that say another thing."""

    def __init__(self, values: Mapping[Phrase, str], others: Set[Phrase] = frozenset()) -> None:
        self._starting: dict[str, list[tuple[Phrase, str | None]]] = {}
        for phrase, value in (*values.items(), *((other, None) for other in others)):
            self._starting.setdefault(phrase[0], []).append((phrase, value))
        for found in self._starting.values():
            found.sort(key=lambda pair: (-len(pair[0]), pair[1] is not None))

    def find(self, text: str, words: list[Word]) -> Iterator[Told]:
        at = 0
        while at < len(words):
            for phrase, value in self._starting.get(words[at].text, ()):
                last = at + len(phrase) - 1
                if last < len(words) and _is_phrase(text, words, at, phrase):
                    if value is not None:
                        yield Told(value, words[at].start, words[last].end)
                    at = last
                    break
            at += 1

    def __bool__(self) -> bool:
        return bool(self._starting)


def _is_phrase(text: str, words: list[Word], at: int, phrase: Phrase) -> bool:
    return all(
        words[at + n].text == part and _GAP.fullmatch(text[words[at + n - 1].end : words[at + n].start])
        for n, part in enumerate(phrase[1:], 1)
    )


@dataclass(frozen=True)
class Text:
    """A text made ready: folded, in words, with what it denies."""

    text: str
    folded: str
    words: list[Word]
    told: Statements

    @classmethod
    def of(cls, text: str) -> Text:
        folded = plain(text)
        return cls(text, folded, words_of(folded), statements(folded))

    def is_own(self, told: Told) -> bool:
        """Whether what stands there is said of the product itself."""
        if self.told.kind_at(told.start) is not None or any(end == told.end for end, _ in self.told.frees):
            return False
        if _OF_A_PART.match(self.folded, told.end):
            return False
        start = max((m.end() for m in _SEGMENT.finditer(self.folded, 0, told.start)), default=0)
        return _PART.search(self.folded, start, told.start) is None

    def joined(self, found: list[Told]) -> bool:
        """Whether several values are told as one: "black/white"."""
        return all(_JOINED.fullmatch(self.folded[a.end : b.start]) for a, b in pairwise(found))

    def sentence(self, told: Told) -> str:
        """The sentence around a place, verbatim."""
        start = max((m.end() for m in re.finditer(r"[.!?]\s+|\n", self.text[: told.start])), default=0)
        end = re.search(r"[.!?](?:\s|$)|\n", self.text[told.end :])
        return self.text[start : told.end + end.start() if end else len(self.text)].strip()
