"""What buyers say, ready to be asked: opens a build's review folder and answers from it without torch."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from retrieval.aspect_mining.words import OVERALL
from retrieval.aspects import AspectBook, Category
from retrieval.encoder import Encoder
from retrieval.records import Review
from retrieval.reviews.answers import BuyersAnswer, Question, answer, ask
from retrieval.reviews.build import FORMAT, build_reviews, suspect_of
from retrieval.reviews.priors import priors_from_json
from retrieval.reviews.quotes import Quote, quote_of
from retrieval.reviews.reading import PairPolarities, Polarities, read_review, score_reviews
from retrieval.reviews.records import StoredReview
from retrieval.reviews.rows import ItemReviews
from retrieval.reviews.signals import ProductSignals, product_signals
from retrieval.reviews.store import ADDED, BUILT, ReviewFile, ReviewStore, Vectors
from retrieval.reviews.summary import ProsCons, pros_and_cons
from retrieval.reviews.suspicion import added_suspicions, copy_key, weight_of

__all__ = ["ReviewIndex", "ReviewIndexError", "build_reviews"]

_CACHED_ITEMS = 32
_CACHED_SIGNALS = 4096
_CACHED_QUESTIONS = 256
_SUMMARISED_ASPECTS = 25


class ReviewIndexError(RuntimeError):
    """The review index can't be opened or asked; the message says what was found and what to do."""


