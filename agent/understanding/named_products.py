"""Products that are called by name: by title, by brand and part of it, by the code of a model, one or the other of two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from agent.dialogue import DialogueState
from agent.tools.compile import Compiler
from agent.understanding.language.english import are_everyday
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems
from agent.understanding.language.units import NAMES
from agent.understanding.product_words import CODE, LETTERS_DIGITS, content_stems, name_words, words_of
from retrieval.filters import And, Category, Filter, Words
from retrieval.records import Product
from retrieval.text.normalization import tokenize as search_tokens

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

_OR = re.compile(r"\b(?:or|vs\.?|versus)\b|\b(?:(?:more|less) [a-z]+|[a-z]{3,}er) than\b", re.I)
_BETWEEN = re.compile(r"\bbetween\b(?P<one>.+?)\band\b(?P<other>.+)", re.I)
_CLAUSE = re.compile(
    r"[.,;:!?]|\b(?:between|is|are|should i (?:get|take|buy)|which|and (?:by|how|what|is|are|which)"
    r"|on (?:price|cost|rating))\b",
    re.I,
)
_NAME = re.compile(r"[^\W_][\w'’-]*")
WHOLE_TITLE = 3
"""Words from which on a side of \"or\" may be a whole title."""
FEW_VARIANTS = 8
"""So many titles at most have the word that variants of one product are called by."""
SHORTEST_CODE = 4
"""Characters of a model's code that may be the beginning of another's."""
FEW_NAMED = 3
"""So many titles at most have the word that a product is called by."""
MOST_TITLED = 20
"""Titles that are compared with a phrase."""
LONGEST_NAME = 6
"""Words of a name that is looked for at the beginning of a text."""
FEW = 0.01
"""A name is words that at most this share of the titles have together."""


@dataclass(frozen=True)
class Pointed:
    """Products that a phrase points at. ``by_name``: called by name, shown before or not."""

    item_ids: tuple[str, ...] = ()
    by_name: bool = False
    whole_list: bool = False
    """Whether it is all that is on the screen."""


