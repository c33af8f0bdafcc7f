"""Which sentences to quote: relevant, clear, helpful, different from one another, from both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from retrieval.reviews.opinions import Polarity, polarity
from retrieval.reviews.rows import Found, ItemReviews

MAX_QUOTES = 4
_DIVERSITY = 0.35
POOL = 60
_GOOD_LENGTH = (25, 220)


class Quote(BaseModel):
    """A sentence as its buyer wrote it (cleaned, personal data masked):
    ``text`` is a slice of that review.
    """

    model_config = ConfigDict(frozen=True)

    review_id: str
    item_id: str
    text: str
    stars: float | None = None
    date: dt.date | None = None
    polarity: Polarity
    score: float = 0.0
    helpful: int = 0


def choose_quotes(found: Sequence[Found], item: ItemReviews, counts: dict[Polarity, int]) -> list[Quote]:
    """2-4 quotes, at least one of each side that exists, the larger side first."""
    sides = {kind: [hit for hit in found if polarity(hit.score) == kind] for kind in counts}
    wanted = _places(len(sides["positive"]), len(sides["negative"]), counts)
    if not any(wanted.values()):
        wanted["neutral"] = 2
    taken: set[int] = set()
    chosen: list[Found] = []
    for kind in sorted(wanted, key=lambda kind: -wanted[kind]):
        chosen += _diverse(sides[kind], item, wanted[kind], taken)
    return [quote_of(item, hit.row, hit.score) for hit in chosen]


def _places(positive: int, negative: int, counts: dict[Polarity, int]) -> dict[Polarity, int]:
    if positive and negative:
        share = counts["positive"] / max(counts["positive"] + counts["negative"], 1)
        ours = int(np.clip(round(MAX_QUOTES * share), 1, MAX_QUOTES - 1))
        return {"positive": ours, "negative": MAX_QUOTES - ours, "neutral": 0}
    return {"positive": 3 if positive else 0, "negative": 3 if negative else 0, "neutral": 0}


def _diverse(hits: Sequence[Found], item: ItemReviews, k: int, taken: set[int]) -> list[Found]:
    """Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998), one sentence a review."""
    clearest = sorted(hits, key=lambda hit: (-hit.relevance - 0.3 * abs(hit.score), hit.row))[: 2 * POOL]
    worth = {hit.row: _worth(hit, item) for hit in clearest}
    pool = sorted(clearest, key=lambda hit: (-worth[hit.row], hit.row))[:POOL]
    chosen: list[Found] = []
    while pool and len(chosen) < k:
        pool = [hit for hit in pool if int(item.owner[hit.row]) not in taken]
        if not pool:
            break
        nearest = (
            (item.vectors[[h.row for h in pool]] @ item.vectors[[h.row for h in chosen]].T).max(axis=1)
            if chosen
            else np.zeros(len(pool))
        )
        best = int(
            np.argmax([worth[hit.row] - _DIVERSITY * near for hit, near in zip(pool, nearest, strict=True)])
        )
        chosen.append(pool[best])
        taken.add(int(item.owner[pool[best].row]))
    return chosen


def _worth(hit: Found, item: ItemReviews) -> float:
    """Relevant, clear, helpful to others, of a length that reads well, from a review nobody need doubt."""
    review = item.review(int(item.owner[hit.row]))
    length = len(item.text(hit.row))
    low, high = _GOOD_LENGTH
    fits = min(1.0, length / low, high / max(length, 1))
    return float(
        (hit.relevance + 0.3 * abs(hit.score) + 0.1 * np.log1p(review.helpful)) * fits * review.weight
    )


def quote_of(item: ItemReviews, row: int, score: float | None = None) -> Quote:
    """The sentence of a row as a quote; ``score`` is that of an opinion in it, else of the whole sentence."""
    review = item.review(int(item.owner[row]))
    score = float(item.scores[row]) if score is None else score
    return Quote(
        review_id=review.review_id,
        item_id=item.item_id,
        text=item.text(row),
        stars=review.stars,
        date=dt.datetime.fromtimestamp(review.time, dt.UTC).date() if review.time is not None else None,
        polarity=polarity(score),
        score=round(score, 4),
        helpful=review.helpful,
    )