class ReviewIndex:
    """Signals, answers, comparisons and summaries of one shop's reviews. Safe to share between threads.

    ``sentiment`` (and ``aspect_sentiment``) are needed by :meth:`add_review` alone.
    """

    def __init__(
        self,
        folder: Path,
        store: ReviewStore,
        encoder: Encoder,
        sentiment: Polarities | None = None,
        aspect_sentiment: PairPolarities | None = None,
    ) -> None:
        self._folder, self._store, self._encoder = folder, store, encoder
        self._sentiment, self._aspect_sentiment = sentiment, aspect_sentiment
        self._book = AspectBook.from_json(store.fact("aspects") or "[]")
        self._priors = priors_from_json(store.fact("priors") or '{"aspects": [], "stars": [null, 5.0]}')
        self._lock = threading.RLock()
        self._version = store.version()
        self._item = lru_cache(_CACHED_ITEMS)(self._load_item)
        self._signals = lru_cache(_CACHED_SIGNALS)(self._load_signals)
        self._question = lru_cache(_CACHED_QUESTIONS)(self._prepare)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        encoder: Encoder,
        sentiment: Polarities | None = None,
        aspect_sentiment: PairPolarities | None = None,
    ) -> ReviewIndex:
        """Open the review folder of a build; a few milliseconds.

        Raises:
            ReviewIndexError: there is no index, or it was made with another encoder or format.
        """
        if not (folder / BUILT).exists():
            raise ReviewIndexError(f"no review index in {folder}; expected {BUILT}: build the shop first")
        store = ReviewStore(folder)
        made = (store.fact("format"), store.fact("encoder"))
        if made != (FORMAT, encoder.model_id):
            store.close()
            raise ReviewIndexError(
                f"the review index in {folder} has format {made[0]} and encoder {made[1]}; expected "
                f"format {FORMAT} and encoder {encoder.model_id}: build the shop again"
            )
        return cls(folder, store, encoder, sentiment, aspect_sentiment)

    def close(self) -> None:
        self._store.close()

    # --- asking

    def signals(self, item_id: str) -> ProductSignals:
        """The product's signals; for a product nobody reviewed the counts are 0 and the stars the shop's."""
        with self._lock:
            self._forget_if_changed()
            return self._signals(item_id)

    def all_signals(self) -> Iterator[ProductSignals]:
        """The signals of every reviewed product, by item id."""
        with self._lock:
            rows = [text for text in self._store.all_signals() if text]
        return (ProductSignals.model_validate_json(text) for text in rows)

    def aspects(self, category: Sequence[str] = ()) -> tuple[str, ...]:
        """Names of the aspects buyers speak of in a category (or its nearest parent),
        the general ones first.
        """
        return self._book.lexicon(tuple(category)).heard

    def what_buyers_say(self, item_id: str, question: str = "") -> BuyersAnswer:
        """Who is for and who against, with 2-4 quotes; without a question, about the product as a whole.

        ``mentioned`` is false where no sentence is about the question. About 5 ms for a new question and a
        product of 100 reviews, 1 ms where both were asked before.
        """
        with self._lock:
            self._forget_if_changed()
            category = self._known_category(item_id)
            asked = self._question(question, category)
            return self._answer(item_id, category, asked)

    def summary(self, item_id: str) -> ProsCons:
        """Pros and cons, each counted and quoted; about 10 ms for 100 reviews."""
        with self._lock:
            signals = self.signals(item_id)
            category = self._known_category(item_id)
            quotes: list[tuple[str, Quote]] = []
            for aspect in [a for a in signals.aspects if a.name != OVERALL][:_SUMMARISED_ASPECTS]:
                about = self._answer(item_id, category, Question.about(aspect.name))
                first = {quote.polarity: quote for quote in reversed(about.quotes)}
                quotes += [(aspect.name, quote) for quote in first.values()]
        return pros_and_cons(signals, quotes)

    def find_sentences(self, query: str, item_ids: Sequence[str], k: int = 10) -> list[Quote]:
        """The ``k`` sentences of these products nearest to ``query`` by cosine, nearest first; exact."""
        vector = self._encoder.encode_query([query])[0]
        with self._lock:
            self._forget_if_changed()
            return self._nearest(vector, item_ids, k)

    def review(self, review_id: str) -> StoredReview | None:
        """One review as it may be shown: cleaned and masked."""
        with self._lock:
            return self._store.review(review_id)

    # --- adding

    def add_review(self, review: Review, category: Sequence[str] | None = None) -> ProductSignals:
        """Read, score and keep one new (or changed) review, and return its product's new signals.

        One transaction; under a second for the longest review. Aspects and priors stay those of the build.
        ``category`` is needed only for a product newer than the build.

        Raises:
            ReviewIndexError: the index was opened without a sentiment model.
        """
        if self._sentiment is None:
            raise ReviewIndexError(
                "add_review needs a sentiment model; open the index with sentiment=open_sentiment(...)"
            )
        with self._lock:
            path = tuple(category) if category is not None else self._store.category(review.item_id)
        lexicon = self._book.lexicon(path)
        (read,) = score_reviews([read_review(review)], [lexicon], self._sentiment, self._aspect_sentiment)
        vectors = self._encoder.encode_document([read.sentence_text(i) for i in range(len(read.sentences))])
        with self._lock:
            others = [r for r in self._store.reviews(review.item_id) if r.review_id != review.review_id]
            key = copy_key(read.text)
            copied = [found for found in self._store.copies(key) if found != review.review_id] if key else []
            reasons = added_suspicions(
                suspect_of(read), [suspect_of(other) for other in others], bool(copied)
            )
            read = replace(read, suspicions=reasons, weight=weight_of(reasons))
            known = self._book.known_category(path)
            signals = product_signals(review.item_id, known, [*others, read], self._priors)
            added = ReviewFile(self._folder / ADDED)
            added.put(read, key, vectors, path, signals.model_dump_json())
            added.close()
            self._forget_if_changed()
        return signals

    # --- inside

    def _nearest(self, vector: Vectors, item_ids: Sequence[str], k: int) -> list[Quote]:
        scored: list[tuple[float, ItemReviews, int]] = []
        for item_id in dict.fromkeys(item_ids):
            item = self._item(item_id)
            cosine = item.vectors @ vector
            scored += [(float(cosine[row]), item, int(row)) for row in np.argsort(-cosine)[:k]]
        scored.sort(key=lambda hit: -hit[0])
        return [quote_of(item, row) for _, item, row in scored[:k]]

    def _answer(self, item_id: str, category: Category, asked: Question) -> BuyersAnswer:
        opinions = self._store.opinions(item_id, asked.aspect) if asked.aspect else []
        prior = self._priors.of(category, asked.aspect or OVERALL)
        exact = asked.only_aspect or asked.is_general
        signal = self.signals(item_id).aspect(asked.aspect or OVERALL) if exact else None
        return answer(asked, self._item(item_id), opinions, prior, signal)

    def _known_category(self, item_id: str) -> Category:
        return self._book.known_category(self._store.category(item_id))

    def _load_item(self, item_id: str) -> ItemReviews:
        return ItemReviews(item_id, *self._store.rows(item_id, self._encoder.dimensions))

    def _load_signals(self, item_id: str) -> ProductSignals:
        text = self._store.signals(item_id)
        if text:
            return ProductSignals.model_validate_json(text)
        return product_signals(item_id, self._known_category(item_id), [], self._priors)

    def _prepare(self, question: str, category: Category) -> Question:
        return ask(question, self._book.lexicon(category), self._encoder.encode_query)

    def _forget_if_changed(self) -> None:
        """A review may have been added, by this process or another."""
        version = self._store.version()
        if version != self._version:
            self._version = version
            self._item.cache_clear()
            self._signals.cache_clear()