class NamedProducts:
    """Finds products by what they are called, in one state. A name costs a search."""

    def __init__(self, desk: ShopContext, state: DialogueState) -> None:
        self._desk, self._state = desk, state
        self._listed = state.listed
        self.known = tuple(
            dict.fromkeys((*state.listed, *(i for t in reversed(state.topics) for i in t.seen)))
        )
        """What was shown, the latest first."""

    def named(self, phrase: str) -> Pointed:
        """The product that is called by title, or by brand and part of the title; of several, the shortest
        title.

        A name is words that few titles have together; models may be written apart or together ("RAT 2",
        "DS-1").
        """
        words = name_words(phrase)
        literal = re.compile(rf"\b{re.escape(' '.join(words))}\b", re.I)
        search = self._desk.shop.search
        few = max(6, int(FEW * len(search.item_ids)))
        for spelt in _spellings(words):
            if len(spelt) < 2 and not (spelt and self._is_name_alone(spelt[0])):
                continue
            items = search.titled(" ".join(spelt)) or self._with_brand(spelt)
            if items and len(items) <= few:
                best = min(
                    self._products(items),
                    key=lambda p: (
                        not is_titled(p, phrase),
                        p.item_id not in self.known,
                        not self.is_of_topic(p),
                        not literal.search(p.title),
                        len(p.title),
                    ),
                )
                return Pointed((best.item_id,), by_name=True)
        return self._by_code(words)

    def is_title(self, phrase: str) -> bool:
        """Whether a product is called by a phrase and nothing more."""
        titled = self._desk.shop.search.titled(" ".join(name_words(phrase)))
        return any(is_titled(p, phrase) for p in self._products(titled[:MOST_TITLED]))

    def begun(self, text: str) -> tuple[str, ...]:
        """The product whose name a text begins with, whatever follows: "Harbour Light in weight"."""
        words = name_words(text)
        for size in range(min(len(words), LONGEST_NAME), 0, -1):
            if (found := self.named(" ".join(words[:size]))).item_ids:
                return found.item_ids
        return ()

    def names_written(self, text: str) -> Iterator[tuple[str, int]]:
        """Words written as names that some titles of the shop have, with where they stand."""
        for match in _NAME.finditer(text):
            starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1:] in ".!?"
            if (
                match[0][0].isupper()
                and len(match[0]) > 2
                and not starts
                and self._desk.shop.search.titled(match[0])
            ):
                yield match[0], match.start()

    def names_in(self, text: str) -> tuple[str, ...]:
        """The products that a text calls by a word which hardly another title has ("the Vulcan and the Bella"):
        no everyday word, or written as a name.
        """
        found: dict[str, None] = {}
        search = self._desk.shop.search
        for match in _NAME.finditer(text):
            word = match[0]
            if not (_is_name(text, match) and len(word) > 2):
                continue
            items = search.titled(word)
            if not items or len(items) > FEW_NAMED:
                continue
            best = min(self._products(items), key=lambda p: (p.item_id not in self.known, len(p.title)))
            found[best.item_id] = None
        return tuple(found)

    def either(self, text: str) -> tuple[str, ...]:
        """The two products that a text offers as alternatives, one of them at least by name ("the Geo pant or the
        Viktor one"); nothing where it offers none.
        """
        between = _BETWEEN.search(text)
        sides = [(between["one"], between["other"])] if between else []
        sides += [(text[: joint.start()], text[joint.end() :]) for joint in _OR.finditer(text)]
        for before, after in sides:
            left, right = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
            names = [name_words(side) for side in (before, after)]
            if min(map(len, names)) >= WHOLE_TITLE:  # a title may have commas in it
                whole = [self._desk.shop.search.titled(" ".join(words)) for words in names]
                if all(0 < len(items) <= FEW_NAMED for items in whole) and whole[0][0] != whole[1][0]:
                    return (whole[0][0], whole[1][0])
            if two := self._variants(before, left, right):
                return two
            ones, others = self._called(left), self._called(right)
            if not (ones or others):
                if two := self._shown_alternatives(left, right):
                    return two
                continue
            one = ones[-1] if ones else self._akin(left, others[0])
            other = others[0] if others else self._akin(right, ones[-1])
            if one and other and one != other:
                return (one, other)
        return ()

    def _variants(self, before: str, left: str, right: str) -> tuple[str, ...]:
        """Two products of one name that differ by a word: "the Ryker tee, the V-neck or the crew-neck"."""
        named = [w for w in name_words(before) if w not in name_words(left) and len(w) > 2]
        for word in named:
            items = self._desk.shop.search.titled(word)
            if 1 < len(items) <= FEW_VARIANTS:
                one, other = (
                    self._having(set(stems(side)) - FUNCTION_WORDS, items) for side in (left, right)
                )
                if one and other and one != other:
                    return (one, other)
        return ()

    def _shown_alternatives(self, left: str, right: str) -> tuple[str, ...]:
        """Two of those shown, each told by its own words: "is the black pair or the blue pair cheaper"."""
        own, others = set(content_stems(left)), set(content_stems(right))
        one, other = (self._having(words, self._listed) for words in (own - others, others - own))
        return (one, other) if one and other and one != other else ()

    def _having(self, words: Iterable[str], items: Sequence[str]) -> str | None:
        """The one product of some that has all the words; None where none or several have."""
        asked = set(words) - {"pair", "one", "kind", "other"}
        found = [p.item_id for p in self._products(items) if asked and asked <= words_of(p)]
        return found[0] if len(found) == 1 else None

    def _called(self, text: str) -> tuple[str, ...]:
        """The products called by name, where the name is not only a brand's."""
        brands = {s for brand in self._desk.schema.brands for s in stems(brand)}
        named = tuple(
            p.item_id
            for p in self._products(self.names_in(text))
            if (set(stems(text)) & set(stems(p.title))) - brands - FUNCTION_WORDS
        )
        return named or self.named(text).item_ids

    def _akin(self, text: str, item_id: str) -> str | None:
        """The product of the same kind as another that has all the words of a text; None where several have."""
        words = set(content_stems(text))
        (product,) = self._products([item_id]) or (None,)
        if product is None or not words:
            return None
        among = And((Category((" > ".join(product.category),)), Words(" ".join(words))))
        found = [p for p in self._desk.shop.search.matching(among) if p != item_id]
        return found[0] if len(found) == 1 else None

    def _by_code(self, words: Sequence[str]) -> Pointed:
        """The product whose model is named beside words that its title does not have ("renewed S9 plus phones")."""
        search = self._desk.shop.search
        codes = [word for word in words if CODE.fullmatch(word)]
        items = search.titled(" ".join(codes)) or self._begun(codes) if codes else []
        if not items or len(items) > max(6, int(FEW * len(search.item_ids))):
            return Pointed()
        said = set(stems(" ".join(words)))
        best = max(
            self._products(items),
            key=lambda p: (len(said & words_of(p)), p.item_id in self.known, -len(p.title)),
        )
        return Pointed((best.item_id,), by_name=True)

    def _begun(self, codes: Sequence[str]) -> list[str]:
        """Products whose model only adds a letter or two to a code that no other is called by: "sm58" of SM58S."""
        code = search_tokens(codes[0]) if len(codes) == 1 and codes[0][-1].isdigit() else []
        if len(code) != 1 or len(code[0]) < SHORTEST_CODE:
            return []
        search = self._desk.shop.search
        longer = re.compile(rf"{re.escape(code[0])}[a-z]{{1,2}}")
        return [
            item
            for token in search.keywords.title.vocabulary
            if longer.fullmatch(token)
            for item in search.titled(token)
        ]

    def _with_brand(self, words: Sequence[str]) -> list[str]:
        """Products whose title and brand together have all the words."""
        said = set(stems(" ".join(words)))
        brands = [b for b in self._desk.schema.brands if set(stems(b)) & said]
        found = []
        for brand in brands:
            rest = [w for w in words if not set(stems(w)) <= set(stems(brand))]
            items = self._desk.shop.search.titled(" ".join(rest)) if rest else []
            found += [p.item_id for p in self._products(items) if p.brand == brand]
        return found

    def _is_name_alone(self, word: str) -> bool:
        """Whether one word is a product's name: few have it, and it is none of every day ("the charger") unless written
        as a name.
        """
        return self._rare(word) and (word[0].isupper() or not are_everyday(stems(word)))

    def _rare(self, word: str) -> bool:
        """Whether few products of the shop have the word: a name, not a kind."""
        search = self._desk.shop.search
        tokens = search_tokens(word)
        most = max(3, FEW * len(search.item_ids))
        return bool(tokens) and all(search.keywords.document_frequency(t) <= most for t in tokens)

    def is_of_topic(self, product: Product) -> bool:
        """Whether a product is of the kind that is looked for."""
        row = self._desk.shop.search.table.row_of.get(product.item_id)
        return self._of_topic is None or row is None or bool(self._of_topic[row])

    @cached_property
    def _of_topic(self) -> npt.NDArray[np.bool_] | None:
        """Which products are of the kind that is looked for, shape (n,)."""
        return None if self.topic_kinds is None else self._desk.shop.search.table.mask(self.topic_kinds)

    @cached_property
    def topic_kinds(self) -> Filter | None:
        (compiled, *_) = (
            *Compiler(self._desk.shop.search, self._desk.schema).compile(self._state.topic.kind_guess()),
            None,
        )
        return compiled.filter if compiled is not None else None

    def _products(self, item_ids: Sequence[str]) -> list[Product]:
        return self._desk.products(item_ids)


def is_titled(product: Product, phrase: str) -> bool:
    """Whether a phrase is all of a product's title: "the Ardea", though there is a "Micro Ardea", too."""
    return [w.lower() for w in name_words(phrase)] == [w.lower() for w in name_words(product.title)]


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word is written as a name, not at the start of a sentence, or is none of every day."""
    starts = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1:] in ".!?"
    if match[0][0].isupper() and not starts:
        return True
    return match[0].lower() not in FUNCTION_WORDS and not are_everyday(stems(match[0]))


def _spellings(words: Sequence[str]) -> Iterator[list[str]]:
    """The words, then with neighbours written together, all of them or one pair at a time."""
    yield list(words)
    for at in range(len(words) - 1):
        yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
    unmeasured = [word for word in words if word.lower() not in NAMES]
    if len(unmeasured) < len(words):  # "43 inch TU7000"
        yield from _spellings(unmeasured)
    split = [part for word in words for part in LETTERS_DIGITS.split(word) if part]
    if split != list(words):
        yield split
