"""The words of one shop: brands, categories, attributes and their values, tags, review aspects, and prices.

Built from the products themselves, so it serves any shop. Whether a word alone may bind a search is decided
here: "Nike" may, a brand called "Home" may not unless the shopper says "from Home".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Literal

from rapidfuzz import fuzz, process

from agent.language.text import Token, singular, stems
from agent.language.units import measured, unit_in_name
from retrieval.catalog import AttributeValue, Product
from retrieval.filters import Attribute, Brand, Category, Filter, Tags

TermKind = Literal["brand", "category", "attribute", "tag", "attribute_name", "aspect"]

LONGEST_VALUE = 40
MOST_VALUES = 400
"""An attribute with more distinct values than this, mostly unrepeated, is an identifier or free text."""
COMMON_RANK = 6000
"""Brands among this many most frequent English words need a cue ("from Target") before they bind."""
VERY_COMMON_RANK = 500
BRAND_PRECISION = 0.7
CATEGORY_PRECISION = 0.5
"""A word binds to a category only if most products with that word in the title are in it ("guitar" in a shop
that sells mainly guitar strings does not)."""
CLOSE_SPELLING = 84.0
SHORTEST_MISSPELLING = 5

_EMPTY = """
yes no true false none na other others all any new default standard one various unknown assorted misc title
size regular normal basic multi unisex
"""
_EMPTY_VALUES = {*_EMPTY.split(), "-", "n/a", "default title", "one size", "not applicable", "does not apply"}
_GENERIC = """
accessory gift sale new arrival product item best seller other misc clearance home shop collection default
general all brand feature category essential set offer deal style part thing stuff supply equipment
"""
_GENERIC_CATEGORIES = frozenset(_GENERIC.split())
_VAGUE = """
popular classic everyday summer winter spring autumn fall good great modern small large medium big light size
color man woman kid quality premium basic value top simple easy fun person people
"""
_GENERIC_TAGS = _GENERIC_CATEGORIES | frozenset(_VAGUE.split())
_SIZE_NAMES = frozenset(("size", "shoe size", "clothing size", "sizes", "us size", "eu size", "euro size"))
_COLORS = frozenset(("color", "colour", "colors", "finish", "shade"))


_JOINTS = re.compile(r"\s+and\s+|[&,/]")


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning of a phrase in this shop. ``certain``: the phrase alone is enough for a hard constraint."""

    kind: TermKind
    key: str
    value: str
    count: int
    certain: bool = True

    @property
    def slot(self) -> str:
        """What it competes with: a new colour takes the place of the old one."""
        return f"attribute:{self.key}" if self.kind == "attribute" else self.kind

    def filter(self) -> Filter:
        """The condition this term stands for; aspects and attribute names stand for none.

        Raises:
            ValueError: for an aspect or an attribute's name.
        """
        match self.kind:
            case "brand":
                return Brand((self.value,))
            case "category":
                return Category((self.value,))
            case "attribute":
                return Attribute(self.key, (self.value,))
            case "tag":
                return Tags((self.value,))
        raise ValueError(f"a term of kind {self.kind!r} is no condition")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the utterance, ``text[start:end]``, that the shop has words for."""

    start: int
    end: int
    phrase: str
    terms: tuple[Term, ...]
    corrected: bool = False

    @property
    def main(self) -> Term:
        return self.terms[0]


@dataclass(frozen=True, slots=True)
class NumericFacts:
    """A numeric attribute: the shop's name of it, its words, its unit and its sorted values."""

    name: str
    words: tuple[str, ...]
    unit: str | None
    values: tuple[float, ...]


