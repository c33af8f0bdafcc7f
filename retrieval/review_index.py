"""What buyers say, ready to be asked: opens a build's ``reviews.db`` and answers from it without torch."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from retrieval.aspects import AspectBook
from retrieval.catalog import Review
from retrieval.encoder import Encoder
from retrieval.review_answers import BuyersAnswer, ItemReviews, Question, Quote, answer, ask, quote_of
from retrieval.review_build import FORMAT, build_reviews, priors_from_json, suspect_of
from retrieval.review_reading import PairPolarities, Polarities, read_review, score_reviews
from retrieval.review_signals import ProductSignals, product_signals
from retrieval.review_store import ReviewStore, StoredReview
from retrieval.review_summary import ProsCons, pros_and_cons
from retrieval.suspicion import added_suspicions, copy_key, weight_of

__all__ = ["ReviewIndex", "ReviewIndexError", "build_reviews"]

_CACHED_ITEMS = 64
_CACHED_QUESTIONS = 256


class ReviewIndexError(RuntimeError):
    """The review index can't be opened or asked; the message says what was found and what to do."""


class ReviewIndex:
    """Signals, answers, comparisons and summaries of one shop's reviews. Safe to share between threads.

    ``sentiment`` (and ``aspect_sentiment``) are needed by :meth:`add_review` alone.
    """

    def __init__(
        self,
        store: ReviewStore,
        encoder: Encoder,
        sentiment: Polarities | None = None,
        aspect_sentiment: PairPolarities | None = None,
    ) -> None:
        self._store, self._encoder = store, encoder
        self._sentiment, self._aspect_sentiment = sentiment, aspect_sentiment
        self._book = AspectBook.from_json(store.fact("aspects") or "[]")
        self._priors = priors_from_json(store.fact("priors") or '{"aspects": [], "stars": [null, 5.0]}')
        self._lock = threading.RLock()
        self._version = store.version()
        self._item = lru_cache(_CACHED_ITEMS)(self._load_item)
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
        path = folder / ReviewStore.FILE
        if not path.exists():
            raise ReviewIndexError(
                f"no review index in {folder}; expected {ReviewStore.FILE}: build the shop first"
            )
        store = ReviewStore(path)
        if store.fact("format") != FORMAT or store.fact("encoder") != encoder.model_id:
            made = f"format {store.fact('format')}, encoder {store.fact('encoder')}"
            store.close()
            raise ReviewIndexError(
                f"the review index in {folder} was made with {made}; expected format {FORMAT}, encoder "
                f"{encoder.model_id}: build the shop again"
            )
        return cls(store, encoder, sentiment, aspect_sentiment)

    def close(self) -> None:
        self._store.close()

    # --- asking

    def signals(self, item_id: str) -> ProductSignals:
        """The product's signals; empty ones (no reviews) for products nobody reviewed. Under 1 ms."""
        with self._lock:
            text = self._store.signals(item_id)
        return ProductSignals.model_validate_json(text) if text else self._without_reviews(item_id)

    def all_signals(self) -> Iterable[ProductSignals]:
        """The signals of every reviewed product, by item id; streams."""
        with self._lock:
            rows = list(self._store.all_signals())
        return (ProductSignals.model_validate_json(text) for _, text in rows if text)

    def aspects(self, category: Sequence[str] = ()) -> tuple[str, ...]:
        """Names of the aspects buyers speak of in a category (or its nearest parent), the general ones
        first.
        """
        return self._book.lexicon(tuple(category)).names

    def what_buyers_say(self, item_id: str, question: str = "") -> BuyersAnswer:
        """Who is for and who against, with 2-4 quotes; without a question, about the product as a whole.

        ``mentioned`` is false where no sentence is about the question. About 5 ms for a new question, 1 ms
        for one asked before.
        """
        with self._lock:
            self._forget_if_changed()
            item = self._item(item_id)
            category = self._known_category(item_id)
            asked = self._question(question, category)
        return answer(asked, item, self._priors.of(category, asked.aspect or "overall"))

    def compare_buyers(self, item_ids: Sequence[str], question: str) -> list[BuyersAnswer]:
        """The answers for several products, best first: by the lower bound of the share positive.

        A question for the worst ("least reliable") turns the order. Products nobody mentions it for come
        last.
        """
        answers = [self.what_buyers_say(item_id, question) for item_id in dict.fromkeys(item_ids)]
        worst_first = bool(answers) and self._question(question, self._known_category(item_ids[0])).reversed
        return sorted(
            answers,
            key=lambda a: (
                not a.mentioned,
                a.high if worst_first else -a.low,
                -(a.positive + a.negative),
                a.item_id,
            ),
        )

    def summary(self, item_id: str) -> ProsCons:
        """Pros and cons, each counted and quoted; about 10 ms for 100 reviews."""
        signals = self.signals(item_id)
        category = self._known_category(item_id)
        with self._lock:
            item = self._item(item_id)
        quotes: list[tuple[str, Quote]] = []
        for aspect in signals.aspects[:20]:
            asked = Question("", aspect.name, frozenset(), None, False)
            found = answer(asked, item, self._priors.of(category, aspect.name))
            seen: set[str] = set()
            for quote in found.quotes:
                if quote.polarity not in seen:
                    seen.add(quote.polarity)
                    quotes.append((aspect.name, quote))
        return pros_and_cons(signals, quotes)

    def find_sentences(self, query: str, k: int = 10, item_ids: Sequence[str] = ()) -> list[Quote]:
        """The ``k`` sentences of the given products nearest to ``query`` by cosine, most similar first."""
        vector = self._encoder.encode_query([query])[0]
        scored: list[tuple[float, ItemReviews, int]] = []
        for item_id in item_ids:
            item = self._item(item_id)
            cosine = item.vectors @ vector
            scored += [(float(cosine[row]), item, int(row)) for row in np.argsort(-cosine)[:k]]
        scored.sort(key=lambda hit: -hit[0])
        return [quote_of(item, row) for _, item, row in scored[:k]]

    def review(self, review_id: str) -> StoredReview | None:
        """One review as it may be shown: cleaned and masked."""
        with self._lock:
            return self._store.review(review_id)

    # --- adding

    def add_review(self, review: Review) -> ProductSignals:
        """Read, score and keep one new (or changed) review, and return its product's new signals.

        One transaction; under a second for the longest review. Aspects and priors stay those of the build.

        Raises:
            ReviewIndexError: the index was opened without a sentiment model.
        """
        if self._sentiment is None:
            raise ReviewIndexError(
                "add_review needs a sentiment model; open the index with sentiment=open_sentiment(...)"
            )
        category = self._store.category(review.item_id) or ()
        lexicon = self._book.lexicon(category)
        (read,) = score_reviews([read_review(review)], [lexicon], self._sentiment, self._aspect_sentiment)
        texts = [read.sentence_text(i) for i in range(len(read.sentences))]
        vectors = self._encoder.encode_document(texts)
        key = copy_key(read.text)
        with self._lock:
            others = [r for r in self._store.reviews(review.item_id) if r.review_id != review.review_id]
            copied = (
                {found: key for found in self._store.copies(key) if found != review.review_id} if key else {}
            )
            reasons = added_suspicions(suspect_of(read), [suspect_of(other) for other in others], copied)
            read = replace(read, suspicions=reasons, weight=weight_of(reasons))
            signals = product_signals(
                review.item_id, self._book.known_category(category), [*others, read], self._priors
            )
            self._store.put(read, key, vectors, category, signals.model_dump_json())
            self._item.cache_clear()
        return signals

    # --- inside

    def _without_reviews(self, item_id: str) -> ProductSignals:
        return ProductSignals(item_id=item_id, stars_adjusted=None)

    def _known_category(self, item_id: str) -> tuple[str, ...]:
        return self._book.known_category(self._store.category(item_id) or ())

    def _load_item(self, item_id: str) -> ItemReviews:
        return ItemReviews.of(item_id, *self._store.reviews_with_vectors(item_id, self._encoder.dimensions))

    def _prepare(self, question: str, category: tuple[str, ...]) -> Question:
        return ask(question, self._book.lexicon(category), self._encoder.encode_query)

    def _forget_if_changed(self) -> None:
        """Another process may have added a review to the same file."""
        version = self._store.version()
        if version != self._version:
            self._version = version
            self._item.cache_clear()
