"""One opinion a buyer: what a review says of each aspect, however often it says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import numpy as np

from retrieval.aspect_mining.words import OVERALL
from retrieval.reviews.clauses import clause_about
from retrieval.reviews.records import StoredReview

OPINION_MARGIN = 0.2
"""A review's opinion is positive above this mean score (P(positive) - P(negative)), negative below its
minus.
"""

SHORTEST_QUOTE = 3
"""Words; fewer say nothing by themselves."""

Polarity = Literal["positive", "negative", "neutral"]


def polarity(score: float) -> Polarity:
    return "positive" if score > OPINION_MARGIN else "negative" if score < -OPINION_MARGIN else "neutral"


def aspect_scores(review: StoredReview) -> dict[str, float]:
    """The review's one score per aspect, -1 to 1: the mean over its mentions that carry an opinion.

    ``overall`` is the score of the whole review, whether or not it has a word for the product.
    """
    mentions: dict[str, list[float]] = defaultdict(list)
    for sentence in review.sentences:
        for opinion in sentence.opinions:
            mentions[opinion.aspect].append(opinion.score)
    scores = {aspect: mean_opinion(values) for aspect, values in mentions.items() if aspect != OVERALL}
    whole = review_score(review)
    return scores if whole is None else {OVERALL: whole, **scores}


def passages_on(review: StoredReview, aspect: str) -> list[tuple[str, float]]:
    """What may be quoted of a review on an aspect, each with its score: the clause that judges it, or the
    sentence where the clause is too short to be understood.
    """
    if aspect == OVERALL:
        return [
            (review.sentence_text(index), sentence.score) for index, sentence in enumerate(review.sentences)
        ]
    return [
        (passage(review.sentence_text(index), opinion.term), opinion.score)
        for index, sentence in enumerate(review.sentences)
        for opinion in sentence.opinions
        if opinion.aspect == aspect
    ]


def passage(sentence: str, term: str) -> str:
    clause = clause_about(sentence, term)
    return clause if len(clause.split()) >= SHORTEST_QUOTE else sentence


def mean_opinion(values: Sequence[float]) -> float:
    """The mean of the clear scores, or of all where none is clear."""
    held = [v for v in values if abs(v) > OPINION_MARGIN]
    return float(np.mean(held)) if held else float(np.mean(values))


def review_score(review: StoredReview) -> float | None:
    """-1 to 1: the mean over the review's sentences; ``None`` when nothing was scored."""
    scores = [sentence.score for sentence in review.sentences]
    return float(np.mean(scores)) if scores else None
