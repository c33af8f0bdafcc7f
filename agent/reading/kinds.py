"""What a shop's titles and categories call its products, and what is asked for in those words.

A title's head is the noun that it is about: "stand" in "Folding Music Stand with Bag", "kettle" in "Glass
Electric Kettle 1.2 L". No parser is needed: shops write it last, before a comma, a bracket or a preposition.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agent.language.graded import GRADED_WORDS
from agent.language.noun_phrase import NounPhrase, noun_phrase
from agent.language.text import Token, stems, written_tokens
from agent.language.units import NAMES

_CUT = re.compile(r"\s(?:with|for|in|by|to|of|from|on|w/)\s|[,(|/–—:;\[+]|\s-\s|-\s", re.IGNORECASE)
_MEASURE = re.compile(r"\d|^.{1,2}$")


@dataclass(frozen=True)
class Kinds:
    """``heads``: stem -> how many titles are about it. ``products``: stem -> numbers of the products that
    have it in their title, brand, category or tags."""

    heads: Mapping[str, int] = field(default_factory=dict)
    products: Mapping[str, frozenset[int]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    """Last words of categories and tags."""
    called: frozenset[str] = frozenset()
    """Words that titles have where they name the product ("Controller for Laptops" is no laptop), and all
    words of categories, tags and brands."""

    @classmethod
    def of(cls, titles: Iterable[tuple[str, tuple[str, ...]]]) -> Kinds:
        """From each product's title and the names that it goes under: its brand, then categories and tags.

        About 50 microseconds a product.
        """
        heads: Counter[str] = Counter()
        products: dict[str, set[int]] = defaultdict(set)
        names: dict[str, tuple[str, ...]] = {}
        called: set[str] = set()
        named: set[str] = set()
        for number, (title, belongs) in enumerate(titles):
            tokens = written_tokens(title)
            words = _naming(title, tokens)
            called.update(words)
            if words:
                heads[words[-1]] += 1
            for name in belongs:
                if name not in names:
                    names[name] = stems(name)
            named.update(names[name][-1] for name in belongs[1:] if names[name])
            own = (token.stem for token in tokens if token.is_word)
            for stem in {*own, *(stem for name in belongs for stem in names[name])}:
                products[stem].add(number)
        called.update(stem for words in names.values() for stem in words)
        return cls(
            heads=dict(heads),
            products={stem: frozenset(found) for stem, found in products.items()},
            named=frozenset(named),
            called=frozenset(called),
        )

    def is_kind(self, stem: str) -> bool:
        """Whether products are called so: in a title's head, or as a category or tag."""
        return stem in self.heads or stem in self.named

    def together(self, one: str, other: str) -> bool:
        """Whether any product has both words in its names."""
        return not self.products.get(one, frozenset()).isdisjoint(self.products.get(other, frozenset()))


@dataclass(frozen=True, slots=True)
class Sought:
    """What an utterance asks for: the phrase as said, the stem of its head."""

    phrase: str
    head: str
    asked: bool
    looks_like_a_noun: bool


def naming(title: str) -> tuple[str, ...]:
    """The stems of a title as far as it names the product, the head last."""
    return _naming(title, written_tokens(title))


def _naming(title: str, tokens: tuple[Token, ...]) -> tuple[str, ...]:
    cut = _CUT.search(title)
    end = cut.start() if cut and cut.start() else len(title)
    words = [token for token in tokens if token.is_word and token.start < end]
    while len(words) > 1 and _MEASURE.search(words[-1].text):
        words.pop()
    return tuple(word.stem for word in words)


def sought_thing(text: str, kinds: Kinds) -> Sought | None:
    """What ``text`` asks for; None where it names no thing.

    The head is the last word, but for what only follows a number.
    """
    found = noun_phrase(text)
    if found is None:
        return None
    words = _to_head(found, kinds)
    named = [word for word in words if word.text not in GRADED_WORDS]
    if len(named) > 1 and named[0].text.isdigit() and named[1].text not in NAMES:
        named.pop(0)  # "show me 3 blenders"
    if not named:
        return None
    phrase = text[named[0].start : named[-1].end]
    return Sought(phrase, named[-1].stem, found.asked, found.looks_like_a_noun)


def _to_head(found: NounPhrase, kinds: Kinds) -> tuple[Token, ...]:
    """ "Tent 4 people" asks for a tent, "iPhone 15 case" for a case."""
    number = next((at for at, word in enumerate(found.words) if at and word.text[0].isdigit()), None)
    if number is None:
        return found.words
    later = [at for at, word in enumerate(found.words) if at > number and kinds.is_kind(word.stem)]
    return found.words[: later[-1] + 1 if later else number]
