"""Reviews as they are kept for serving: one SQLite row a review, with its sentences, opinions and vectors.

A build writes the file once; afterwards :meth:`ReviewStore.put` adds single reviews in one transaction, so a
process that dies leaves either the old state or the new one, and several processes may read while one writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Opinion:
    """What a sentence says of one aspect; ``score`` is P(positive) - P(negative), -1 to 1."""

    aspect: str
    term: str
    score: float


@dataclass(frozen=True)
class Sentence:
    """``review.text[start:end]``, its overall ``score`` (-1 to 1) and its opinions."""

    start: int
    end: int
    score: float = 0.0
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True)
class StoredReview:
    """A review after cleaning, masking, scoring. ``text`` is the title, a line break, and the text.

    ``weight`` is 1 for a review nobody need doubt, less with each of the ``suspicions``. ``time`` is seconds
    since 1970 UTC.
    """

    review_id: str
    item_id: str
    text: str
    language: str = "en"
    user_id: str | None = None
    stars: float | None = None
    time: float | None = None
    helpful: int = 0
    verified: bool | None = None
    weight: float = 1.0
    suspicions: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def sentence_text(self, index: int) -> str:
        sentence = self.sentences[index]
        return self.text[sentence.start : sentence.end]


Vectors = npt.NDArray[np.float32]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (item_id TEXT PRIMARY KEY, category TEXT NOT NULL, signals TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviews (
    review_id TEXT PRIMARY KEY, item_id TEXT NOT NULL, copy_key TEXT NOT NULL, data TEXT NOT NULL, vectors
    BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS reviews_by_item ON reviews (item_id);
CREATE INDEX IF NOT EXISTS reviews_by_copy ON reviews (copy_key);
"""


class ReviewStore:
    """The file ``reviews.db`` of a build. Not safe to share between threads: open one each."""

    FILE = "reviews.db"

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    # --- reading

    def fact(self, name: str) -> str | None:
        row = self._one("SELECT value FROM facts WHERE name = ?", name)
        return row[0] if row else None

    def category(self, item_id: str) -> tuple[str, ...] | None:
        row = self._one("SELECT category FROM items WHERE item_id = ?", item_id)
        return tuple(json.loads(row[0])) if row else None

    def signals(self, item_id: str) -> str | None:
        row = self._one("SELECT signals FROM items WHERE item_id = ?", item_id)
        return row[0] if row else None

    def all_signals(self) -> Iterator[tuple[str, str]]:
        yield from self._connection.execute("SELECT item_id, signals FROM items ORDER BY item_id")

    def reviews(self, item_id: str) -> list[StoredReview]:
        rows = self._connection.execute(
            "SELECT data FROM reviews WHERE item_id = ? ORDER BY review_id", (item_id,)
        )
        return [_review(row[0]) for row in rows]

    def reviews_with_vectors(self, item_id: str, dimensions: int) -> tuple[list[StoredReview], Vectors]:
        """The product's reviews and the vectors of all their sentences in order, shape (sentences,
        dimensions).
        """
        rows = self._connection.execute(
            "SELECT data, vectors FROM reviews WHERE item_id = ? ORDER BY review_id", (item_id,)
        ).fetchall()
        joined = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
        return [_review(row[0]) for row in rows], joined.astype(np.float32).reshape(-1, dimensions)

    def review(self, review_id: str) -> StoredReview | None:
        row = self._one("SELECT data FROM reviews WHERE review_id = ?", review_id)
        return _review(row[0]) if row else None

    def copies(self, copy_key: str) -> list[str]:
        rows = self._connection.execute("SELECT review_id FROM reviews WHERE copy_key = ?", (copy_key,))
        return [row[0] for row in rows]

    def version(self) -> int:
        """Changes when another connection has written; for caches over this store."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    # --- writing

    def put_facts(self, facts: dict[str, str]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())

    def put_items(self, items: Iterable[tuple[str, Sequence[str], str]]) -> None:
        """Rows of (item_id, category path, signals as JSON)."""
        rows = ((item_id, json.dumps(list(category)), signals) for item_id, category, signals in items)
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", rows)

    def put_reviews(self, reviews: Iterable[tuple[StoredReview, str, Vectors]]) -> None:
        """Rows of (review, copy key, sentence vectors)."""
        with self._connection:
            self._put_reviews(reviews)

    def put(
        self, review: StoredReview, copy_key: str, vectors: Vectors, category: Sequence[str], signals: str
    ) -> None:
        """One new review and its product's new signals, in one transaction."""
        with self._connection:
            self._put_reviews([(review, copy_key, vectors)])
            self._connection.execute(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?)",
                (review.item_id, json.dumps(list(category)), signals),
            )

    def _put_reviews(self, reviews: Iterable[tuple[StoredReview, str, Vectors]]) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?, ?)",
            (
                (
                    review.review_id,
                    review.item_id,
                    copy_key,
                    _data(review),
                    vectors.astype(np.float16).tobytes(),
                )
                for review, copy_key, vectors in reviews
            ),
        )

    def _one(self, statement: str, *values: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row


def _data(review: StoredReview) -> str:
    facts = asdict(replace(review, sentences=()))
    facts["sentences"] = [
        [s.start, s.end, round(s.score, 4), [[o.aspect, o.term, round(o.score, 4)] for o in s.opinions]]
        for s in review.sentences
    ]
    return json.dumps(facts, ensure_ascii=False)


def _review(data: str) -> StoredReview:
    facts = json.loads(data)
    facts["suspicions"] = tuple(facts["suspicions"])
    facts["sentences"] = tuple(
        Sentence(start, end, score, tuple(Opinion(*opinion) for opinion in opinions))
        for start, end, score, opinions in facts["sentences"]
    )
    return StoredReview(**facts)
