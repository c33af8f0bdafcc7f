"""A build that is stopped, repeated or grown: what is done once is not done again."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import CachedEncoder
from retrieval.inference.embedding_cache import EmbeddingCache
from retrieval.records import Product, Review
from retrieval.review_index import ReviewIndex, build_reviews
from retrieval.sentiment import CachedSentiment
from tests.retrieval.reviews import WordEncoder, WordListSentiment, kettle, kettle_reviews, review


class Counting(WordEncoder):
    """Encoder and classifier in one that remembers every text it was given."""

    def __init__(self) -> None:
        self.encoded: list[str] = []
        self.classified: list[str] = []

    def encode_document(self, texts: Sequence[str], progress: object = None) -> np.ndarray:
        self.encoded += texts
        return super().encode_document(texts)

    def classify(self, texts: Sequence[str], terms: Sequence[str] | None = None) -> np.ndarray:
        self.classified += texts
        return WordListSentiment().predict(texts)


def build(folder: Path, models: Counting, reviews: list[Review], previous: Path | None = None) -> ReviewIndex:
    cache = folder / "cache"
    encoder = CachedEncoder(models, EmbeddingCache(cache, models.model_id, models.dimensions), chunk=4)
    sentiment = CachedSentiment(models, cache, chunk=4)
    build_reviews(
        reviews, [kettle()], folder / "build", encoder=encoder, sentiment=sentiment, previous=previous
    )
    return ReviewIndex.open(folder / "build", encoder=encoder, sentiment=sentiment)


def test_a_second_build_scores_and_encodes_only_what_is_new(tmp_path: Path) -> None:
    build(tmp_path, Counting(), kettle_reviews())
    models = Counting()
    index = build(tmp_path, models, [*kettle_reviews(), review(80, "The spout is awful.")])
    assert models.classified == ["The spout is awful."]
    assert [text for text in models.encoded if not text.startswith("the ")] == ["The spout is awful."]
    assert index.signals("kettle").review_count == 13


_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.retrieval.test_review_build import Counting, build
from tests.retrieval.reviews import kettle_reviews

class Dying(Counting):
    def classify(self, texts, terms=None):
        if len(self.classified) >= 8:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().classify(texts)

build(Path(sys.argv[1]), Dying(), kettle_reviews())
"""


def test_a_build_killed_halfway_goes_on_after_its_last_batch(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert not (tmp_path / "build" / "reviews.db").exists()
    models, whole = Counting(), Counting()
    index = build(tmp_path, models, kettle_reviews())
    build(tmp_path / "again", whole, kettle_reviews())
    assert len(whole.classified) - len(models.classified) == 8
    assert index.what_buyers_say("kettle", "lid").positive == 7


def test_names_of_aspects_stay_from_build_to_build(tmp_path: Path) -> None:
    lids = [review(i, "The lid is great.") for i in range(9)]
    build(tmp_path / "one", Counting(), lids)
    index = build(tmp_path / "two", Counting(), lids, previous=tmp_path / "one" / "build")
    assert "lid" in index.aspects()


@pytest.mark.parametrize("count", [100])
def test_memory_grows_by_a_few_kilobytes_a_review(tmp_path: Path, count: int) -> None:
    products = [Product(item_id=f"p{i}", title=f"Kettle {i}") for i in range(20)]

    def peak(n: int) -> int:
        reviews = (
            review(i, f"The lid number {i} is great. The cord is short.", item_id=f"p{i % 20}")
            for i in range(n)
        )
        tracemalloc.start()
        build_reviews(
            reviews, products, tmp_path / str(n), encoder=WordEncoder(), sentiment=WordListSentiment()
        )
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    small, large = peak(count), peak(4 * count)
    assert (large - small) / (3 * count) < 12_000
