"""The contract that every recommender keeps. Ids are integers here; strings live outside `cf_engine`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


@runtime_checkable
class Recommender(Protocol):
    """A model that scores items for a shopper from the shopper's history alone (no user ids inside)."""

    name: str

    def score(self, history: Sequence[int], items: IntArray | None = None) -> FloatArray:
        """Scores, shape (n_items,) or (len(items),); higher is better; comparable within one call only."""
        ...

    def recommend(
        self,
        history: Sequence[int],
        k: int,
        exclude: Sequence[int] = (),
        candidates: IntArray | None = None,
    ) -> tuple[IntArray, FloatArray]:
        """The best ``k`` items, best first, none of them in ``exclude``."""
        ...

    def similar_items(self, item: int, k: int) -> tuple[IntArray, FloatArray]: ...

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path) -> Self: ...
