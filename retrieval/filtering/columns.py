"""Products as columns, as ``FilterTable`` evaluates filters on them: filled product by product, in
one pass."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.absence.rule import keys_of
from retrieval.filtering.postings import Postings, PostingsBuilder
from retrieval.filters import StarsOf, attribute_values, numbers_in, own_tokens, value_keys
from retrieval.records import AttributeValue, Product
from retrieval.text.normalization import fold, fold_plural

POSTINGS = ("brand", "tag", "attribute", "number", "word", "path", "absence")
COLUMNS = ("price", "currency", "path", "stars", "rating_count", "stock", "numbers")


@dataclass(frozen=True)
class Vocabulary:
    """The shop's own names with the number of products that carry each, most frequent first."""

    brands: dict[str, int]
    categories: dict[str, int]
    """Names of every level of the category paths."""
    attributes: dict[str, dict[str, int]]
    """Values by attribute or option name; at most the 500 most frequent of each."""
    tags: dict[str, int]
    currencies: dict[str, int]


@dataclass(frozen=True)
class Columns:
    """Rows in the order of ``item_ids``; ``columns["path"]`` points into ``paths``, and so do the
    postings ``path``: the other paths that a product is on."""

    item_ids: tuple[str, ...]
    columns: Mapping[str, npt.NDArray[Any]]
    postings: Mapping[str, Postings]
    paths: Sequence[tuple[str, ...]]
    vocabulary: Vocabulary


class ColumnsBuilder:
    """Fills the columns product by product, in compact arrays."""

    def __init__(self, stars: Mapping[str, StarsOf]) -> None:
        self._stars_of = stars
        self._item_ids: list[str] = []
        self._price, self._stars = array("d"), array("d")
        self._currency, self._path, self._count, self._stock = array("i"), array("i"), array("i"), array("i")
        self._postings = {name: PostingsBuilder() for name in POSTINGS if name != "number"}
        self._numbers: dict[str, tuple[array[int], array[float]]] = {}
        self._paths: dict[tuple[str, ...], int] = {}
        self._currencies: dict[str, int] = {}
        self._priced: Counter[str] = Counter()
        self._brands: Counter[str] = Counter()
        self._levels: Counter[str] = Counter()
        self._tags: Counter[str] = Counter()
        self._values: dict[str, Counter[str]] = {}

    def add(self, product: Product) -> None:
        """Append one product as the next row."""
        row = len(self._item_ids)
        self._item_ids.append(product.item_id)
        self._price.append(np.nan if product.price is None else product.price)
        self._currency.append(self._currencies.setdefault(product.currency, len(self._currencies)))
        self._priced[product.currency] += product.price is not None
        self._path.append(self._path_code(product.category))
        self._postings["path"].add(row, [str(self._path_code(path)) for path in product.more_categories])
        stated = (np.nan, 0) if product.rating is None else (product.rating, product.rating_count or 1)
        mean, count = self._stars_of.get(product.item_id, stated)
        self._stars.append(mean)
        self._count.append(count)
        self._stock.append(-1 if product.stock is None else min(product.stock, 2**31 - 1))
        if product.brand:
            self._postings["brand"].add(row, [fold(product.brand)])
            self._brands[product.brand] += 1
        self._postings["tag"].add(row, map(fold_plural, product.tags))
        self._tags.update(product.tags)
        self._levels.update({*product.category, *(n for path in product.more_categories for n in path)})
        self._postings["word"].add(row, own_tokens(product))
        self._postings["absence"].add(row, keys_of(product))
        keys: set[str] = set()
        for name, value in attribute_values(product):
            keys |= {name, *(f"{name}\0{key}" for key in value_keys(value))}
            self._add_numbers(row, name, value)
        self._postings["attribute"].add(row, keys)
        for name, value in (*product.attributes.items(), *product.options.items()):
            self._values.setdefault(name, Counter()).update(_shown(value))

    def _path_code(self, path: tuple[str, ...]) -> int:
        return self._paths.setdefault(path, len(self._paths))

    def _add_numbers(self, row: int, name: str, value: AttributeValue) -> None:
        for number in numbers_in(value):
            rows, values = self._numbers.setdefault(name, (array("i"), array("d")))
            rows.append(row)
            values.append(number)

    def build(self) -> Columns:
        """What was added, as columns."""
        starts = np.cumsum([0] + [len(rows) for rows, _ in self._numbers.values()], dtype=np.int64)
        number_rows = [np.frombuffer(rows, dtype=np.int32) for rows, _ in self._numbers.values()]
        numbers = [np.frombuffer(values, dtype=np.float64) for _, values in self._numbers.values()]
        columns: dict[str, npt.NDArray[Any]] = {
            "price": np.array(self._price, dtype=np.float64),
            "currency": np.array(self._currency, dtype=np.int32),
            "path": np.array(self._path, dtype=np.int32),
            "stars": np.array(self._stars, dtype=np.float64),
            "rating_count": np.array(self._count, dtype=np.int32),
            "stock": np.array(self._stock, dtype=np.int32),
            "numbers": np.concatenate([*numbers, np.zeros(0)]),
        }
        postings = {name: builder.build() for name, builder in self._postings.items()}
        postings["number"] = Postings(
            {name: code for code, name in enumerate(self._numbers)},
            starts,
            np.concatenate([*number_rows, np.zeros(0, np.int32)]),
        )
        vocabulary = Vocabulary(
            brands=_ranked(self._brands),
            categories=_ranked(self._levels),
            attributes={name: _ranked(values, 500) for name, values in self._values.items()},
            tags=_ranked(self._tags),
            currencies={currency: self._priced[currency] for currency in self._currencies},
        )
        return Columns(tuple(self._item_ids), columns, postings, tuple(self._paths), vocabulary)


def _shown(value: AttributeValue) -> set[str]:
    """A value as the shop writes it."""
    if isinstance(value, tuple):
        return set(value)
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return {value if isinstance(value, str) else f"{value:g}"}


def _ranked(counter: Counter[str], most: int | None = None) -> dict[str, int]:
    return dict(counter.most_common(most))
