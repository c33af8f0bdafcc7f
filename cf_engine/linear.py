"""Models that are one item x item matrix: score(history) = sum over positions of decay^age * matrix[item at
position].

The matrix is sparse, so a shopper's scores cost one pass over the rows of the history, and every score splits
exactly into the parts of the history that made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
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


def dense_to_sparse(matrix: npt.NDArray[np.float32], per_row: int) -> sparse.csr_matrix:
    """The ``per_row`` entries of largest magnitude of each row of a dense matrix. O(size)."""
    n, width = matrix.shape
    per_row = min(per_row, width)
    columns = np.empty((n, per_row), np.int32)
    for start in range(0, n, 512):
        part = np.abs(matrix[start : start + 512])
        columns[start : start + 512] = np.argpartition(part, width - per_row, axis=1)[:, width - per_row :]
    columns.sort(axis=1)
    data = np.take_along_axis(matrix, columns.astype(np.int64), axis=1)
    result = sparse.csr_matrix(
        (data.ravel(), columns.ravel(), np.arange(0, n * per_row + 1, per_row)), shape=matrix.shape
    )
    result.eliminate_zeros()
    return result


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
        """Exact: the parts sum to the score. O(len(history) log row length)."""
        matrix = self._fitted()
        return age_weights(len(history), self.decay) * np.array(
            [matrix[i, item] for i in history], np.float32
        )

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
