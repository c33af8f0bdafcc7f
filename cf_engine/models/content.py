"""Recommends by the products' own text vectors: nearest neighbours, nothing learned, so it works from the
first day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cf_engine.base import IntArray, NotFittedError, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.models.linear import LinearModel, sparse_product
from cf_engine.text import check_vectors


@dataclass(frozen=True)
class ContentSettings:
    """``power`` well above 1 makes it a vote of near neighbours: many faint likenesses don't outweigh a close
    one.
    """

    decay: float = 0.7
    power: float = 4.0
    per_row: int = 500


class Content(LinearModel):
    """score = sum over the history of decay^age * max(cosine, 0)^power over the nearest items. Fit:
    O(n_items^2 x d).

    Args:
        vectors: (n_items, d), rows of any length; rows of zeros = no text, which is never near.
    """

    name = "content"

    def __init__(self, vectors: npt.NDArray[np.floating[Any]] | None = None, **settings: Any) -> None:
        self.settings = ContentSettings(**settings)
        self.decay = self.settings.decay
        self.vectors = vectors

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        """Learns nothing from events; finds each item's neighbours, once for however many fits."""
        vectors = check_vectors(self.vectors, interactions.n_items)
        if self.matrix is not None and self.n_items == len(vectors):
            return self
        matrix = sparse_product(vectors, vectors, self.settings.per_row)
        matrix.data = np.maximum(matrix.data, 0.0) ** np.float32(self.settings.power)
        matrix.eliminate_zeros()
        self.matrix = matrix
        self.n_items = interactions.n_items
        return self

    def neighbours(self, items: IntArray) -> sparse.csr_matrix:
        """Rows of likenesses^power of ``items`` to all items, the nearest only."""
        if self.matrix is None:
            raise NotFittedError("content has no neighbours yet: call fit or load first")
        return self.matrix[items]

    def _settings(self) -> dict[str, Any]:
        return {**asdict(self.settings), "decay": self.decay}
