"""What a title names: the noun that it is about, with the words before it.

"stand" in "Folding Music Stand with Bag", "toner cartridge" in "Lexmark 14N1070E toner cartridge Original
magenta 1 pc(s)", "sleeve" in "15 inch Laptop Sleeve, black". No parser is needed: shops write the name
before a comma, a bracket, a preposition, a colour or a size, and what a name may end with is known.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from retrieval.naming.thesaurus import Phrase
from retrieval.text.normalization import has_digit, is_counted, is_unit, stem, words

_HARD = re.compile(r"[,()|–—:;\[\]+•]|\s/|/\s|\s-\s|-\s|\s-")
_ASIDE = re.compile(r"\b(?:with|for|fits?|without|compatible|includ(?:es|ing)|incl)\b|\bw/", re.IGNORECASE)
"""What follows is another thing: "Stand with Bag", "Sleeve for Laptops"."""
_LINK = re.compile(r"\b(?:in|by|to|from|on|at)\b", re.IGNORECASE)
"""The name stands before, where it does: "Jacket in Navy", but "Squier by Fender Electric Guitar"."""
_OF = re.compile(r"\bof\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
_COLORS = """
black white red blue green yellow pink purple grey gray brown beige silver gold golden navy ivory cyan magenta
violet turquoise teal cream charcoal khaki olive burgundy maroon tan bronze copper chrome transparent clear
multicolor multicolour original assorted
"""
COLORS = frozenset(_COLORS.split())
CONTAINERS = frozenset(map(stem, ("set", "pack", "bundle", "pair", "lot", "collection", "assortment")))
SEGMENTS, GAP, LONGEST = 12, 2, 3
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SHORTEST = 3  # letters of a compound's first part; its last has two more


@dataclass(frozen=True)
class Head:
    """``phrase``: up to three stems, the head last; ``surface``: the same as written; ``also``: what a set
    or pack is of."""

    phrase: Phrase
    surface: str
    also: Phrase = ()


class HeadReader:
    """Reads titles' heads. ``things``: stems that may end a name; ``brands``: stems that only open titles."""

    def __init__(self, things: frozenset[str], brands: frozenset[str] = frozenset()) -> None:
        self._things, self._brands = things, brands

    @classmethod
    def of(cls, titles: Sequence[str], things: frozenset[str]) -> HeadReader:
        """With what the shop's own titles end and open with."""
        opens, seen = Counter[str](), Counter[str]()
        ended: dict[str, list[str]] = defaultdict(list)
        for title in titles:
            named = _trimmed(_words(_segments(title)[0] if title.strip() else ""))
            stems = [_stem(word) for word in named]
            seen.update(set(stems))
            if stems:
                opens[stems[0]] += 1
                ended[stems[-1]].append(stems[-2] if len(stems) > 1 else "")
        ends = {
            word
            for word, before in ended.items()
            if len(word) > 2
            and len(set(before)) >= 3
            and len(before) >= 0.5 * seen[word]
            and not is_unit(word)
        }
        brands = {
            word
            for word, count in opens.items()
            if count >= 4 and count >= 0.8 * seen[word] and len(ended[word]) < 0.1 * seen[word]
        }
        return cls(frozenset(things | ends), frozenset(brands - ends))

    def read(self, title: str) -> Head | None:
        """The head of one title; None where it does not tell."""
        for segment in _segments(title)[:SEGMENTS]:
            found = self._of_segment(_words(segment))
            if found is not None:
                return found
        return None

    def sure(self, title: str) -> Head | None:
        """The head of a title that names one thing: none where another thing stands beside it, before a number
        or colour ("labels 64 mm white paper") or after the head ("14 bar floor pump"), or where it is counted.
        """
        plain = " ".join(_BRACKETS.sub(" ", title).replace("/", " ").split())
        for segment in _segments(plain)[:SEGMENTS]:
            named = _words(segment)
            found = self._of_segment(named)
            if found is not None:
                return self._alone(found, named, title)
        return None

    def _alone(self, found: Head, named: list[str], title: str) -> Head | None:
        stems = [_stem(word) for word in named]
        things = [at for at in range(len(named)) if self._may_end(at, named, stems)]
        last = max(at for at in range(len(named)) if stems[at] == found.phrase[-1])
        if things[-1] > last or (last and named[last - 1].isdigit()):
            return None
        if any(has_digit(word) or word.lower() in COLORS for word in named[things[0] : last]):
            return None
        if found.surface in " ".join(title.lower().split()):
            return found
        alone = named[last].lower()  # "cards/adapter"
        return Head(found.phrase[-1:], alone) if len(_flat([alone])) == 1 else None

    def only(self, things: Callable[[str], bool]) -> HeadReader:
        """One for which only those of its things that pass a test may end a name."""
        return HeadReader(frozenset(filter(things, self._things)), self._brands)

    def is_thing(self, word: str) -> bool:
        """Whether a name may end with this stem, or with it as the end of a compound ("floorstand")."""
        return word in self._things or any(
            word[cut:] in self._things for cut in range(_SHORTEST, len(word) - _SHORTEST - 1)
        )

    def _of_segment(self, named: list[str]) -> Head | None:
        stems = [_stem(word) for word in named]
        last = self._in_lower_case(named, stems)
        if last is None:
            last = self._last(named, stems)
        if last is None:
            return None
        first = last
        while first > 0 and last - first < LONGEST - 1 and not has_digit(named[first - 1]):
            first -= 1
        phrase = _flat(named[first : last + 1])[-LONGEST:]
        also: Phrase = ()
        if stems[last] in CONTAINERS and last and self.is_thing(stems[last - 1]):
            also = _flat(named[max(0, last - 2) : last])[-LONGEST:]
        return Head(phrase, " ".join(named[first : last + 1]).lower(), also)

    def _last(self, named: list[str], stems: list[str]) -> int | None:
        """The place of the last noun before a colour, a number or too many other words."""
        last: int | None = None
        for at, word in enumerate(named):
            if last is not None and (has_digit(word) or word.lower() in COLORS):
                break
            if self._may_end(at, named, stems) and not (stems[at] in self._brands and at + 1 < len(named)):
                last = at
            elif last is not None and at - last > GAP:
                break
        return last

    def _may_end(self, at: int, named: list[str], stems: list[str]) -> bool:
        """Whether a name may end here; what follows a number counts or measures: "6 pc(s)"."""
        return self.is_thing(stems[at]) and not (at and has_digit(named[at - 1]) and is_counted(named[at]))

    def _in_lower_case(self, named: list[str], stems: list[str]) -> int | None:
        """Where names are capitalised but for one run of words, that run is the kind: "HP Q6592A printing
        paper A4 Matte"."""
        if sum(word[0].isupper() for word in named) < 2:
            return None
        last: int | None = None
        for at, word in enumerate(named):
            lower = word.islower() and word.isascii() and not has_digit(word) and word not in COLORS
            if lower and self._may_end(at, named, stems):
                last = at
            elif not lower and last is not None:
                break
        return last


def _segments(title: str) -> list[str]:
    """The parts of a title that may name the product, likeliest first."""
    found = []
    for part in _HARD.split(title):
        aside = _ASIDE.search(part, 1)
        for named in _LINK.split(part[: aside.start()] if aside else part):
            of = _OF.search(named)
            if of and words(named[: of.start()]):
                pack = _stem(named[: of.start()]) in CONTAINERS
                named = named[of.end() :] if pack else named[: of.start()]
            if named.strip():
                found.append(named)
    return found or [title]


def _words(segment: str) -> list[str]:
    return _WORD.findall(segment)[:24]


def _trimmed(named: list[str]) -> list[str]:
    """Without trailing numbers, colours and single letters."""
    while named and (has_digit(named[-1]) or named[-1].lower() in COLORS or len(named[-1]) < 2):
        named = named[:-1]
    return named


def _stem(word: str) -> str:
    found = words(word)
    return stem(found[-1]) if found else ""


def _flat(named: Iterable[str]) -> Phrase:
    return tuple(stem(part) for word in named for part in words(word))
