"""The words of one shop: brands, categories, attributes and their values, tags, review aspects, and prices.

Built from the products themselves, so it serves any shop; finds them in utterances, in plural, other spelling
or close misspelling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz, process

from agent.language.english import english_ranks
from agent.language.text import Token, stems
from agent.reading.terms import Mention, Term, is_size
from agent.reading.vocabulary_reader import VocabularyReader, Words
from retrieval.catalog import Product

CLOSE_SPELLING = 84.0
SHORTEST_MISSPELLING = 5


@dataclass(frozen=True)
class Vocabulary(Words):
    """Phrases of the shop (as stems) with their meanings. Build with `Vocabulary.of`."""

    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """First letter -> words that may be misspelt."""

    @classmethod
    def of(cls, products: Iterable[Product], aspects: Iterable[str] = ()) -> Vocabulary:
        """Read the words of all products; about 0.1 ms a product, once when a shop is opened."""
        reader = VocabularyReader()
        for product in products:
            reader.add(product)
        for aspect in aspects:
            reader.add_aspect(aspect)
        words = reader.read()
        return cls(**vars(words), spellings=_spellings(words.phrases))

    def find(self, tokens: tuple[Token, ...]) -> tuple[Mention, ...]:
        """Longest phrases first, left to right, no overlaps; unknown words may be misspellings of known
        ones."""
        found: list[Mention] = []
        index = 0
        while index < len(tokens):
            mention, length = self._longest_at(tokens, index)
            if mention is not None:
                found.append(mention)
            index += max(length, 1)
        return tuple(found)

    def meanings(self, phrase: str) -> tuple[Term, ...]:
        return self.phrases.get(stems(phrase), ())

    def plausible_price(self, value: float) -> bool:
        """Whether something here could cost that: between half the lowest and twice the highest price."""
        return not self.prices or self.prices[0] / 2 <= value <= self.prices[-1] * 2

    def price_quantile(self, share: float, category: str | None = None) -> float | None:
        """The price that ``share`` of the shop's (or the category's) priced products stay at or under."""
        prices = self.category_prices.get(category or "", ()) or self.prices
        return prices[min(len(prices) - 1, int(share * len(prices)))] if prices else None

    def values_containing(self, key: str, stem: str) -> tuple[str, ...]:
        """The attribute's values that have this word in them: "blue" -> ("Blue", "Navy blue")."""
        return tuple(value for value, words in self._stemmed_values.get(key, ()) if stem in words)

    def ending_in(self, phrase: str, known: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Values of other attributes that are a kind of this: "steel" -> ("material", ("stainless
        steel",))."""
        tail = stems(phrase)
        found = []
        for key in self.values:
            if key not in known and not is_size(key):
                held = tuple(v for v, words in self._stemmed_values[key] if _is_kind_of(words, tail))
                if held:
                    found.append((key, held))
        return tuple(found)

    @cached_property
    def aspects(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The aspects that buyers speak of, each with its stems."""
        terms = ((key, term) for key, terms in self.phrases.items() for term in terms)
        return tuple((key, term.value) for key, term in terms if term.kind == "aspect")

    @cached_property
    def names(self) -> frozenset[str]:
        """What products may be called here: what their titles, categories and tags call them, and what ends
        an attribute or its value (a "laptop sleeve" is a sleeve)."""
        return self.kinds.called | {phrase[-1] for phrase in self.phrases}

    @cached_property
    def _stemmed_values(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        return {key: tuple((v, stems(v)) for v, _ in values) for key, values in self.values.items()}

    def _longest_at(self, tokens: tuple[Token, ...], index: int) -> tuple[Mention | None, int]:
        first = tokens[index]
        if not first.is_word:
            return None, 1
        reach = max(self.longest.get(first.stem, 0), 1)
        for wanted in range(min(reach, len(tokens) - index), 0, -1):
            run = _words_run(tokens, index, wanted)
            if run is None:
                continue
            if wanted == 1 and (closed := self._closed_up(tokens, index)):
                return closed
            terms = self.phrases.get(tuple(token.stem for token in run if token.is_word))
            if terms:
                consumed = tokens.index(run[-1], index) - index + 1
                phrase = " ".join(token.text for token in run if token.is_word)
                return Mention(first.start, run[-1].end, phrase, terms), consumed
        return self._misspelt(first), 1

    def _closed_up(self, tokens: tuple[Token, ...], index: int) -> tuple[Mention, int] | None:
        """Two words that the shop writes as one: "t-shirt" for "Tshirts", "back pack"."""
        run = _words_run(tokens, index, 2)
        if run is None:
            return None
        first, last = run[0], run[-1]
        terms = self.phrases.get((first.text + last.stem,))
        if not terms:
            return None
        return Mention(first.start, last.end, f"{first.text}{last.text}", terms), len(run)

    def _misspelt(self, token: Token) -> Mention | None:
        word = token.text
        if len(word) < SHORTEST_MISSPELLING or not word.isalpha() or (token.stem,) in self.phrases:
            return None
        if word in english_ranks() or token.stem in english_ranks():
            return None
        options = self.spellings.get(word[0], ())
        best = process.extractOne(token.stem, options, scorer=fuzz.ratio, score_cutoff=CLOSE_SPELLING)
        if best is None:
            return None
        terms = self.phrases[(best[0],)]
        return Mention(token.start, token.end, best[0], terms, corrected=True)


def _words_run(tokens: tuple[Token, ...], index: int, count: int) -> tuple[Token, ...] | None:
    """``count`` word tokens from ``index`` on, with nothing but hyphens and "&" between them."""
    words = 0
    for end in range(index, len(tokens)):
        token = tokens[end]
        if token.is_word:
            words += 1
            if words == count:
                return tokens[index : end + 1]
        elif token.text not in "-&":
            return None
    return None


def _is_kind_of(words: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    """Whether a value is a kind of another: stainless steel is steel, a filter with carbon is no carbon."""
    before = words[: -len(tail)]
    return words[-len(tail) :] == tail and not (
        before and before[-1] in ("with", "without", "and", "or", "of")
    )


def _spellings(phrases: Mapping[tuple[str, ...], tuple[Term, ...]]) -> dict[str, tuple[str, ...]]:
    """Single words of the shop, by first letter, that an unknown word may be a misspelling of."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for key, terms in phrases.items():
        if len(key) == 1 and len(key[0]) >= SHORTEST_MISSPELLING - 1 and key[0].isalpha() and terms:
            by_letter[key[0][0]].append(key[0])
    return {letter: tuple(words) for letter, words in by_letter.items()}
