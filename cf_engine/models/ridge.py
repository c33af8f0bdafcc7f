"""Regression from what shoppers had to what they took: past -> future ridge, and EASE as the case without
order.

Every target item is regressed on its most co-occurring items only (fsSLIM's feature selection, Ning & Karypis
2011), so there is no n x n inverse: cost grows with items x neighbours^3, memory with items x neighbours. On
shops small enough for both, the restricted solution ranks as well as the full one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy import sparse

from cf_engine.base import IntArray, Progress, no_progress
from cf_engine.interactions import Interactions
from cf_engine.models.linear import LinearModel, keep_largest


@dataclass(frozen=True)
class RidgeSettings:
    """``past`` and ``future`` are decays per step of what is regressed on and of what is predicted; ``l2``
    the penalty;
    ``neighbours`` how many items each item is predicted from; ``decay`` the history's at serving."""

    past: float = 0.5
    future: float = 0.6
    l2: float = 50.0
    neighbours: int = 60
    decay: float = 0.7


class PastFutureRidge(LinearModel):
    """W = argmin |X W - Y|^2 + l2 |W|^2: X the decayed past at each event, Y the decayed future after it."""

    name = "ridge"

    def __init__(self, **settings: Any) -> None:
        self.settings = RidgeSettings(**settings)
        self.decay = self.settings.decay

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        s = self.settings
        past, future = decayed_past(interactions, s.past), decayed_future(interactions, s.future)
        gram, cross = (past.T @ past).tocsr(), (past.T @ future).tocsr()
        cross = _without_diagonal(cross)
        self.matrix = restricted_ridge(gram, cross, s.l2, s.neighbours, progress)
        self.n_items = interactions.n_items
        return self

    def _settings(self) -> dict[str, Any]:
        return {**asdict(self.settings), "decay": self.decay}


class EASE(LinearModel):
    """Embarrassingly shallow autoencoder (Steck 2019), order ignored: W = argmin |X W - X|^2 + l2 |W|^2,
    diag(W) = 0.

    Args:
        exact_limit: up to so many items the closed form is solved exactly (one n x n inverse in float32: 4
            n^2 bytes three times over, n^3 operations; 12k items take a minute and 2 GiB); beyond it the
            restricted regression.
    """

    name = "ease"

    def __init__(
        self,
        l2: float = 200.0,
        decay: float = 0.8,
        neighbours: int = 100,
        exact_limit: int = 5000,
        per_row: int = 500,
    ) -> None:
        self.l2 = l2
        self.decay = decay
        self.neighbours = neighbours
        self.exact_limit = exact_limit
        self.per_row = per_row

    def fit(self, interactions: Interactions, *, progress: Progress = no_progress) -> Self:
        users = interactions.to_csr(binary=True)
        gram = (users.T @ users).tocsr()
        self.n_items = interactions.n_items
        if self.n_items > self.exact_limit:
            self.matrix = restricted_ridge(gram, _without_diagonal(gram), self.l2, self.neighbours, progress)
            return self
        dense = gram.toarray().astype(np.float64)
        dense[np.diag_indices_from(dense)] += self.l2
        inverse = np.linalg.inv(dense)
        weights = inverse / -np.diag(inverse)  # eq. 8 of the paper
        np.fill_diagonal(weights, 0.0)
        self.matrix = keep_largest(sparse.csr_matrix(weights.astype(np.float32)), self.per_row)
        return self

    def _settings(self) -> dict[str, Any]:
        names = ("l2", "decay", "neighbours", "exact_limit", "per_row")
        return {name: getattr(self, name) for name in names}


def decayed_past(interactions: Interactions, decay: float, floor: float = 1e-3) -> sparse.csr_matrix:
    """(events, items): row t holds decay^age of the user's events up to and with t."""
    return _shifted(interactions, decay, floor, direction=-1, first=0)


def decayed_future(interactions: Interactions, decay: float, floor: float = 1e-3) -> sparse.csr_matrix:
    """(events, items): row t holds decay^(steps - 1) of the user's events after t; empty at the user's
    newest.
    """
    return _shifted(interactions, decay, floor, direction=1, first=1)


def _shifted(
    interactions: Interactions, decay: float, floor: float, direction: int, first: int
) -> sparse.csr_matrix:
    """Adds up, for each shift, the item that stands ``shift`` rows away in the same user's history."""
    n = len(interactions)
    reach = 1 + int(np.log(floor) / np.log(decay)) if decay < 1 else n
    rows, columns, values = [], [], []
    for step in range(min(reach, n)):
        shift = step + first
        near, far = np.arange(0, n - shift), np.arange(shift, n)
        at, source = (near, far) if direction > 0 else (far, near)
        same = interactions.user[at] == interactions.user[source]
        if not same.any():
            break
        rows.append(at[same])
        columns.append(interactions.item[source[same]])
        values.append(decay**step * interactions.weight[source[same]])
    if not rows:
        return sparse.csr_matrix((n, interactions.n_items), dtype=np.float32)
    data = np.concatenate(values).astype(np.float32)
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((data, coordinates), shape=(n, interactions.n_items))


def restricted_ridge(
    gram: sparse.csr_matrix,
    cross: sparse.csr_matrix,
    l2: float,
    neighbours: int,
    progress: Progress = no_progress,
) -> sparse.csr_matrix:
    """For each item j solves (gram + l2 I) w = cross[:, j] on the ``neighbours`` largest entries of cross[:,
    j].

    Args:
        gram: (n, n), X^T X. cross: (n, n), X^T Y, without diagonal.

    Returns:
        (n, n) CSR, row = item of the history, column = item predicted.
    """
    targets = keep_largest(cross.T.tocsr(), neighbours)  # row j: what predicts j
    n = targets.shape[0]
    place = np.full(n, -1)
    data = np.zeros(targets.nnz, np.float32)
    for j in range(n):
        part = slice(targets.indptr[j], targets.indptr[j + 1])
        chosen = targets.indices[part]
        if not len(chosen):
            continue
        place[chosen] = np.arange(len(chosen))
        block = _block(gram, chosen, place)
        block[np.diag_indices_from(block)] += l2
        data[part] = np.linalg.solve(block, targets.data[part].astype(np.float64))
        place[chosen] = -1
        if j % 1000 == 0:
            progress("regressions", j, n)
    return sparse.csr_matrix((data, targets.indices, targets.indptr), shape=(n, n)).T.tocsr()


def _block(gram: sparse.csr_matrix, chosen: IntArray, place: IntArray) -> np.ndarray:
    """gram[chosen][:, chosen], dense; ``place`` maps an item to its place in ``chosen``, or to -1."""
    block = np.zeros((len(chosen), len(chosen)))
    for row, item in enumerate(chosen):
        part = slice(gram.indptr[item], gram.indptr[item + 1])
        column = place[gram.indices[part]]
        inside = column >= 0
        block[row, column[inside]] = gram.data[part][inside]
    return block


def _without_diagonal(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    matrix = matrix.copy()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    return matrix
