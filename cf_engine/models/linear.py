"""Models that are one item x item matrix: score(history) = sum over positions of decay^age * matrix[item at
position].

The matrix is sparse, so a shopper's scores cost one pass over the rows of the history, and every score splits
exactly into the parts of the history that made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from scipy import sparse

from cf_engine.base import FloatArray, History, HistoryModel, IntArray, NotFittedError
from cf_engine.storage import pack_csr, unpack_csr


def age_weights(length: int, decay: float) -> FloatArray:
    """decay^age for positions oldest first: the newest weighs 1. Shape (length,)."""
    return (decay ** np.arange(length - 1, -1, -1, dtype=np.float64)).astype(np.float32)


def history_matrix(histories: Sequence[History], n_items: int, decay: float) -> sparse.csr_matrix:
    """Row = shopper, column = item, value = sum of decay^age over the positions that hold the item."""
    lengths = np.array([len(history) for history in histories], np.int64)
    columns = np.fromiter((item for history in histories for item in history), np.int64, int(lengths.sum()))
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    ages = np.repeat(indptr[1:], lengths) - 1 - np.arange(len(columns))
    data = (decay**ages).astype(np.float32)
    return sparse.csr_matrix((data, columns, indptr), shape=(len(histories), n_items))


def keep_largest(matrix: sparse.csr_matrix, per_row: int) -> sparse.csr_matrix:
    """Keeps the ``per_row`` entries of largest magnitude of each row, columns sorted. O(nnz log nnz)."""
    matrix = matrix.tocsr()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((-np.abs(matrix.data), rows))
    rank = np.arange(len(rows)) - matrix.indptr[:-1][rows]
    kept = order[rank < per_row]
    result = sparse.csr_matrix((matrix.data[kept], (rows[kept], matrix.indices[kept])), shape=matrix.shape)
    result.sort_indices()
    return result


def sparse_product(left: FloatArray, right: FloatArray, per_row: int) -> sparse.csr_matrix:
    """The ``per_row`` largest entries of each row of left @ right.T but the diagonal, never held whole.

    O(n^2 d) time, O(n x per_row) memory; 12k items with d = 640 take some 5 s on one core.
    """
    n = len(left)
    per_row = min(per_row, n - 1)
    if per_row <= 0:
        return sparse.csr_matrix((n, n), dtype=np.float32)
    columns, data = np.empty((n, per_row), np.int32), np.empty((n, per_row), np.float32)
    for start in range(0, n, 512):
        block = left[start : start + 512] @ right.T
        rows = np.arange(len(block))
        block[rows, start + rows] = -np.inf
        best = np.sort(np.argpartition(block, n - per_row, axis=1)[:, n - per_row :], axis=1)
        columns[start : start + 512] = best
        data[start : start + 512] = np.take_along_axis(block, best, axis=1)
    return sparse.csr_matrix(
        (data.ravel(), columns.ravel(), np.arange(0, n * per_row + 1, per_row)), shape=(n, n)
    )


class LinearModel(HistoryModel):
    """The serving half of every item-item model; subclasses write `fit`, which sets ``matrix`` and
    ``n_items``.
    """

    decay: float
    matrix: sparse.csr_matrix | None = None

    def score(self, history: History, items: IntArray | None = None) -> FloatArray:
        matrix = self._fitted()
        scores = np.zeros(self.n_items, np.float32)
        for item, weight in zip(history, age_weights(len(history), self.decay), strict=True):
            row = slice(matrix.indptr[item], matrix.indptr[item + 1])
            scores[matrix.indices[row]] += weight * matrix.data[row]
        return scores if items is None else scores[items]

    def score_batch(self, histories: Sequence[History]) -> FloatArray:
        return (history_matrix(histories, self.n_items, self.decay) @ self._fitted()).toarray()

    def explain(self, history: History, item: int) -> FloatArray:
        """Exact: the parts sum to the score. O(len(history) x row length)."""
        matrix = self._fitted()
        rows = [slice(matrix.indptr[i], matrix.indptr[i + 1]) for i in history]
        parts = [matrix.data[row][matrix.indices[row] == item].sum() for row in rows]
        return age_weights(len(history), self.decay) * np.array(parts, np.float32)

    def _fitted(self) -> sparse.csr_matrix:
        if self.matrix is None:
            raise NotFittedError(f"the model {self.name!r} has no matrix yet: call fit or load first")
        return self.matrix

    def _settings(self) -> dict[str, Any]:
        return {"decay": self.decay}

    def _state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return self._settings(), pack_csr("matrix", self._fitted())

    @classmethod
    def _restore(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        model = cls(**settings)
        model.matrix = unpack_csr("matrix", arrays)
        return model
