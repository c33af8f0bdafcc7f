"""The review part of a build: reads all reviews once and writes one ``reviews.db``."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.aspect_mining.mining import mine_aspects
from retrieval.aspects import AspectBook, Category
from retrieval.encoder import Encoder
from retrieval.records import Product, Review
from retrieval.reviews.opinions import polarity, review_score
from retrieval.reviews.priors import PriorCounts, Priors, priors_to_json
from retrieval.reviews.reading import PairPolarities, Polarities, Progress, read_review, score_reviews
from retrieval.reviews.records import StoredReview
from retrieval.reviews.signals import product_signals
from retrieval.reviews.store import ADDED, BUILT, ReviewFile, ReviewStore
from retrieval.reviews.suspicion import Suspect, copy_key, suspicions, weight_of

FORMAT = "2"
METHOD = "6"
"""Of mining and reading. A build of another method can be opened; the next build reads the reviews anew."""
_TITLE_WORD = re.compile(r"[^\W_]+(?:['&-][^\W_]+)*")
_GROUP = 500  # reviews scored or encoded together: bounds memory, and what a stop can lose


def build_reviews(
    reviews: Iterable[Review],
    products: Iterable[Product],
    folder: Path,
    *,
    encoder: Encoder,
    sentiment: Polarities,
    aspect_sentiment: PairPolarities | None = None,
    previous: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write ``folder/reviews.db``: sentences with opinions and vectors, aspects, priors, signals per product.

    Scores and vectors come from the caches of ``sentiment`` and ``encoder``, so only sentences never seen
    before cost time, and a build that was killed repeats none of its finished batches. ``previous`` is the
    review folder of the build before: its aspect names are kept where the terms are the same. Reviews of
    products that are not given are kept under no category. Memory: about 2 kB a sentence.

    Returns:
        Metrics: reviews, sentences, languages, suspicious reviews, aspects, products, seconds.
    """
    started = time.perf_counter()
    tell = progress or (lambda stage, done, total: None)
    names = ShopNames.of(products)
    categories = names.categories
    read = _read(reviews, tell)
    book = _mine(read, names, encoder, previous)
    tell("aspects", len(book.lexicons), len(book.lexicons))
    lexicons = [book.lexicon(categories.get(review.item_id, ())) for review in read]
    stop = threading.Event()
    with ThreadPoolExecutor(1) as second:  # the two models run side by side: both leave the interpreter free
        vectors = second.submit(_encode, tuple(read), encoder, tell, stop)
        try:
            for start in range(0, len(read), _GROUP):
                part = slice(start, start + _GROUP)
                read[part] = score_reviews(read[part], lexicons[part], sentiment, aspect_sentiment)
                tell("score reviews", min(start + _GROUP, len(read)), len(read))
            encoded = vectors.result()
        finally:
            stop.set()  # a build that is stopped does not wait for the other model
    read = _weighted(read)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / BUILT
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    store = ReviewFile(fresh)
    try:
        priors = _write_products(store, read, categories, book)
        store.put_reviews(
            (review, copy_key(review.text), rows) for review, rows in zip(read, encoded, strict=True)
        )
        store.put_facts(_facts(book, priors, encoder))
    finally:
        store.close()
    fresh.replace(target)
    (folder / ADDED).unlink(missing_ok=True)  # what came since is in the catalogue, hence in this build
    return _metrics(read, book, time.perf_counter() - started)


def _read(reviews: Iterable[Review], tell: Progress) -> list[StoredReview]:
    read = []
    for review in reviews:
        read.append(read_review(review))
        if len(read) % 500 == 0:
            tell("read reviews", len(read), None)
    read.sort(key=lambda review: (review.item_id, review.review_id))
    return read


@dataclass(frozen=True)
class ShopNames:
    """What products are called, so that it is not taken for an aspect of them."""

    categories: dict[str, Category]
    by_category: dict[Category, set[str]]
    """Departments' names and their last words ("Coffee Grinders", "grinders"), brands, and model names."""
    in_titles: set[str]

    @classmethod
    def of(cls, products: Iterable[Product]) -> ShopNames:
        names = cls({}, defaultdict(set), set())
        for product in products:
            names.categories[product.item_id] = product.category
            title = set(_TITLE_WORD.findall(product.title.lower()))
            words = {word for word in title if not word.isalpha() and not word.isdigit()}
            words |= {product.brand.lower()} if product.brand else set()
            for department in filter(str.strip, product.category):
                words |= {department.lower(), department.lower().split()[-1]}
            for depth in range(len(product.category) + 1):
                names.by_category[product.category[:depth]] |= words
            names.in_titles.update(title)
        return names


