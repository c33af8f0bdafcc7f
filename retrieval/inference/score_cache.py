"""Scores kept by the content they belong to: work that was killed goes on after its last finished chunk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.inference.classifier import Classifier, FloatMatrix, Progress
from retrieval.inference.embedding_cache import EmbeddingCache

__all__ = ["ScoreCache"]

_BETWEEN = "\x1f"


class ScoreCache:
    """A classifier that never scores the same text, or the same text and term, twice.

    Kept in half precision (6 bytes and a key each), so probabilities are exact to 0.0005. Finished work is
    safe after every ``chunk`` texts.
    """

    def __init__(self, classifier: Classifier, cache_folder: Path, *, chunk: int = 1024) -> None:
        self._classifier, self._chunk = classifier, chunk
        self._cache = EmbeddingCache(cache_folder / "sentiment", classifier.model_id, 3)

    def scores(
        self, texts: Sequence[str], terms: Sequence[str] | None = None, progress: Progress | None = None
    ) -> FloatMatrix:
        """Probabilities, shape (len(texts), 3); ``progress`` hears of each finished chunk."""
        keys = (
            list(texts) if terms is None else [_BETWEEN.join(pair) for pair in zip(texts, terms, strict=True)]
        )
        rows: dict[str, int] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, row)
        unique = list(rows)
        found, missing = self._cache.get(unique)
        missing.sort(key=lambda place: len(unique[place]))  # texts of like length make cheap batches
        for start in range(0, len(missing), self._chunk):
            places = missing[start : start + self._chunk]
            fresh = self._fresh([rows[unique[place]] for place in places], texts, terms)
            found[places] = self._cache.put([unique[place] for place in places], fresh)
            if progress:
                progress("sentiment", len(unique) - len(missing) + start + len(places), len(unique))
        position = {key: place for place, key in enumerate(unique)}
        return np.asarray(found[[position[key] for key in keys]], dtype=np.float32).reshape(-1, 3)

    def forget(self, texts: Sequence[str]) -> None:
        """Drop the scores of these texts."""
        self._cache.forget(texts)

    def forget_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Drop the scores of these texts with these terms."""
        self._cache.forget([_BETWEEN.join(pair) for pair in pairs])

    def _fresh(self, rows: Sequence[int], texts: Sequence[str], terms: Sequence[str] | None) -> FloatMatrix:
        asked = [terms[row] for row in rows] if terms is not None else None
        return self._classifier.classify([texts[row] for row in rows], asked)
