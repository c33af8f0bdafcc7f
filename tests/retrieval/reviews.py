"""A small world for review tests: a word-list sentiment model, a word-vector encoder, a shop of kettles."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from retrieval.aspect_mining.words import FUNCTION_WORDS
from retrieval.aspects import stem
from retrieval.records import Product, Review

GOOD = {"great", "love", "excellent", "good", "fast", "perfect", "sturdy", "quiet", "happy"}
BAD = {"bad", "broke", "terrible", "poor", "slow", "awful", "noisy", "leaks", "disappointing", "short"}


class WordListSentiment:
    """Probabilities from counts of good and bad words; counts how many sentences it was asked for."""

    labels = ("negative", "neutral", "positive")
    model_id = "word-list"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def predict(self, sentences: Sequence[str], progress: Any = None) -> np.ndarray:
        self.asked += sentences
        rows = []
        for sentence in sentences:
            words = re.findall(r"\w+", sentence.lower())
            score = sum(w in GOOD for w in words) - sum(w in BAD for w in words)
            rows.append(
                (0.9, 0.05, 0.05) if score < 0 else (0.05, 0.05, 0.9) if score > 0 else (0.1, 0.8, 0.1)
            )
        return np.array(rows, dtype=np.float32).reshape(-1, 3)


@lru_cache(maxsize=10_000)
def _word_vector(word: str, dimensions: int) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=dimensions)


class WordEncoder:
    """Sums of fixed random vectors of the words' stems: texts are near when they share words."""

    model_id = "word-sums"
    dimensions = 32

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_document(self, texts: Sequence[str], progress: Any = None) -> np.ndarray:
        return self.encode_query(texts)

    def _vector(self, text: str) -> np.ndarray:
        total = np.zeros(self.dimensions)
        for word in set(re.findall(r"\w+", text.lower())) - FUNCTION_WORDS - {"product"}:
            total += _word_vector(stem(word), self.dimensions)
        return total / max(float(np.linalg.norm(total)), 1e-9)


START = datetime(2024, 1, 1, tzinfo=UTC)


def review(number: int, text: str, *, item_id: str = "kettle", **facts: Any) -> Review:
    facts.setdefault("time", START + timedelta(days=20 * number))
    facts.setdefault("stars", 4.0)
    return Review(review_id=f"{item_id}-{number}", item_id=item_id, text=text, **facts)


def kettle_reviews() -> list[Review]:
    """Twelve buyers: seven praise the lid, two complain of it; three say the cord is short;
    none speaks of noise.
    """
    texts = [
        "The lid is great. The cord is short.",
        "I love the lid on this kettle.",
        "The lid is excellent and the handle is good.",
        "A great lid. The handle is sturdy.",
        "The lid is perfect. It boils water fast.",
        "Good lid, and the cord is too short.",
        "The lid is great but the handle broke.",
        "The lid broke after a week. Terrible.",
        "A terrible lid. The cord is short for my kitchen.",
        "The handle is good.",
        "It arrived on Tuesday with the handle in a box.",
        "The handle is great and it boils water fast.",
    ]
    stars = [4, 5, 5, 5, 5, 4, 3, 1, 1, 4, 3, 5]
    return [review(i, text, stars=float(s)) for i, (text, s) in enumerate(zip(texts, stars, strict=True))]


def kettle() -> Product:
    return Product(item_id="kettle", title="Steel kettle", brand="Hestia", category=("Kitchen", "Kettles"))