@dataclass(frozen=True)
class Vocabulary:
    """Phrases of the shop (as stems) with their meanings. Build with `Vocabulary.of`."""

    phrases: Mapping[tuple[str, ...], tuple[Term, ...]]
    longest: Mapping[str, int]
    """First stem of a phrase -> the most stems of any phrase that starts so."""
    numeric: Mapping[str, NumericFacts]
    prices: tuple[float, ...]
    """All known prices, sorted."""
    category_prices: Mapping[str, tuple[float, ...]]
    currency: str
    values: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Categorical attribute -> its values with counts, most frequent first."""
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """First letter -> words that may be misspelt."""

    @classmethod
    def of(cls, products: Iterable[Product], aspects: Iterable[str] = ()) -> Vocabulary:
        """Read the words of all products; about 20 microseconds a product, once when a shop is opened."""
        reader = _Reader()
        for product in products:
            reader.add(product)
        for aspect in aspects:
            reader.add_aspect(aspect)
        return reader.vocabulary()

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
    def _stemmed_values(self) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        return {key: tuple((v, stems(v)) for v, _ in values) for key, values in self.values.items()}

    def _longest_at(self, tokens: tuple[Token, ...], index: int) -> tuple[Mention | None, int]:
        first = tokens[index]
        if not first.is_word:
            return None, 1
        reach = self.longest.get(first.stem, 0)
        for wanted in range(min(reach, len(tokens) - index), 0, -1):
            run = _words_run(tokens, index, wanted)
            if run is None:
                continue
            terms = self.phrases.get(tuple(token.stem for token in run if token.is_word))
            if terms:
                consumed = tokens.index(run[-1], index) - index + 1
                phrase = " ".join(token.text for token in run if token.is_word)
                return Mention(first.start, run[-1].end, phrase, terms), consumed
        return self._misspelt(first), 1

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


@lru_cache(maxsize=1)
def english_ranks() -> Mapping[str, int]:
    """82,000 English words by frequency (0 = most frequent), from the list of symspellpy; read in 60 ms."""
    text = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {line.split(" ", 1)[0]: rank for rank, line in enumerate(text.splitlines())}


class _Reader:
    """Collects the words of products, one product at a time."""

    def __init__(self) -> None:
        self.brands: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.values: dict[str, Counter[str]] = defaultdict(Counter)
        self.numbers: dict[str, list[float]] = defaultdict(list)
        self.units: dict[str, Counter[str]] = defaultdict(Counter)
        self.flags: Counter[str] = Counter()
        self.prices: list[float] = []
        self.by_category: dict[str, list[float]] = defaultdict(list)
        self.currencies: Counter[str] = Counter()
        self.aspects: list[str] = []
        self.titles: list[tuple[str, tuple[str, ...]]] = []

    def add(self, product: Product) -> None:
        self.titles.append((product.title, (product.brand or "", *product.category, *product.tags)))
        if product.brand:
            self.brands[product.brand] += 1
        self.categories.update(set(product.category))
        self.tags.update(set(product.tags))
        if product.price is not None:
            self.prices.append(product.price)
            self.currencies[product.currency] += 1
            for node in product.category:
                self.by_category[node].append(product.price)
        for name, value in (*product.attributes.items(), *product.options.items()):
            self._add_attribute(name, value)

    def _add_attribute(self, name: str, value: AttributeValue) -> None:
        if isinstance(value, bool):
            self.flags[name] += value
        elif isinstance(value, float | int):
            self.numbers[name].append(float(value))
        elif isinstance(value, tuple):
            for part in value:
                self._add_attribute(name, part)
        elif value.strip():
            text = value.strip()
            measure = measured(text)
            if measure:
                self.numbers[name].append(measure[0])
                self.units[name][measure[1]] += 1
            if len(text) <= LONGEST_VALUE:
                self.values[name][text] += 1

    def add_aspect(self, aspect: str) -> None:
        self.aspects.append(aspect)

    def vocabulary(self) -> Vocabulary:
        phrases: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        precision = self._precision()
        for brand, count in self.brands.items():
            certain = _distinctive(brand, precision.get(stems(brand), 1.0))
            self._put(phrases, brand, Term("brand", "", brand, count, certain))
        self._put_categories(phrases, precision)
        values = {name: counts for name, counts in self.values.items() if not _is_identifier(counts)}
        for name, counts in values.items():
            for value, count in counts.items():
                if value.lower() not in _EMPTY_VALUES:
                    certain = name.lower() not in _SIZE_NAMES and len(value) > 2 and not value.isdigit()
                    self._put(phrases, value, Term("attribute", name, value, count, certain))
        for name, count in self.flags.items():
            if count:
                self._put(phrases, name.replace("_", " "), Term("attribute", name, "yes", count))
        for tag, count in self.tags.items():
            if tag.lower() not in _EMPTY_VALUES:
                self._put(phrases, tag, Term("tag", "", tag, count, not set(stems(tag)) <= _GENERIC_TAGS))
        for name in {*values, *self.numbers}:
            self._put(phrases, unit_in_name(name.replace("_", " "))[0], Term("attribute_name", name, name, 0))
        for aspect in self.aspects:
            self._put(phrases, aspect, Term("aspect", "", aspect, 0))
        return Vocabulary(
            phrases={key: tuple(sorted(terms, key=_importance)) for key, terms in phrases.items()},
            longest=_longest(phrases),
            numeric=self._numeric(),
            prices=tuple(sorted(self.prices)),
            category_prices={node: tuple(sorted(prices)) for node, prices in self.by_category.items()},
            currency=self.currencies.most_common(1)[0][0] if self.currencies else "USD",
            values={name: tuple(counts.most_common()) for name, counts in values.items()},
            spellings=_spellings(phrases),
        )

    @staticmethod
    def _put(phrases: dict[tuple[str, ...], list[Term]], text: str, term: Term) -> None:
        key = stems(text)
        if key and len(key) <= 6 and term not in phrases[key]:
            phrases[key].append(term)

    def _put_categories(
        self, phrases: dict[tuple[str, ...], list[Term]], precision: Mapping[tuple[str, ...], float]
    ) -> None:
        for node, count in self.categories.items():
            generic = set(stems(node)) <= _GENERIC_CATEGORIES
            certain = not generic and precision.get(stems(node), 1.0) >= CATEGORY_PRECISION
            self._put(phrases, node, Term("category", "", node, count, certain))
            parts = _JOINTS.split(node)
            for part in parts if len(parts) > 1 else []:
                if stems(part) and not set(stems(part)) <= _GENERIC_CATEGORIES:
                    self._put(phrases, part, Term("category", "", node, count, certain=False))

    def _precision(self) -> dict[tuple[str, ...], float]:
        """Phrase of a brand or category -> of the products whose title has it, the share that belongs to it.

        A product belongs by its brand, its category path or its tags, in singular or plural.
        """
        keys: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for name in (*self.brands, *self.categories):
            if key := stems(name):
                keys[key[0]].add(key)
        seen: Counter[tuple[str, ...]] = Counter()
        own: Counter[tuple[str, ...]] = Counter()
        for title, belongs in self.titles:
            words = stems(title)
            found = {
                key
                for place, word in enumerate(words)
                for key in keys.get(word, ())
                if words[place : place + len(key)] == key
            }
            if found:
                seen.update(found)
                own.update(found & {stems(name) for name in belongs})
        return {key: own[key] / count for key, count in seen.items()}

    def _numeric(self) -> dict[str, NumericFacts]:
        facts = {}
        for name, numbers in self.numbers.items():
            if len(set(numbers)) < 2 and len(numbers) < 3:
                continue
            bare, unit = unit_in_name(name.replace("_", " "))
            if unit is None and self.units[name]:
                unit = self.units[name].most_common(1)[0][0]
            facts[name] = NumericFacts(name, stems(bare), unit, tuple(sorted(numbers)))
        return facts


_ORDER = {"brand": 1, "category": 0, "attribute": 2, "tag": 3, "attribute_name": 4, "aspect": 5}


def _importance(term: Term) -> tuple[int, int]:
    return _ORDER[term.kind], -term.count


def _distinctive(brand: str, precision: float) -> bool:
    """Whether a brand's name says brand by itself.

    It does when it holds a word that is rare in English, or a middling one that stands in hardly any title of
    another brand ("Sony" is frequent English, and nobody else's title has it).
    """
    ranks = english_ranks()
    rank = max((ranks.get(word, COMMON_RANK) for word in stems(brand) if len(word) > 1), default=0)
    return rank >= COMMON_RANK or (rank >= VERY_COMMON_RANK and precision >= BRAND_PRECISION)


def _is_kind_of(words: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    """Whether a value is a kind of another: stainless steel is steel, a filter with carbon is no carbon."""
    before = words[: -len(tail)]
    return words[-len(tail) :] == tail and not (
        before and before[-1] in ("with", "without", "and", "or", "of")
    )


def is_very_common(phrase: str) -> bool:
    """Whether English uses the word all the time ("down"): then its standing in a text says nothing."""
    ranks = english_ranks()
    return all(ranks.get(word, COMMON_RANK) < VERY_COMMON_RANK for word in phrase.split())


def _is_identifier(counts: Counter[str]) -> bool:
    return len(counts) > MOST_VALUES or (len(counts) > 50 and sum(counts.values()) < 1.5 * len(counts))


def _longest(phrases: Mapping[tuple[str, ...], object]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in phrases:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest


def _spellings(phrases: Mapping[tuple[str, ...], list[Term]]) -> dict[str, tuple[str, ...]]:
    """Single words of the shop, by first letter, that an unknown word may be a misspelling of."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for key, terms in phrases.items():
        if len(key) == 1 and len(key[0]) >= SHORTEST_MISSPELLING - 1 and key[0].isalpha() and terms:
            by_letter[key[0][0]].append(key[0])
    return {letter: tuple(words) for letter, words in by_letter.items()}


def is_size(key: str) -> bool:
    return key.lower() in _SIZE_NAMES


def is_color(key: str) -> bool:
    return key.lower() in _COLORS


def near_rank(values: tuple[float, ...], value: float) -> float:
    """The share of ``values`` (sorted) below ``value``."""
    return bisect_left(values, value) / len(values) if values else 0.0


def same_word(left: str, right: str) -> bool:
    return singular(left.lower()) == singular(right.lower())
