"""A product's reviews as columns, and sentences found in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.reviews.records import Sentence, StoredReview, from_json
from retrieval.reviews.store import ReviewRow, Vectors


class ItemReviews:
    """A product's sentences as columns: row ``i`` is sentence ``position[i]`` of review ``owner[i]``.

    Scores and vectors are there at once; a review's text is parsed when it is looked at.
    """

    def __init__(self, item_id: str, rows: Sequence[ReviewRow], vectors: Vectors) -> None:
        counts = np.array([len(row.scores) for row in rows], dtype=np.int64)
        self.item_id, self.vectors = item_id, vectors
        self.review_ids = [row.review_id for row in rows]
        self.weights = np.array([row.weight for row in rows])
        self.scores = np.concatenate([row.scores for row in rows]) if rows else np.zeros(0, dtype=np.float32)
        self.first = np.concatenate([[0], np.cumsum(counts)])  # the first row of each review
        self.owner = np.repeat(np.arange(len(rows)), counts)
        self.position = np.arange(len(self.owner)) - self.first[self.owner]
        self.read_count = int((counts > 0).sum())
        self._data = [row.data for row in rows]
        self._lower = [row.data.lower() for row in rows]
        self._parsed: dict[int, StoredReview] = {}
        self._index = {review_id: index for index, review_id in enumerate(self.review_ids)}

    def review(self, index: int) -> StoredReview:
        review = self._parsed.get(index)
        if review is None:
            review = self._parsed[index] = from_json(self._data[index])
        return review

    def sentence(self, row: int) -> Sentence:
        return self.review(int(self.owner[row])).sentences[int(self.position[row])]

    def text(self, row: int) -> str:
        return self.review(int(self.owner[row])).sentence_text(int(self.position[row]))

    def row_of(self, review_id: str, position: int) -> int:
        return int(self.first[self._index[review_id]]) + position

    def says_all(self, index: int, beginnings: Iterable[Iterable[str]]) -> bool:
        """A quick look whether a review has for each one of the words that begin so; saves parsing those that don't."""
        return all(self.says_any(index, any_of) for any_of in beginnings)

    def says_any(self, index: int, words: Iterable[str]) -> bool:
        return any(word in self._lower[index] for word in words)


@dataclass(frozen=True)
class Found:
    """A sentence about the question: its row, its opinion and how much it is about it."""

    row: int
    score: float
    relevance: float
