"""Shop reviews to learn from without human labels: titles with their stars, and sentences for a teacher
to label.

Reads the review files of phones, magazines and a Magento sample shop. Reviews of digital music are never
read here: they are what the order of stars is measured on.
"""

from __future__ import annotations

import csv
import gzip
import html
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["StarredReview", "read_reviews", "review_sentences", "starred_titles"]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class StarredReview:
    """A review as its shop exports it."""

    title: str
    text: str
    stars: float


def read_reviews(data_folder: Path) -> list[StarredReview]:
    """Every review of the three training shops under ``data_folder`` that is there."""
    readers = {
        "phones/data_subset.json": _phones,
        "magazines/Magazine_Subscriptions_5.json.gz": _magazines,
        "magento_luma/products_reviews.csv": _magento,
    }
    return [
        StarredReview(_plain(title), _plain(text), float(stars))
        for name, read in readers.items()
        if (data_folder / name).is_file()
        for title, text, stars in read(data_folder / name)
    ]


def starred_titles(reviews: Iterable[StarredReview], limit: int, seed: int = 0) -> list[tuple[str, int]]:
    """Titles of at least three words as weak labels: 1 above three stars, 0 below; as many of either side.

    A title that only repeats the stars ("Five stars") teaches nothing and is left out.
    """
    sides: dict[int, set[str]] = {0: set(), 1: set()}
    for review in reviews:
        title = review.title
        if review.stars != 3 and len(title.split()) > 2 and title.isascii() and "stars" not in title.lower():
            sides[int(review.stars > 3)].add(title)
    order = random.Random(seed)
    each = min(limit // 2, *(len(titles) for titles in sides.values()))
    return [(title, side) for side, titles in sides.items() for title in order.sample(sorted(titles), each)]


def review_sentences(reviews: Iterable[StarredReview], limit: int, seed: int = 0) -> list[str]:
    """Up to ``limit`` different sentences and titles of 2 to 40 words."""
    found: dict[str, None] = {}
    for review in reviews:
        for sentence in (review.title, *_SENTENCE_END.split(review.text)):
            if 2 <= len(sentence.split()) <= 40 and sentence.isascii():
                found.setdefault(sentence.strip())
    sentences = list(found)
    random.Random(seed).shuffle(sentences)
    return sentences[:limit]


def _plain(text: str | None) -> str:
    return html.unescape(_TAG.sub(" ", text or "")).strip()


def _phones(path: Path) -> Iterator[tuple[str | None, str | None, float]]:
    for product in json.loads(path.read_text(encoding="utf-8")):
        for review in product["reviews"]:
            yield review["title_review"], review["body"], review["rating_review"]


def _magazines(path: Path) -> Iterator[tuple[str | None, str | None, float]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            review = json.loads(line)
            yield review.get("summary"), review.get("reviewText"), review["overall"]


def _magento(path: Path) -> Iterator[tuple[str | None, str | None, float]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["title"], row["review"], float(row["rating_value"])
