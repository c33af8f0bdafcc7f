"""How fast reviews are read: beside a plain pipeline, a whole shop, growing numbers, after a kill -9."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.hu_liu import read_hu_liu
from retrieval.encoder import open_encoder
from retrieval.inference.classifier_weights import DeliveredWeights
from retrieval.records import Product, Review
from retrieval.review_index import ReviewIndex, build_reviews
from retrieval.sentiment import (
    DEFAULT,
    SentimentModel,
    load_delivered,
    open_delivered,
    open_sentiment,
)
from retrieval.training.sentiment_data import read_sst2


@contextmanager
def nothing_scored(cache: Path, *, threads: int = 1) -> Iterator[SentimentModel]:
    """The default model with an empty store of scores; its export is taken from ``cache``."""
    with tempfile.TemporaryDirectory() as empty:
        yield open_sentiment(cache_folder=Path(empty), exports_folder=cache, threads=threads)


def fast_path(data: Path, cache: Path) -> dict[str, Any]:
    """Sentences a second of the fast path and of a plain pipeline: same model and sentences, one thread."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(1)
    fast = open_delivered(backend="onnx", exports_folder=cache)
    reference = load_delivered("reference", DeliveredWeights.find(DEFAULT))
    model: Any = reference.model
    tokenizer: Any = reference.tokenizer
    plain = pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")
    rows = read_sst2(data / "sst2" / "test.tsv")
    labels = np.array([label for _, label in rows]) == 1
    texts = [text for text, _ in rows] + [row.text for row in read_hu_liu(data / "hu_liu")][:2000]
    slow_seconds = _seconds(lambda: plain(texts, batch_size=32))
    fast_seconds = _seconds(lambda: fast.classify(texts))
    ours, theirs = fast.classify(texts), reference.classify(texts)
    right = [np.mean((scores[:, 2] > scores[:, 0])[: len(rows)] == labels) for scores in (ours, theirs)]
    return {
        "fast_path_ratio": round(slow_seconds / fast_seconds, 2),
        "fast_path_accuracy_drop": round(float(right[1] - right[0]), 4),
        "fast_path_agreement": round(float(np.mean(ours.argmax(axis=1) == theirs.argmax(axis=1))), 4),
        "fast_path_sentences_per_second": round(len(texts) / fast_seconds),
        "baselines": {"pipeline_sentences_per_second": round(len(texts) / slow_seconds)},
    }


def build(data: Path, cache: Path) -> dict[str, Any]:
    """Seconds for the review part of a build of digital music, nothing known before (a thread for each of
    the two models), and for one more review of 50 kB.
    """
    folder = data / "digital_music"
    products = [
        Product(item_id=row["asin"], title=row["title"], category=tuple(row["categories"][0]))
        for row in _lines(folder / "meta.jsonl.gz")
    ]
    reviews = [
        Review(
            review_id=f"{row['reviewerID']}-{row['asin']}",
            item_id=row["asin"],
            user_id=row["reviewerID"],
            stars=row["overall"],
            title=row["summary"],
            text=row["reviewText"],
            time=datetime.fromtimestamp(row["unixReviewTime"], UTC),
        )
        for row in _lines(folder / "reviews.jsonl.gz")
    ]
    with tempfile.TemporaryDirectory() as empty, nothing_scored(cache) as sentiment:
        encoder = open_encoder(cache_folder=Path(empty), exports_folder=cache)
        shop = Path(empty) / "reviews"
        found = build_reviews(reviews, products, shop, encoder=encoder, sentiment=sentiment)
        index = ReviewIndex.open(shop, encoder=encoder, sentiment=sentiment)
        text = " ".join(f"{review.text} {number}." for number, review in enumerate(reviews))[:50_000]
        long = reviews[0].model_copy(update={"review_id": "long", "text": text})
        adding = _seconds(lambda: index.add_review(long))
    return {
        "build_reviews": found["reviews"],
        "build_sentences": found["sentences"],
        "build_seconds": found["seconds"],
        "build_peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "add_long_review_seconds": round(adding, 2),
    }


def growth(data: Path, cache: Path) -> dict[str, Any]:
    """Seconds for 1k, 10k and 100k different sentences of at most nine words, the store included."""
    took = {}
    for count in (1_000, 10_000, 100_000):
        texts = _different(data, count)
        with nothing_scored(cache) as model:
            took[str(count)] = round(_seconds(partial(model.predict, texts)), 2)
    return {"growth_seconds": took}


def resume(data: Path, cache: Path) -> dict[str, Any]:
    """Kills a process that scores 10,000 sentences after three batches, and counts what is scored again."""
    program = (
        "import sys; from pathlib import Path; from benchmarks.review_speed import scored_aloud\n"
        "scored_aloud(*map(Path, sys.argv[1:]))"
    )
    with tempfile.TemporaryDirectory() as store:
        arguments = [sys.executable, "-c", program, str(data), str(cache), store]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            finished = [int(process.stdout.readline()) for _ in range(3)][-1]
            process.kill()
        heard: list[int] = []
        model = open_sentiment(cache_folder=Path(store), exports_folder=cache)
        model.predict(_different(data, 10_000), progress=lambda stage, done, total: heard.append(done))
    kept = heard[0] - (heard[1] - heard[0])  # the first report counts what was kept and one new batch
    return {"resume_finished_before_kill": finished, "resume_repeated": max(0, finished - kept)}


def scored_aloud(data: Path, cache: Path, store: Path) -> None:
    """Scores 10,000 sentences and prints how many are done; ``resume`` kills the process that runs this."""
    model = open_sentiment(cache_folder=store, exports_folder=cache)
    model.predict(_different(data, 10_000), progress=lambda stage, done, total: print(done, flush=True))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _different(data: Path, count: int) -> Sequence[str]:
    rows = [row.text for row in read_hu_liu(data / "hu_liu")]
    return [f"{' '.join(rows[i % len(rows)].split()[:8])} {i}" for i in range(count)]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
