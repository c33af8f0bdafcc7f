"""Which shown products an utterance points at: "the second one", "that one", "the cheapest", "the Bose
one", "P2"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.language.text import stems, tokenize
from agent.meaning import Referent
from agent.reading.facts import Facts
from agent.state import DialogueState
from retrieval.catalog import Product

_ORDINALS = {
    **{word: place for place, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth"), 1)},
    **{word: place for place, word in enumerate(("1st", "2nd", "3rd", "4th", "5th", "6th"), 1)},
    **{word: place for place, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)},
    "top": 1,
    "last": -1,
    "final": -1,
    "middle": 0,
}
_PLACE = r"first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th|6th"
_POSITION = re.compile(
    rf"\b(?:the |that |this )?(?P<ordinal>{_PLACE}|last|final|middle)(?: (?:one|product|option|item"
    rf"|result|choice|suggestion))?\b"
    rf"|\b(?:the |and |or )?(?:number|no\.?|option|product|item|result|choice)\s?#?(?P<number>\d{{1,2}}"
    rf"|one|two|three|four|five|six)\b"
    rf"|(?<!\w)#(?P<hash>\d{{1,2}})\b|\bp(?P<handle>\d{{1,2}})\b",
    re.IGNORECASE,
)
_NOT_A_POSITION = re.compile(
    r"\b(?:second[- ]hand|first[- ]aid|first time|last (?:year|week|month|time|long(?:er)?)|third party"
    r"|first of all"
    r"|(?:a|every|per) second|at last|(?:it|they|does it|to|will|would|batter\w+) last"
    r"|(?<=\bone )last)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:the |your )?(?P<low>cheapest|least expensive|lowest[- ]priced)"
    r"|\b(?:the )?(?P<high>most expensive|dearest|priciest)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:them(?: all)?|these(?: (?:two|three|four|ones))?|those(?: (?:two|three|four|ones))?"
    r"|both(?: of (?:them|these|those))?"
    r"|all (?:of )?(?:them|these|those)|all (?:two|three|four|five)|they|the (?P<some>two|three|four))\b",
    re.IGNORECASE,
)
_FIRST_FEW = re.compile(
    r"\b(?:the )?(?P<end>first|top|last) (?P<few>two|three|four|five|\d)\b", re.IGNORECASE
)
_ONE = re.compile(r"\b(?:that one|this one|that|this|it|its|that product|this product)\b", re.IGNORECASE)
_THAT_IS_NO_PRODUCT = re.compile(
    r"\b(?:make (?:it|that)|that(?:'s| is| has| have| are| costs?| can| was| will| fits?| goes| works?"
    r"| would| could| don't| doesn't| isn't| aren't| do| does| i| my| you)\b"
    r"|is it (?:possible|ok)|it(?:'s| is) (?:for|a gift|my|not|me)|let it|it doesn't matter"
    r"|get it (?:under|below)|keep it"
    r"|after that|like that$|at that|this (?:year|week|weekend|time|summer|winter|is (?:a|for))|cap it"
    r"|(?:complain(?:s|ed|ing)?|sa(?:y|ys|id)|mention(?:s|ed)?|thinks?|found|reports?|reported|wrote) that"
    r"|(?:don't|do) want it)",
    re.IGNORECASE,
)
_THE_X_ONE = re.compile(r"\b(?:the|that|this) (?P<words>[\w' -]{2,40}?) (?:one|ones)\b", re.IGNORECASE)
_THE_TITLE = re.compile(
    r"\b(?:the|that|this|about|of|is|does|add|take|buy)\s+(?P<words>[\w' -]{3,60})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pointing:
    """A referent and where the utterance makes it."""

    start: int
    end: int
    referent: Referent


def find_referents(text: str, state: DialogueState, facts: Facts) -> tuple[Pointing, ...]:
    """What ``text`` points at among the products last shown (or the focus), in the order it is said."""
    shown = state.last_shown()
    if not shown:
        return ()
    finder = _Finder(text, shown, state.focus, facts)
    return finder.find()


class _Finder:
    def __init__(self, text: str, shown: tuple[str, ...], focus: str | None, facts: Facts) -> None:
        self.text = text
        self.shown = shown
        self.focus = focus
        self.facts = facts
        self.taken = [False] * (len(text) + 1)
        self.found: list[Pointing] = []

    def find(self) -> tuple[Pointing, ...]:
        for match in _NOT_A_POSITION.finditer(self.text):
            self._take(match)
        self._few()
        self._positions()
        self._superlatives()
        self._described()
        for match in _THAT_IS_NO_PRODUCT.finditer(self.text):
            self._take(match)
        self._all()
        if not self._placed():
            self._titled()
        if not self._placed():
            self._deictic()
        return tuple(sorted(self.found, key=lambda pointing: pointing.start))

    def _placed(self) -> bool:
        return any(pointing.referent.item_id for pointing in self.found)

    def _free(self, match: re.Match[str]) -> bool:
        return not any(self.taken[match.start() : match.end()])

    def _take(self, match: re.Match[str]) -> None:
        self.taken[match.start() : match.end()] = [True] * (match.end() - match.start())

    def _point(self, match: re.Match[str], item_id: str | None, end: int | None = None) -> None:
        """``end``: where the match points no more."""
        start, end = match.start(), end or match.end()
        self.taken[start:end] = [True] * (end - start)
        place = self.shown.index(item_id) + 1 if item_id in self.shown else None
        referent = Referent(text=self.text[start:end].strip(), item_id=item_id, position=place)
        self.found.append(Pointing(start, end, referent))

    def _at(self, place: int) -> str | None:
        if place == 0:
            return self.shown[len(self.shown) // 2] if len(self.shown) % 2 else None
        index = place - 1 if place > 0 else place
        return self.shown[index] if -len(self.shown) <= index < len(self.shown) else None

    def _few(self) -> None:
        for match in _FIRST_FEW.finditer(self.text):
            few = match.group("few").lower()
            count = _ORDINALS.get(few) or int(few)
            end = match.group("end").lower()
            for item_id in self.shown[-count:] if end == "last" else self.shown[:count]:
                self._point(match, item_id)

    def _positions(self) -> None:
        for match in _POSITION.finditer(self.text):
            if not self._free(match):
                continue
            said = next(value for value in match.groups() if value).lower()
            self._point(match, self._at(_ORDINALS.get(said) or int(said) if said not in ("middle",) else 0))

    def _superlatives(self) -> None:
        for match in _SUPERLATIVE.finditer(self.text):
            if not self._free(match) or not re.match(
                r"\W*(?:one|of|$|or|and|\?|,)", self.text[match.end() :]
            ):
                continue
            priced = [(p.price, item) for item in self.shown if (p := self.facts.product(item)) and p.price]
            if priced:
                best = min(priced) if match.group("low") else max(priced)
                self._point(match, best[1])

    def _described(self) -> None:
        """ "The Bose one", "the red one": the one shown product that has these words."""
        for match in _THE_X_ONE.finditer(self.text):
            if self._free(match):
                fitting = self._with_words(stems(match.group("words")))
                if len(fitting) == 1:
                    self._point(match, fitting[0])

    def _titled(self) -> None:
        """Names: words that stand in the title or brand of exactly one product shown, two or more, or a
        brand."""
        at = 0
        while match := _THE_TITLE.search(self.text, at):
            at = match.start("words")
            words = [token for token in tokenize(match.group("words")) if token.is_word]
            for count in range(min(len(words), 6), 0, -1):
                named = tuple(word.stem for word in words[:count])
                fitting = self._with_words(named, titles_only=True)
                if len(fitting) == 1 and (count > 1 or self._is_brand(fitting[0], named[0])):
                    at += words[count - 1].end
                    self._point(match, fitting[0], at)
                    break

    def _with_words(self, words: tuple[str, ...], *, titles_only: bool = False) -> list[str]:
        fitting = []
        for item_id in self.shown:
            product = self.facts.product(item_id)
            if product is not None and words and set(words) <= _words_of(product, titles_only=titles_only):
                fitting.append(item_id)
        return fitting

    def _is_brand(self, item_id: str, word: str) -> bool:
        product = self.facts.product(item_id)
        return bool(product and product.brand and word in stems(product.brand))

    def _all(self) -> None:
        for match in _ALL.finditer(self.text):
            if self._free(match):
                some = _ORDINALS.get((match.group("some") or "").lower(), 0)
                said = match.group().lower()
                count = some or (
                    2 if "both" in said or "two" in said else 3 if "three" in said else len(self.shown)
                )
                for item_id in self.shown[:count]:
                    self._point(match, item_id)

    def _deictic(self) -> None:
        for match in _ONE.finditer(self.text):
            if self._free(match):
                target = self.focus or (self.shown[0] if len(self.shown) == 1 else None)
                self._point(match, target or self.shown[0])
                return


def _words_of(product: Product, *, titles_only: bool) -> set[str]:
    words = {*stems(product.title), *stems(product.brand or "")}
    if not titles_only:
        for value in (*product.attributes.values(), *product.options.values()):
            texts = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
            words.update(stem for text in texts for stem in stems(text))
    return words
