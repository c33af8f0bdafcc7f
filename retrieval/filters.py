"""Hard constraints as one immutable, typed tree, and their meaning product by product.

A leaf holds only where the value is known and fits: an unknown price is not "at most 50", an unknown stock
is not "in stock". ``Not`` is plain negation: ``Not(Brand(("Nike",)))`` holds for a product without a brand.
So "over 50" is ``Price(min=50)`` (price known), and ``Not(Price(max=50))`` also lets unknown prices
through.

``matches`` here is the definition; ``FilterTable.mask`` (columns) and ``benchmarks.chroma_where`` must agree
with it. Filters go to JSON and back through any pydantic field of type ``Filter``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from retrieval.absence.rule import holds, keys_of
from retrieval.records import AttributeValue, Product
from retrieval.text.normalization import fold, fold_plural, tokenize

_CONFIG = ConfigDict(extra="forbid")
_YES, _NO = "yes", "no"
_TRUTH = {"true": _YES, "yes": _YES, "y": _YES, "false": _NO, "no": _NO, "n": _NO}
_LEADING_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)")
_LIST_MARKS = re.compile(r"[,/;|]")


class _Condition:
    """What every filter can do: ``matches``, and ``a & b``, ``a | b``, ``~a``."""

    def matches(self, product: Product, stars: StarsOf | None = None) -> bool:
        """Does the product satisfy the filter? The definition, one product at a time (``stars``: as
        built)."""
        return _holds(self, product, stars)  # type: ignore[arg-type]

    def __and__(self, other: Filter) -> And:
        return And((self, other))  # type: ignore[arg-type]

    def __or__(self, other: Filter) -> Or:
        return Or((self, other))  # type: ignore[arg-type]

    def __invert__(self) -> Not:
        return Not(self)  # type: ignore[arg-type]


@dataclass(frozen=True, config=_CONFIG)
class And(_Condition):
    """Every part holds; of no parts: always."""

    parts: tuple[Filter, ...] = ()
    kind: Literal["and"] = field(default="and", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Or(_Condition):
    """At least one part holds; of no parts: never."""

    parts: tuple[Filter, ...] = ()
    kind: Literal["or"] = field(default="or", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Not(_Condition):
    """The part does not hold (where the value is missing: true)."""

    part: Filter
    kind: Literal["not"] = field(default="not", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Price(_Condition):
    """The lowest price of the product lies in [min, max]; with a currency: only prices in it count."""

    min: float | None = None
    max: float | None = None
    currency: str | None = None
    kind: Literal["price"] = field(default="price", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Brand(_Condition):
    """The brand is one of these names (case, accents and punctuation do not matter)."""

    names: tuple[str, ...]
    kind: Literal["brand"] = field(default="brand", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Category(_Condition):
    """Some level of a category path is one of these names, in singular or plural; ``"A > B"``: adjacent
    levels."""

    names: tuple[str, ...]
    kind: Literal["category"] = field(default="category", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Attribute(_Condition):
    """An attribute or option of this name exists, has one of ``values`` (if any) and a number in [min, max]
    (if set).

    A text value equals a wanted one as a whole or in one element of its list (``"Navy / White"``).
    A number is the value itself or the number that the text starts with (``"12.5 cm"``).
    """

    name: str
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    kind: Literal["attribute"] = field(default="attribute", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Tags(_Condition):
    """The product carries one of these tags."""

    names: tuple[str, ...]
    kind: Literal["tags"] = field(default="tags", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Stars(_Condition):
    """Buyers' mean stars lie in [min, max], from at least ``min_count`` ratings."""

    min: float | None = None
    max: float | None = None
    min_count: int = 1
    kind: Literal["stars"] = field(default="stars", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class InStock(_Condition):
    """The stock is known and above 0."""

    kind: Literal["in_stock"] = field(default="in_stock", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Words(_Condition):
    """Every word of ``text`` (stemmed, any order) stands somewhere in the product's own words.

    Those are title, description, brand, category, tags, text values of attributes and options, and the
    names of attributes that are true. "Without leather" is ``Not(Words("leather"))``.
    """

    text: str
    kind: Literal["words"] = field(default="words", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Absent(_Condition):
    """The product is without a thing. ``sure``: it says so, or a complete list shows it; else: nothing that it says
    names the thing, so that it may be without it. What that means is in `retrieval.absence.rule`.

    ``thing``: the key of a substance, or any words; ``also``: more that it is made of; ``by``: the complete lists
    that speak of it; ``within``: the substances that it is a part of; ``allergen``: traces of it count.
    """

    thing: str
    also: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    allergen: bool = False
    sure: bool = False
    kind: Literal["absent"] = field(default="absent", kw_only=True)


@dataclass(frozen=True, config=_CONFIG)
class Items(_Condition):
    """The product is one of these."""

    item_ids: tuple[str, ...]
    kind: Literal["items"] = field(default="items", kw_only=True)


Filter = Annotated[
    And | Or | Not | Price | Brand | Category | Attribute | Tags | Stars | InStock | Words | Absent | Items,
    Field(discriminator="kind"),
]
StarsOf = tuple[float, int]
"""Mean stars and the number of ratings."""

for _type in (And, Or, Not):
    from pydantic.dataclasses import rebuild_dataclass

    rebuild_dataclass(_type)  # type: ignore[arg-type]


def _holds(condition: Filter, product: Product, stars: StarsOf | None) -> bool:
    match condition:
        case And(parts):
            return all(_holds(part, product, stars) for part in parts)
        case Or(parts):
            return any(_holds(part, product, stars) for part in parts)
        case Not(part):
            return not _holds(part, product, stars)
        case Price(low, high, currency):
            known = product.price is not None and currency in (None, product.currency)
            return known and product.price is not None and within(product.price, low, high)
        case Brand(names):
            return bool(product.brand) and fold(product.brand or "") in {fold(name) for name in names}
        case Category(names):
            paths = (product.category, *product.more_categories)
            return any(on_path(name, path) for path in paths for name in names)
        case Attribute():
            return _attribute_matches(condition, product)
        case Tags(names):
            return not {fold_plural(tag) for tag in product.tags}.isdisjoint(
                fold_plural(name) for name in names
            )
        case Stars(low, high, min_count):
            return stars is not None and stars[1] >= min_count and within(stars[0], low, high)
        case InStock():
            return product.stock is not None and product.stock > 0
        case Words(text):
            return set(tokenize(text)) <= set(own_tokens(product))
        case Absent():
            return _is_absent(condition, product)
        case Items(item_ids):
            return product.item_id in item_ids


def _is_absent(condition: Absent, product: Product) -> bool:
    keys, own = keys_of(product), set(own_tokens(product))
    return bool(
        holds(
            condition, lambda key: np.bool_(key in keys), lambda word: np.bool_(word in own), np.bool_(False)
        )
    )


def leaves(condition: Filter) -> Iterator[Filter]:
    """Every condition in the tree that is not and, or, not."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def within(value: float, low: float | None, high: float | None) -> bool:
    """Is the value in the closed range? An open end is ``None``."""
    return (low is None or value >= low) and (high is None or value <= high)


def on_path(name: str, path: tuple[str, ...]) -> bool:
    """Is the name (or ``"A > B"``: these adjacent levels) on the category path, singular or plural?"""
    wanted = [fold_plural(level) for level in name.split(">")]
    levels = [fold_plural(level) for level in path]
    return any(levels[i : i + len(wanted)] == wanted for i in range(len(levels) - len(wanted) + 1))


def attribute_values(product: Product) -> Iterator[tuple[str, AttributeValue]]:
    """Each attribute and option with its value, names folded (``Max. Weight`` → ``max weight``)."""
    for name, value in product.attributes.items():
        yield fold(name), value
    for name, choices in product.options.items():
        yield fold(name), choices


def value_keys(value: AttributeValue) -> set[str]:
    """The folded forms by which a value can be asked for."""
    if isinstance(value, tuple):
        return {key for element in value for key in value_keys(element)}
    if isinstance(value, str):
        return {wanted_key(part) for part in (value, *_LIST_MARKS.split(value)) if part.strip()}
    return {_truth_or_number(value)}


@lru_cache(maxsize=100_000)
def wanted_key(text: str) -> str:
    """The folded form of one value that is asked for."""
    try:
        return f"{float(text):g}"
    except ValueError:
        folded = fold_plural(text)
        return _TRUTH.get(folded, folded)


def numbers_in(value: AttributeValue) -> list[float]:
    """The numbers a value stands for: itself, or what its text starts with."""
    if isinstance(value, bool):
        return []
    if isinstance(value, float | int):
        return [float(value)]
    texts = value if isinstance(value, tuple) else (value,)
    return [float(found[1]) for text in texts if (found := _LEADING_NUMBER.match(text))]


def own_tokens(product: Product) -> Iterator[str]:
    """Search tokens of everything the shop says about the product (see ``Words``), title first."""
    yield from tokenize(product.title)
    for text in other_texts(product):
        yield from tokenize(text)


def other_texts(product: Product) -> Iterator[str]:
    """What the shop says about the product beside its title, most telling first."""
    if product.brand:
        yield product.brand
    yield from product.category
    for path in product.more_categories:
        yield from path
    yield from product.tags
    for name, value in (*product.attributes.items(), *product.options.items()):
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value
        elif value is True:
            yield name
    if product.description:
        yield product.description
    yield from product.texts.values()


def _truth_or_number(value: float | bool) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return f"{float(value):g}"


def _attribute_matches(condition: Attribute, product: Product) -> bool:
    wanted, name = {wanted_key(value) for value in condition.values}, fold(condition.name)
    values = [value for own, value in attribute_values(product) if own == name]
    if wanted and not any(wanted & value_keys(value) for value in values):
        return False
    if condition.min is None and condition.max is None:
        return bool(values)
    return any(
        within(number, condition.min, condition.max) for value in values for number in numbers_in(value)
    )
