"""Directional co-occurrence: what shoppers take soon after an item, and, weighing less, what they took before
it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse

from cf_engine.base import FloatArray, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.models.linear import LinearModel, keep_largest, sparse_product


@dataclass(frozen=True)
class ItemItemSettings:
    """How pairs are counted and normalised. Defaults are sensible without tuning; the ensemble picks them on
    validation.

    Attributes:
        decay: weight of a history position one step older, at serving.
        distance: a pair ``d`` positions apart counts d^-distance.
        backward: weight of the later -> earlier direction against the earlier -> later one.
        source: count(i -> j) is divided by (total of row i)^source; 1 makes rows probabilities.
        target: and by (popularity of j)^target; 0 favours popular items, 0.5 is cosine-like.
        length: pairs of a user with n events count n^-length, so that heavy users don't rule.
        window: pairs further apart are not counted; bounds the cost.
        smoothing: share of the rows of its nearest neighbours in text that an item's row takes on; 0 = none.
        per_row: entries kept of each row; bounds memory.
    """

    decay: float = 0.6
    distance: float = 0.7
    backward: float = 0.3
    source: float = 0.2
    target: float = 0.15
    length: float = 0.0
    smoothing: float = 0.0
    window: int = 50
    per_row: int = 1000


class ItemItem(LinearModel):
    """Fit is O(events x window) time and memory O(pairs); 200k events take about half a second.

    Args:
        neighbours: `text_neighbours`, needed for ``smoothing`` only: where events are few, a product also
            leads where products with a similar text lead.
    """

    name = "item_item"

    def __init__(self, neighbours: sparse.csr_matrix | None = None, **settings: Any) -> None:
        self.neighbours = neighbours
        self.settings = ItemItemSettings(**settings)
        self.decay = self.settings.decay

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        s = self.settings
        forward = ordered_pairs(interactions, distance=s.distance, length=s.length, window=s.window)
        counts = (forward + s.backward * forward.T).tocsr()
        counts.setdiag(0)
        counts.eliminate_zeros()
        popularity = np.bincount(interactions.item, interactions.weight, interactions.n_items)
        rows = np.asarray(counts.sum(axis=1)).ravel()
        left = sparse.diags(_inverse_power(rows, s.source))
        right = sparse.diags(_inverse_power(popularity, s.target))
        matrix = (left @ counts @ right).tocsr().astype(np.float32)
        if s.smoothing and self.neighbours is not None:
            matrix = matrix + np.float32(s.smoothing) * (self.neighbours @ matrix)
        self.matrix = keep_largest(matrix, s.per_row)
        self.n_items = interactions.n_items
        return self

    def _settings(self) -> dict[str, Any]:
        return {**asdict(self.settings), "decay": self.decay}


def ordered_pairs(
    interactions: Interactions, *, distance: float, length: float = 0.0, window: int = 50
) -> sparse.csr_matrix:
    """Item x item: how often column came after row in one history, weighted by distance, event weight and
    user length.
    """
    n_items, total = interactions.n_items, len(interactions)
    user_weight = np.maximum(np.bincount(interactions.user, minlength=interactions.n_users), 1) ** -length
    counts = sparse.csr_matrix((n_items, n_items), dtype=np.float64)
    rows, columns, values = [], [], []
    pending = 0
    for d in range(1, min(window, total - 1) + 1):
        first = np.flatnonzero(interactions.user[:-d] == interactions.user[d:])
        if not len(first):
            break
        rows.append(interactions.item[first])
        columns.append(interactions.item[first + d])
        weight = (
            interactions.weight[first]
            * interactions.weight[first + d]
            * user_weight[interactions.user[first]]
        )
        values.append(weight * d**-distance)
        pending += len(first)
        if pending > 20_000_000:  # bounds the memory of the coordinate lists
            counts = counts + _collect(rows, columns, values, n_items)
            rows, columns, values, pending = [], [], [], 0
    return counts + _collect(rows, columns, values, n_items)


def text_neighbours(vectors: FloatArray, count: int = 20, power: float = 4.0) -> sparse.csr_matrix:
    """Item x item likeness to the nearest ``count`` in text, cosine^power, rows summing to 1 (or to 0)."""
    near = sparse_product(vectors, vectors, count)
    near.data = np.maximum(near.data, 0.0) ** np.float32(power)
    total = np.asarray(near.sum(axis=1)).ravel()
    return (sparse.diags(_inverse_power(total, 1.0).astype(np.float32)) @ near).tocsr()


def _collect(rows: list, columns: list, values: list, n_items: int) -> sparse.csr_matrix:
    if not rows:
        return sparse.csr_matrix((n_items, n_items), dtype=np.float64)
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), coordinates), shape=(n_items, n_items))


def _inverse_power(values: np.ndarray, power: float) -> np.ndarray:
    """values^-power, 0 where the value is 0."""
    return np.where(values > 0, np.maximum(values, 1e-12) ** -power, 0.0)
