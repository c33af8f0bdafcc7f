"""Text vectors of products: checks, and word features to join with an encoder's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cf_engine.base import FloatArray


def normalised(vectors: npt.NDArray[np.floating[Any]]) -> FloatArray:
    """Rows of length 1, or of zeros where they were. ValueError on NaN, infinity or a shape that is no
    matrix.
    """
    vectors = np.ascontiguousarray(vectors, np.float32)
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise ValueError(f"item vectors must be a finite matrix (n_items, d): got shape {vectors.shape}")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def check_vectors(vectors: npt.NDArray[np.floating[Any]] | None, n_items: int) -> FloatArray:
    """Normalised vectors, one an item, or a ValueError that says what is wrong."""
    if vectors is None or len(vectors) != n_items:
        got = "none" if vectors is None else str(len(vectors))
        raise ValueError(f"this model needs one text vector an item: got {got} for {n_items} items")
    return normalised(vectors)


def word_vectors(texts: Sequence[str], d: int = 256, *, seed: int = 0) -> FloatArray:
    """Latent semantic vectors (n, <= d): TF-IDF of words and word pairs, truncated SVD, rows of length 1.

    Words keep what sentence encoders blur: brands, lines, sizes. O(words x d). Zeros for texts of rare words
    only.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(text.strip() for text in texts):
        return np.zeros((len(texts), 1), np.float32)
    pattern = r"[^\W_]+"
    weights = TfidfVectorizer(
        ngram_range=(1, 2), min_df=min(3, len(texts)), sublinear_tf=True, token_pattern=pattern
    )
    try:
        counts = weights.fit_transform(texts)
    except ValueError:  # no word occurs often enough
        return np.zeros((len(texts), 1), np.float32)
    width = min(d, min(counts.shape) - 1)
    if width < 1:
        return np.zeros((len(texts), 1), np.float32)
    return normalised(TruncatedSVD(width, random_state=seed).fit_transform(counts))


def join_vectors(sentence: FloatArray, words: FloatArray, weight: float = 0.7) -> FloatArray:
    """Sentence vectors beside word vectors; the latter weigh ``weight``. Rows of length 1."""
    return normalised(np.hstack([normalised(sentence), weight * normalised(words)]))
