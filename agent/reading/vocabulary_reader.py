"""Collects the words of a shop from its products, and decides which of them may bind a search by themselves.

"Nike" may, a brand called "Home" may not unless the shopper says "from Home".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from agent.language.english import COMMON_RANK, VERY_COMMON_RANK, english_ranks
from agent.language.text import stems, written_tokens
from agent.language.units import measured, unit_in_name
from agent.reading.kinds import Kinds
from agent.reading.terms import SIZE_NAMES, NumericFacts, Term, size_spellings
from retrieval.catalog import AttributeValue, Product

LONGEST_VALUE = 40
MOST_VALUES = 400
"""An attribute with more distinct values than this, mostly unrepeated, is an identifier or free text."""
BRAND_PRECISION = 0.7
CATEGORY_PRECISION = 0.5
"""A word binds to a category only if most products with that word in the title are in it ("guitar" in a shop
that sells mainly guitar strings does not)."""

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


_JOINTS = re.compile(r"\s+and\s+|[&,/]")


@dataclass(frozen=True)
class Words:
    """All that is read of a shop's products. Phrases are tuples of stems."""

    phrases: Mapping[tuple[str, ...], tuple[Term, ...]]
    longest: Mapping[str, int]
    """First stem of a phrase -> the most stems of any phrase that starts so."""
    numeric: Mapping[str, NumericFacts]
    prices: tuple[float, ...]
    """All known prices, sorted."""
    category_prices: Mapping[str, tuple[float, ...]]
    currency: str
    values: Mapping[str, tuple[tuple[str, int], ...]]
    """Categorical attribute -> its values with counts, most frequent first."""
    kinds: Kinds
    """What titles and categories call the products."""


class VocabularyReader:
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
        # In a fixed order: of categories with equal counts the first is the one a shopper reads.
        self.categories.update(list(dict.fromkeys(reversed(product.category))))
        self.tags.update(list(dict.fromkeys(product.tags)))
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

    def read(self) -> Words:
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
                    certain = name.lower() not in SIZE_NAMES and len(value) > 2 and not value.isdigit()
                    term = Term("attribute", name, value, count, certain)
                    for spelling in size_spellings(value) if name.lower() in SIZE_NAMES else (value,):
                        self._put(phrases, spelling, term)
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
        return Words(
            phrases={key: tuple(sorted(terms, key=_importance)) for key, terms in phrases.items()},
            longest=_longest(phrases),
            numeric=self._numeric(),
            prices=tuple(sorted(self.prices)),
            category_prices={node: tuple(sorted(prices)) for node, prices in self.by_category.items()},
            currency=self.currencies.most_common(1)[0][0] if self.currencies else "USD",
            values={name: tuple(counts.most_common()) for name, counts in values.items()},
            kinds=Kinds.of(self.titles),
        )

    @staticmethod
    def _put(phrases: dict[tuple[str, ...], list[Term]], text: str, term: Term) -> None:
        key = stems(text)
        if key and len(key) <= 6 and term not in phrases[key]:
            phrases[key].append(term)
        if len(key) == 2 and "-" in text:  # "tshirt" is a "T-Shirt", too
            closed = phrases[("".join(key),)]
            closed.extend([term] if term not in closed else [])

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
            words = tuple(token.stem for token in written_tokens(title) if token.is_word)
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


def _is_identifier(counts: Counter[str]) -> bool:
    return len(counts) > MOST_VALUES or (len(counts) > 50 and sum(counts.values()) < 1.5 * len(counts))


def _longest(phrases: Mapping[tuple[str, ...], object]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in phrases:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest
