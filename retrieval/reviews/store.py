"""Reviews on disk: ``reviews.db``, written once by a build, and ``added.db``, the reviews that came since.

Both are SQLite files of one schema. The build's file is opened read-only and never changes; a new review is
one transaction on the other, so a process that dies leaves either the old state or the new one, and any
number of processes may read while one writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.reviews.records import StoredReview, from_json, to_json

Vectors = npt.NDArray[np.float32]
AnyVectors = npt.NDArray[np.floating[Any]]

BUILT, ADDED = "reviews.db", "added.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (item_id TEXT PRIMARY KEY, category TEXT NOT NULL, signals TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviews (
    review_id TEXT PRIMARY KEY, item_id TEXT NOT NULL, copy_key TEXT NOT NULL, weight REAL NOT NULL,
    data TEXT NOT NULL, scores BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS opinions (
    item_id TEXT NOT NULL, aspect TEXT NOT NULL, review_id TEXT NOT NULL, position INTEGER NOT NULL,
    score REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS reviews_by_item ON reviews (item_id);
CREATE INDEX IF NOT EXISTS reviews_by_copy ON reviews (copy_key);
CREATE INDEX IF NOT EXISTS opinions_by_aspect ON opinions (item_id, aspect);
CREATE INDEX IF NOT EXISTS opinions_by_review ON opinions (review_id);
"""
# What is read: the rows added since, and those of the build that they don't replace.
_VIEWS = """
CREATE TEMP VIEW all_items AS SELECT * FROM added.items UNION ALL
    SELECT * FROM main.items WHERE item_id NOT IN (SELECT item_id FROM added.items);
CREATE TEMP VIEW all_reviews AS SELECT * FROM added.reviews UNION ALL
    SELECT * FROM main.reviews WHERE review_id NOT IN (SELECT review_id FROM added.reviews);
CREATE TEMP VIEW all_opinions AS SELECT * FROM added.opinions UNION ALL
    SELECT * FROM main.opinions WHERE review_id NOT IN (SELECT review_id FROM added.reviews);
"""
_VIEWS_OF_BUILD = "".join(
    f"CREATE TEMP VIEW all_{table} AS SELECT * FROM main.{table};\n"  # noqa: S608 - three fixed names
    for table in ("items", "reviews", "opinions")
)


@dataclass(frozen=True)
class ReviewRow:
    """One review as read for answering: ``data`` is parsed only when it is quoted;
    ``scores`` one a sentence.
    """

    review_id: str
    weight: float
    data: str
    scores: Vectors


class ReviewFile:
    """The writing side: one file, made if it is not there."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def put_facts(self, facts: dict[str, str]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())

    def put_items(self, items: Iterable[tuple[str, Sequence[str], str]]) -> None:
        """Rows of (item_id, category path, signals as JSON), one transaction."""
        with self._connection:
            self._put_items(items)

    def put_reviews(self, reviews: Iterable[tuple[StoredReview, str, AnyVectors]]) -> None:
        """Rows of (review, copy key, sentence vectors), one transaction."""
        with self._connection:
            for row in reviews:
                self._put_review(*row)

    def put(
        self,
        review: StoredReview,
        copy_key: str,
        vectors: Vectors,
        category: Sequence[str],
        signals: str,
    ) -> None:
        """One new review and its product's new signals, in one transaction."""
        with self._connection:
            self._put_review(review, copy_key, vectors)
            self._put_items([(review.item_id, category, signals)])

    def _put_items(self, items: Iterable[tuple[str, Sequence[str], str]]) -> None:
        rows = ((item_id, json.dumps(list(category)), signals) for item_id, category, signals in items)
        self._connection.executemany("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", rows)

    def _put_review(self, review: StoredReview, copy_key: str, vectors: AnyVectors) -> None:
        scores = np.array([sentence.score for sentence in review.sentences], dtype=np.float16)
        self._connection.execute(
            "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(review.review_id, review.item_id, copy_key, review.weight, to_json(review)),
                *(scores.tobytes(), vectors.astype(np.float16).tobytes()),
            ),
        )
        self._connection.execute("DELETE FROM opinions WHERE review_id = ?", (review.review_id,))
        self._connection.executemany(
            "INSERT INTO opinions VALUES (?, ?, ?, ?, ?)",
            (
                (review.item_id, opinion.aspect, review.review_id, position, opinion.score)
                for position, sentence in enumerate(review.sentences)
                for opinion in sentence.opinions
            ),
        )


