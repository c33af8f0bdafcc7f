"""A build's columns with what changed in the catalogue since: prices, stock and removals count at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.filtering.table import BoolArray, FilterTable, UnknownName
from retrieval.filters import Filter, StarsOf
from retrieval.records import Product


class UpdatedTable(FilterTable):
    """The rows of ``built``: a changed product's answers as the product is now, a removed one's never.

    Products that are new since have no row: they are found from the next build on.

    Cost: one small table of the changed products, built here.
    """

    def __init__(self, built: FilterTable, changed: Mapping[str, Product | None]) -> None:
        """``changed``: item id -> the product now, ``None`` where it is gone."""
        self.item_ids, self.vocabulary, self.paths = built.item_ids, built.vocabulary, built.paths
        self._postings, self._currencies = built._postings, built._currencies
        self._path_codes = built._path_codes
        known = [(row, changed[item]) for item, row in built.row_of.items() if item in changed]
        present = [(row, product) for row, product in known if product is not None]
        self._rows = np.array([row for row, _ in present], dtype=np.int64)
        self._removed = np.array([row for row, product in known if product is None], dtype=np.int64)
        self._now = FilterTable.build([product for _, product in present], _stars(built, self._rows))
        self.columns = dict(built.columns)
        for name, gone in (("price", np.nan), ("stock", 0)):
            column = np.array(built.columns[name])
            column[self._rows] = self._now.columns[name]
            column[self._removed] = gone
            self.columns[name] = column

    @property
    def size(self) -> int:
        """How many products there are: rows but for those of removed products."""
        return len(self) - len(self._removed)

    def mask(self, condition: Filter) -> BoolArray:
        """Which products satisfy the filter as they are now, shape (n,)."""
        mask = np.array(super().mask(condition))
        mask[self._rows] = self._now.mask(condition)
        mask[self._removed] = False
        return mask

    def count(self, condition: Filter, among: BoolArray) -> int:
        """How many of these products satisfy the filter as they are now."""
        unchanged = np.array(among)
        unchanged[self._rows] = unchanged[self._removed] = False
        now = self._now.mask(condition) & among[self._rows]
        return super().count(condition, unchanged) + int(np.count_nonzero(now))

    def unknown(self, condition: Filter) -> tuple[UnknownName, ...]:
        """Names that neither the build nor a changed product carries."""
        new = {(name.kind, name.name) for name in self._now.unknown(condition)}
        return tuple(name for name in super().unknown(condition) if (name.kind, name.name) in new)


def _stars(built: FilterTable, rows: np.ndarray) -> dict[str, StarsOf]:
    means, counts = built.columns["stars"], built.columns["rating_count"]
    return {built.item_ids[row]: (float(means[row]), int(counts[row])) for row in rows if counts[row]}
