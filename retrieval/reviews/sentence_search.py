"""Review sentences of the whole shop by meaning: vectors in Chroma and memory-mapped,
with where each stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.reviews.records import StoredReview
from retrieval.reviews.store import AnyVectors, Vectors
from retrieval.vector_index import VectorIndex

Progress = Callable[[str, int, int | None], None]
_ROWS = "rows.json"


class SentenceSearch:
    """The sentences of a build, nearest first; reviews that came later are not among them."""

    def __init__(self, index: VectorIndex, reviews: list[str], ends: list[int]) -> None:
        self._index, self._reviews, self._ends = index, reviews, np.array(ends, dtype=np.int64)

    @classmethod
    def build(
        cls,
        folder: Path,
        reviews: Iterable[tuple[StoredReview, AnyVectors]],
        *,
        chroma: str = "",
        progress: Progress | None = None,
    ) -> None:
        """Write the sentences with their review, product, stars and time. HNSW grows like n log n.

        Raises:
            VectorIndexError: Chroma refuses.
        """
        ids, ends, vectors, metadata = [], [0], [], []
        for review, rows in reviews:
            ids.append(review.review_id)
            ends.append(ends[-1] + len(rows))
            vectors.append(rows)
            metadata += [_metadata(review, position) for position in range(len(rows))]
        if ends[-1]:
            VectorIndex.build(
                folder, np.vstack(vectors).astype(np.float32), metadata, server=chroma, progress=progress
            )
            (folder / _ROWS).write_text(json.dumps({"reviews": ids, "ends": ends[1:]}), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path, *, chroma: str = "") -> SentenceSearch | None:
        """The search of a build, or ``None`` where it was built without one."""
        if not (folder / _ROWS).exists():
            return None
        rows = json.loads((folder / _ROWS).read_text(encoding="utf-8"))
        return cls(VectorIndex.open(folder, server=chroma), rows["reviews"], rows["ends"])

    def nearest(self, query: Vectors, k: int) -> list[tuple[str, int]]:
        """(review id, sentence position) of the ``k`` sentences nearest to ``query``, shape (d,)."""
        rows, _ = self._index.search(query, k)
        found = []
        for row in map(int, rows):
            review = int(np.searchsorted(self._ends, row, side="right"))
            found.append((self._reviews[review], row - (int(self._ends[review - 1]) if review else 0)))
        return found


def _metadata(review: StoredReview, position: int) -> dict[str, Any]:
    facts: dict[str, Any] = {"review_id": review.review_id, "item_id": review.item_id, "position": position}
    facts |= {"stars": review.stars} if review.stars is not None else {}
    return facts | ({"time": review.time} if review.time is not None else {})
