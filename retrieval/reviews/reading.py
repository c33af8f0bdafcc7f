"""From a raw review to sentences with opinions: clean, mask, recognise, split, score.
Shared by build and update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from retrieval.aspects import AspectLexicon, Mention
from retrieval.records import Review
from retrieval.reviews.clauses import clause_spans
from retrieval.reviews.negated_defects import corrected
from retrieval.reviews.records import Opinion, Sentence, StoredReview
from retrieval.reviews.text import (
    clean_text,
    mask_personal_data,
    sentence_spans,
    words_for_model,
)
from retrieval.text.language import language

MAX_SENTENCES = 120
"""Sentences of one review that are scored; a 50 kB review has more, and says nothing new after these."""

Progress = Callable[[str, int, int | None], None]
Scores = npt.NDArray[np.float32]


class Polarities(Protocol):
    """What reading needs of a sentiment model: probabilities of negative, neutral, positive, shape (n, 3)."""

    def predict(self, sentences: Sequence[str], progress: Progress | None = None) -> Scores: ...


class PairPolarities(Protocol):
    """The same for (clause, term) pairs."""

    def predict(self, pairs: Sequence[tuple[str, str]]) -> Scores: ...


@dataclass(frozen=True)
class Unit:
    """A clause and the mentions in it: what is scored once. Offsets are those of the sentence."""

    text: str
    mentions: tuple[Mention, ...]


def read_review(review: Review) -> StoredReview:
    """The review cleaned, masked, its language known, split into sentences without scores. About 0.5 ms."""
    text = review_text(review)
    code = language(text)
    spans = sentence_spans(text)[:MAX_SENTENCES] if code == "en" else []
    return StoredReview(
        review_id=review.review_id,
        item_id=review.item_id,
        text=text,
        language=code,
        user_id=review.user_id,
        stars=review.stars,
        time=review.time.timestamp() if review.time else None,
        helpful=review.helpful,
        verified=review.verified,
        sentences=tuple(Sentence(start, end) for start, end in spans),
    )


def review_text(review: Review) -> str:
    """What may be quoted of a review: title, line break, text; cleaned and masked.
    Quotes are slices of it.
    """
    names = (review.user_id,) if review.user_id else ()
    title = mask_personal_data(clean_text(review.title), names).replace("\n", " ")
    text = mask_personal_data(clean_text(review.text), names)
    if not title or text.lower().startswith(title.rstrip(" .\u2026").lower()):
        return text
    return f"{title}\n{text}" if text else title


def units_of(sentence: str, lexicon: AspectLexicon) -> list[Unit]:
    """The sentence's clauses with their mentions; one unit where the sentence has one opinion at most."""
    mentions = lexicon.find(sentence)
    clauses = clause_spans(sentence)
    return [
        Unit(words_for_model(sentence[start:end]), tuple(m for m in mentions if start <= m.start < end))
        for start, end in clauses
    ]


def scored_texts(review: StoredReview) -> list[str]:
    """What a sentiment model is asked about a review: the clauses of its sentences."""
    sentences = [review.sentence_text(i) for i in range(len(review.sentences))]
    return [words_for_model(text[start:end]) for text in sentences for start, end in clause_spans(text)]


def score_reviews(
    reviews: Sequence[StoredReview],
    lexicons: Sequence[AspectLexicon],
    sentiment: Polarities,
    aspect_sentiment: PairPolarities | None = None,
    progress: Progress | None = None,
) -> list[StoredReview]:
    """The reviews with each sentence's score and opinions; ``lexicons[i]`` is that of ``reviews[i]``.

    A sentence's score is the mean of its clauses. An opinion is that of its clause; where
    ``aspect_sentiment`` is given, the mean of that and of what it reads of the term in the clause.
    """
    units = [
        [units_of(review.sentence_text(i), lexicon) for i in range(len(review.sentences))]
        for review, lexicon in zip(reviews, lexicons, strict=True)
    ]
    texts = [unit.text for review in units for sentence in review for unit in sentence]
    read = _signed(sentiment.predict(texts, progress)) if texts else []
    scores = iter(map(corrected, texts, read))
    pairs = [
        (unit.text, mention.term)
        for sentences in units
        for sentence in sentences
        for unit in sentence
        for mention in unit.mentions
    ]
    paired = iter(_signed(aspect_sentiment.predict(pairs)) if aspect_sentiment is not None and pairs else [])
    return [
        _scored(review, sentences, scores, paired) for review, sentences in zip(reviews, units, strict=True)
    ]


def _signed(probabilities: Scores) -> list[float]:
    """P(positive) - P(negative) of rows (negative, neutral, positive)."""
    return (probabilities[:, 2] - probabilities[:, 0]).tolist()  # type: ignore[no-any-return]


def _scored(
    review: StoredReview, units: Sequence[Sequence[Unit]], scores: Iterator[float], paired: Iterator[float]
) -> StoredReview:
    sentences = []
    for sentence, parts in zip(review.sentences, units, strict=True):
        clause_scores = [next(scores) for _ in parts]
        opinions = [
            Opinion(mention.aspect, mention.term, _joined(part.text, score, next(paired, None)))
            for part, score in zip(parts, clause_scores, strict=True)
            for mention in part.mentions
        ]
        sentences.append(
            replace(
                sentence,
                score=float(np.mean(clause_scores)),
                opinions=_one_per_aspect(opinions),
                clauses=tuple(clause_scores) if len(clause_scores) > 1 else (),
            )
        )
    return replace(review, sentences=tuple(sentences))


def _joined(clause: str, score: float, paired: float | None) -> float:
    return score if paired is None else corrected(clause, (score + paired) / 2)


def _one_per_aspect(opinions: Sequence[Opinion]) -> tuple[Opinion, ...]:
    """Two terms of one aspect in a clause are one opinion; opposite ones in two clauses stay two."""
    kept: dict[tuple[str, bool], Opinion] = {}
    for opinion in opinions:
        kept.setdefault((opinion.aspect, opinion.score > 0), opinion)
    return tuple(kept.values())
