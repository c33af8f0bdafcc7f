"""Learned content: a linear map from the text of what a shopper had to the text of what comes next, in closed
form.

Unlike plain likeness it learns that a shampoo is followed by its conditioner, and, unlike co-occurrence, it
knows that of a product without any event.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cf_engine.base import Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.models.linear import LinearModel, sparse_product
from cf_engine.models.ridge import decayed_future, decayed_past
from cf_engine.text import check_vectors


@dataclass(frozen=True)
class TextTransitionSettings:
    """``past``, ``future``: decays per step in training; ``decay``: of the history at serving; ``l2_past``,
    ``l2_item``: ridge penalties; ``discount``: a target counts popularity^-discount, so that rare items have
    a say; ``per_row``: items kept that may follow an item."""

    past: float = 0.6
    future: float = 0.6
    decay: float = 0.5
    l2_past: float = 0.5
    l2_item: float = 0.1
    discount: float = 0.3
    per_row: int = 500


class TextTransition(LinearModel):
    """score(history, j) = sum_k decay^age (v_k M) . v_j with M = argmin |X V M V^T - Y|^2 + ridge.

    X, Y are the decayed past and future at each event. Fit is O(events x d + d^3 + n_items^2 x d); the
    largest entries of each row of V M V^T are kept, so serving never touches vectors.

    Args:
        vectors: text vectors (n_items, d); rows of zeros = no text, which recommends nothing and isn't
            recommended.
    """

    name = "text_transition"

    def __init__(self, vectors: npt.NDArray[np.floating[Any]] | None = None, **settings: Any) -> None:
        self.settings = TextTransitionSettings(**settings)
        self.decay = self.settings.decay
        self.vectors = vectors

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        s = self.settings
        vectors = check_vectors(self.vectors, interactions.n_items)
        past = decayed_past(interactions, s.past) @ vectors  # (events, d)
        popularity = np.maximum(np.bincount(interactions.item, minlength=interactions.n_items), 1)
        discounted = vectors * (popularity[:, None] ** -s.discount).astype(np.float32)
        future = decayed_future(interactions, s.future) @ discounted
        eye = np.eye(vectors.shape[1])
        inner = np.linalg.solve((past.T @ past).astype(np.float64) + s.l2_past * eye, past.T @ future)
        transition = np.linalg.solve(
            (vectors.T @ vectors).astype(np.float64) + s.l2_item * eye, inner.T
        ).T  # (d, d)
        self.matrix = sparse_product(vectors @ transition.astype(np.float32), vectors, s.per_row)
        self.n_items = interactions.n_items
        return self

    def _settings(self) -> dict[str, Any]:
        return {**asdict(self.settings), "decay": self.decay}
