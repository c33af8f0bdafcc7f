"""What is bought together: exact counts of shoppers who took both items, and how far above chance that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cf_engine.base import IntArray
from cf_engine.storage import load_model, pack_csr, save_model, unpack_csr

BASES: Final = ("purchase", "cart", "rating", "like", "click", "view")
"""What counts as taking an item, best first: a shop without purchases falls back to the next it has."""
BASKET_LIMIT: Final = 50


@dataclass(frozen=True)
class CoPurchases:
    """Counts of shoppers who took both items, symmetric (n_items x n_items, zero diagonal); buyers by item.

    Only counts over shoppers are kept, no shopper's basket. ``basis`` is the kind of event counted.
    """

    counts: sparse.csr_matrix
    buyers: IntArray  # (n_items,)
    n_shoppers: int
    basis: str

    @classmethod
    def from_pairs(cls, user: npt.ArrayLike, item: npt.ArrayLike, n_items: int, basis: str) -> Self:
        """From rows of who took what, oldest first. Repeats count once.

        Only the newest `BASKET_LIMIT` items of a shopper make pairs, so that a reseller who bought everything
        costs no more than anybody: time and memory O(shoppers * BASKET_LIMIT^2) at worst.
        """
        users, codes = np.unique(np.asarray(user, dtype=np.int64), return_inverse=True)
        items = np.asarray(item, dtype=np.int64)
        newest = _newest_distinct(codes, items, n_items)
        codes, items = codes[newest], items[newest]
        taken = sparse.csr_matrix(
            (np.ones(len(items), dtype=np.int32), (codes, items)), shape=(len(users), n_items)
        )
        counts = (taken.T @ taken).tocsr()
        counts.setdiag(0)
        counts.eliminate_zeros()
        counts.sort_indices()
        return cls(counts, np.bincount(items, minlength=n_items).astype(np.int64), len(users), basis)

    def count(self, a: int, b: int) -> int:
        """How many shoppers took both; 0 for an item with itself. O(log n)."""
        start, end = self.counts.indptr[a], self.counts.indptr[a + 1]
        place = start + int(np.searchsorted(self.counts.indices[start:end], b))
        return int(self.counts.data[place]) if place < end and self.counts.indices[place] == b else 0

    def goes_well_with(self, item: int, k: int, *, min_count: int = 2) -> list[tuple[int, int, float]]:
        """The items most surely taken together with ``item``: (item, shoppers of both, lift), best first.

        Lift is P(a, b) / (P(a) P(b)); pairs at or below chance are left out. Ordered by the log-likelihood
        ratio (Dunning 1993), which, unlike lift, is not won by pairs seen twice. O(pairs of the item).
        """
        start, end = self.counts.indptr[item], self.counts.indptr[item + 1]
        others = self.counts.indices[start:end].astype(np.int64)
        both = self.counts.data[start:end].astype(np.float64)
        expected = float(self.buyers[item]) * self.buyers[others] / max(self.n_shoppers, 1)
        lift = both / np.maximum(expected, 1e-12)
        surprise = log_likelihood_ratio(both, float(self.buyers[item]), self.buyers[others], self.n_shoppers)
        kept = np.flatnonzero((both >= min_count) & (lift > 1))
        best = kept[np.lexsort((others[kept], -surprise[kept]))][:k]
        return [(int(others[n]), int(both[n]), float(lift[n])) for n in best]

    def save(self, folder: Path) -> None:
        arrays = {**pack_csr("counts", self.counts), "buyers": self.buyers}
        save_model(folder, "copurchase", 1, {"n_shoppers": self.n_shoppers, "basis": self.basis}, arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Opens what `save` wrote, memory-mapped. Raises ``ModelFileError`` for anything else."""
        settings, arrays = load_model(folder, "copurchase", 1)
        return cls(unpack_csr("counts", arrays), arrays["buyers"], settings["n_shoppers"], settings["basis"])


def choose_basis(kind_counts: Mapping[str, int], enough: int = 50) -> str:
    """The best kind of event that the log holds ``enough`` of, else the best it holds at all."""
    for least in (enough, 1):
        for kind in BASES:
            if kind_counts.get(kind, 0) >= least:
                return kind
    return BASES[0]


def log_likelihood_ratio(
    both: npt.ArrayLike, a: npt.ArrayLike, b: npt.ArrayLike, total: float
) -> npt.NDArray[np.float64]:
    """G^2 of the table "took a" by "took b" over ``total`` shoppers (Dunning 1993); 0 = independent."""
    k11 = np.asarray(both, dtype=np.float64)
    k12, k21 = np.asarray(a, dtype=np.float64) - k11, np.asarray(b, dtype=np.float64) - k11
    k22 = total - k11 - k12 - k21
    rows, columns = (k11 + k12, k21 + k22), (k11 + k21, k12 + k22)
    g = sum(
        _times_log(cell, cell * total / np.maximum(row * column, 1e-12))
        for cell, row, column in (
            (k11, rows[0], columns[0]),
            (k12, rows[0], columns[1]),
            (k21, rows[1], columns[0]),
            (k22, rows[1], columns[1]),
        )
    )
    return np.maximum(2 * g, 0.0)


def _times_log(weight: npt.NDArray[np.float64], ratio: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(weight > 0, weight * np.log(np.maximum(ratio, 1e-300)), 0.0)


def _newest_distinct(user: IntArray, item: IntArray, n_items: int) -> IntArray:
    """Positions of the last row of each pair, at most `BASKET_LIMIT` a user, given rows oldest first."""
    backwards = np.arange(len(item))[::-1]
    _, first = np.unique(user[::-1] * n_items + item[::-1], return_index=True)
    last = np.sort(backwards[first])
    by_user = last[np.lexsort((-last, user[last]))]
    starts = np.searchsorted(user[by_user], user[by_user], side="left")
    return np.sort(by_user[np.arange(len(by_user)) - starts < BASKET_LIMIT])