class ReviewStore:
    """The reading side of a folder. The caller keeps threads apart (``ReviewIndex`` holds a lock)."""

    def __init__(self, folder: Path) -> None:
        self._added = folder / ADDED
        uri = f"{(folder / BUILT).resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
        self._attached = False
        self._connection.executescript(_VIEWS_OF_BUILD)
        self.version()

    def close(self) -> None:
        self._connection.close()

    def version(self) -> int:
        """Changes when a review was added, by this process or another; costs a few microseconds."""
        if not self._attached and self._added.exists():
            self._attach()
        if not self._attached:
            return -1
        return int(self._connection.execute("PRAGMA added.data_version").fetchone()[0])

    def _attach(self) -> None:
        ReviewFile(self._added).close()  # its tables stand before they are read
        self._connection.execute("ATTACH ? AS added", (str(self._added),))
        for table in ("items", "reviews", "opinions"):
            self._connection.execute(f"DROP VIEW temp.all_{table}")
        self._connection.executescript(_VIEWS)
        self._attached = True

    def fact(self, name: str) -> str | None:
        row = self._one("SELECT value FROM main.facts WHERE name = ?", name)
        return row[0] if row else None

    def category(self, item_id: str) -> tuple[str, ...]:
        """The product's category path; empty where the product is not known."""
        row = self._one("SELECT category FROM all_items WHERE item_id = ?", item_id)
        return tuple(json.loads(row[0])) if row else ()

    def signals(self, item_id: str) -> str | None:
        row = self._one("SELECT signals FROM all_items WHERE item_id = ?", item_id)
        return row[0] if row else None

    def all_signals(self) -> Iterator[str]:
        for row in self._connection.execute("SELECT signals FROM all_items ORDER BY item_id"):
            yield row[0]

    def reviews(self, item_id: str) -> list[StoredReview]:
        rows = self._connection.execute(
            "SELECT data FROM all_reviews WHERE item_id = ? ORDER BY review_id", (item_id,)
        )
        return [from_json(row[0]) for row in rows]

    def rows(self, item_id: str, dimensions: int) -> tuple[list[ReviewRow], Vectors]:
        """The product's reviews, and the vectors of all their sentences in order: (sentences, dimensions)."""
        found = self._connection.execute(
            "SELECT review_id, weight, data, scores, vectors FROM all_reviews WHERE item_id = ? ORDER BY "
            "review_id",
            (item_id,),
        ).fetchall()
        joined = np.frombuffer(b"".join(row[4] for row in found), dtype=np.float16)
        reviews = [
            ReviewRow(row[0], row[1], row[2], np.frombuffer(row[3], dtype=np.float16).astype(np.float32))
            for row in found
        ]
        return reviews, joined.astype(np.float32).reshape(-1, dimensions)

    def opinions(self, item_id: str, aspect: str) -> list[tuple[str, int, float]]:
        """(review id, sentence position, score) of each opinion on the aspect."""
        return self._connection.execute(
            "SELECT review_id, position, score FROM all_opinions WHERE item_id = ? AND aspect = ?"
            " ORDER BY review_id, position",
            (item_id, aspect),
        ).fetchall()

    def review(self, review_id: str) -> StoredReview | None:
        row = self._one("SELECT data FROM all_reviews WHERE review_id = ?", review_id)
        return from_json(row[0]) if row else None

    def copies(self, copy_key: str) -> list[str]:
        """Ids of the shop's reviews with the same words."""
        rows = self._connection.execute("SELECT review_id FROM all_reviews WHERE copy_key = ?", (copy_key,))
        return [row[0] for row in rows]

    def _one(self, statement: str, *values: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row