def _mine(
    read: Sequence[StoredReview],
    names: ShopNames,
    encoder: Encoder,
    previous: Path | None,
) -> AspectBook:
    sentences = (
        (names.categories.get(review.item_id, ()), review.sentence_text(i), review.item_id)
        for review in read
        for i in range(len(review.sentences))
    )
    book = mine_aspects(sentences, encoder, names.by_category, names.in_titles)
    held = _previous_book(previous)
    return book.named_like(held) if held else book


def _previous_book(previous: Path | None) -> AspectBook | None:
    if previous is None or not (previous / BUILT).exists():
        return None
    store = ReviewStore(previous)
    try:
        text = store.fact("aspects")
        return AspectBook.from_json(text) if text else None
    finally:
        store.close()


def _weighted(read: Sequence[StoredReview]) -> list[StoredReview]:
    reasons = suspicions([suspect_of(review) for review in read])
    return [
        replace(review, suspicions=found, weight=weight_of(found))
        if (found := reasons.get(review.review_id))
        else review
        for review in read
    ]


def suspect_of(review: StoredReview) -> Suspect:
    score = review_score(review)
    praises = (
        review.stars >= 4 if review.stars is not None else score is not None and polarity(score) == "positive"
    )
    return Suspect(review.review_id, review.item_id, review.text, review.stars, review.time, praises)


def _by_item(read: Sequence[StoredReview]) -> Iterator[tuple[str, list[StoredReview]]]:
    for item_id, group in groupby(read, key=lambda review: review.item_id):
        yield item_id, list(group)


def _write_products(
    store: ReviewFile, read: Sequence[StoredReview], categories: Mapping[str, Category], book: AspectBook
) -> Priors:
    counts = PriorCounts()
    for item_id, group in _by_item(read):
        counts.add(book.known_category(categories.get(item_id, ())), group)
    priors = counts.fit()
    rows = []
    for item_id, group in _by_item(read):
        category = categories.get(item_id, ())
        signals = product_signals(item_id, book.known_category(category), group, priors)
        rows.append((item_id, category, signals.model_dump_json()))
    known = {row[0] for row in rows}
    rows += [(item_id, category, "") for item_id, category in categories.items() if item_id not in known]
    store.put_items(rows)
    return priors


def _encode(
    read: Sequence[StoredReview], encoder: Encoder, tell: Progress, stop: threading.Event
) -> list[npt.NDArray[np.float16]]:
    """The vectors of each review's sentences, in half precision as they are kept."""
    encoded: list[npt.NDArray[np.float16]] = []
    for start in range(0, len(read), _GROUP):
        if stop.is_set():
            break
        group = read[start : start + _GROUP]
        texts = [review.sentence_text(i) for review in group for i in range(len(review.sentences))]
        vectors = encoder.encode_document(texts).astype(np.float16)
        ends = np.cumsum([len(review.sentences) for review in group])
        encoded += np.split(vectors, ends[:-1])
        tell("encode reviews", start + len(group), len(read))
    return encoded


def _facts(book: AspectBook, priors: Priors, encoder: Encoder) -> dict[str, str]:
    return {
        "format": FORMAT,
        "encoder": encoder.model_id,
        "dimensions": str(encoder.dimensions),
        "aspects": book.to_json(),
        "priors": priors_to_json(priors),
    }


def _metrics(read: Sequence[StoredReview], book: AspectBook, seconds: float) -> dict[str, Any]:
    languages = Counter(review.language for review in read)
    return {
        "reviews": len(read),
        "sentences": sum(len(review.sentences) for review in read),
        "other_languages": {code: n for code, n in languages.items() if code != "en"},
        "suspicious": sum(bool(review.suspicions) for review in read),
        "products": len({review.item_id for review in read}),
        "aspects": len({name for lexicon in book.lexicons.values() for name in lexicon.names}),
        "departments": len(book.lexicons),
        "seconds": round(seconds, 2),
    }
