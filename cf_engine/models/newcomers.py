"""Products that nobody has met yet: each stands where the known product with the nearest text stands.

No model but content knows anything of them, and in a weighted sum the silence of the others buries them. A
nearest neighbour's score is the simplest of the attribute-to-factor mappings (Gantner et al. 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from cf_engine.base import FloatArray, IntArray
from cf_engine.interactions import Interactions
from cf_engine.models.content import Content

LEAST_LIKENESS: Final = 0.5
"""Cosine of texts; below, a product is like none that is known."""
BEHIND: Final = 1e-3
"""How far behind its neighbour a new product stands."""


def _none() -> IntArray:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Newcomers:
    """``items`` without events, and for each the known one that it is ``like``; both (n,)."""

    items: IntArray = field(default_factory=_none)
    like: IntArray = field(default_factory=_none)

    @classmethod
    def find(cls, interactions: Interactions, content: Content) -> Self:
        """Needs a fitted ``content``, whose rows hold the likenesses. O(neighbours of new items)."""
        known = np.bincount(interactions.item, minlength=interactions.n_items) > 0
        new = np.flatnonzero(~known)
        rows = content.neighbours(new).tocoo()
        enough = known[rows.col] & (rows.data >= LEAST_LIKENESS**content.settings.power)
        row, column, likeness = rows.row[enough], rows.col[enough], rows.data[enough]
        order = np.lexsort((-likeness, row))
        found, first = np.unique(row[order], return_index=True)
        return cls(new[found], column[order][first].astype(np.int64))

    def place(self, scores: FloatArray) -> None:
        """Sets, in place, the newcomers' columns of (n_users, n_items)."""
        if len(self.items):
            scores[:, self.items] = scores[:, self.like] - np.float32(BEHIND)

    def arrays(self) -> dict[str, np.ndarray]:
        """For `save_model`; nothing when there are none."""
        return {"newcomers": self.items, "newcomers_like": self.like} if len(self.items) else {}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """The inverse of `arrays`."""
        return cls(arrays["newcomers"], arrays["newcomers_like"]) if "newcomers" in arrays else cls()
