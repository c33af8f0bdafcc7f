"""Answers to "what do buyers say about ...?" from one product's sentences:
who is for, who against, in their words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from retrieval.aspect_words import FUNCTION_WORDS
from retrieval.aspects import AspectLexicon, Mention, stem, stems_of
from retrieval.review_signals import BetaPrior, Polarity, beta_interval, polarity
from retrieval.review_store import StoredReview, Vectors


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RELEVANT_COSINE = 0.50
"""A sentence that shares no word with the question is about it from this cosine up (docs/reviews.md:
calibration).
"""
SUPPORTED_COSINE = 0.15
"""A sentence that shares a key word must still be this near, so that "case" in "in any case" is no opinion
of one.
"""
MAX_QUOTES = 4
_DIVERSITY = 0.35
_GOOD_LENGTH = (25, 220)

_QUESTION_WORDS = _words(
    "people say says said buyers buyer customers customer think thinks opinion opinions review reviews "
    "reviewers "
    "users user owners tell know anyone anybody everyone mention mentions mentioned complain complains "
    "complaint "
    "complaints like good bad great nice best worst better worse most least product item ones get use feel "
    "really "
    "according happy satisfied thing things problem problems issue issues"
)
_REVERSED = re.compile(
    r"\b(?:worst|least|poorest|most (?:complaints?|problems|issues|negative))\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


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


class BuyersAnswer(BaseModel):
    """Buyers for and against, and what they wrote. Counts are of reviews;
    ``mentioned`` is false when none speaks of it.
    """

    model_config = ConfigDict(frozen=True)

    item_id: str
    question: str = ""
    aspect: str | None = None
    """The aspect the question was understood as; ``None`` for free questions and the whole product."""
    positive: int = 0
    negative: int = 0
    neutral: int = 0
    share_positive: float = 0.5
    low: float = 0.0
    high: float = 1.0
    quotes: tuple[Quote, ...] = ()
    mentioned: bool = False
    review_count: int = 0
    """Reviews of the product that were read."""


@dataclass(frozen=True)
class Question:
    """A question prepared once for any number of products."""

    text: str
    aspect: str | None
    stems: frozenset[str]
    vector: np.ndarray | None
    reversed: bool

    @property
    def is_general(self) -> bool:
        return self.aspect is None and not self.stems


@dataclass(frozen=True)
class ItemReviews:
    """A product's reviews and their sentence vectors, flat:
    row ``i`` is sentence ``position[i]`` of ``reviews[owner[i]]``.
    """

    item_id: str
    reviews: tuple[StoredReview, ...]
    vectors: Vectors
    owner: tuple[int, ...]
    position: tuple[int, ...]

    @classmethod
    def of(cls, item_id: str, reviews: Sequence[StoredReview], vectors: Vectors) -> ItemReviews:
        rows = [(i, j) for i, review in enumerate(reviews) for j in range(len(review.sentences))]
        return cls(item_id, tuple(reviews), vectors, tuple(i for i, _ in rows), tuple(j for _, j in rows))


@dataclass(frozen=True)
class _Found:
    """A sentence about the question: its row, its opinion and how much it is about it."""

    row: int
    score: float
    relevance: float


def ask(text: str, lexicon: AspectLexicon, encode_query: Callable[[Sequence[str]], Vectors]) -> Question:
    """The question's aspect, key words and vector.

    Costs one query encoding (about 4 ms) unless it is general.
    """
    text = text.strip()[:500]
    aspect = _asked_aspect(text, lexicon)
    stems = frozenset(_key_stems(text))
    vector = encode_query([_topic(text)])[0] if aspect is not None or stems else None
    return Question(text, aspect, stems, vector, bool(_REVERSED.search(text)))


def _asked_aspect(text: str, lexicon: AspectLexicon) -> str | None:
    """The most telling aspect named: mined before general, longer term before shorter;
    ``overall`` is none.
    """
    general = {a.name for a in lexicon.aspects if a.general}
    found = [m for m in lexicon.find(text) if m.aspect != "overall"]
    if not found:
        return None

    def telling(mention: Mention) -> tuple[bool, int, int]:
        return mention.aspect not in general, len(mention.term.split()), -mention.start

    return max(found, key=telling).aspect


def _key_stems(text: str) -> list[str]:
    words = [w.lower().replace("\u2019", "'") for w in _WORD.findall(text)]
    return [stem(w) for w in words if w not in FUNCTION_WORDS and w not in _QUESTION_WORDS and len(w) > 1]


def _topic(text: str) -> str:
    """The question without the words of asking: what the sentences should be near to."""
    words = [
        w for w in _WORD.findall(text) if w.lower() not in _QUESTION_WORDS and w.lower() not in FUNCTION_WORDS
    ]
    return " ".join(words) or text


def answer(question: Question, item: ItemReviews, prior: BetaPrior) -> BuyersAnswer:
    """Counts for and against and 2-4 quotes, from sentences already scored; about 1 ms per 500 sentences."""
    found = _overall(item) if question.is_general else _relevant(question, item)
    counts: dict[Polarity, int] = {"positive": 0, "negative": 0, "neutral": 0}
    weights: dict[Polarity, float] = {"positive": 0.0, "negative": 0.0, "neutral": 0.0}
    for index, score in _by_review(found, item).items():
        counts[polarity(score)] += 1
        weights[polarity(score)] += item.reviews[index].weight
    mean, low, high = beta_interval(weights["positive"], weights["negative"], prior)
    return BuyersAnswer(
        item_id=item.item_id,
        question=question.text,
        aspect=question.aspect,
        **counts,
        share_positive=round(mean, 4),
        low=round(low, 4),
        high=round(high, 4),
        quotes=tuple(_quotes(found, item, counts)),
        mentioned=bool(found),
        review_count=sum(review.language == "en" for review in item.reviews),
    )


def _overall(item: ItemReviews) -> list[_Found]:
    return [
        _Found(row, item.reviews[owner].sentences[at].score, abs(item.reviews[owner].sentences[at].score))
        for row, (owner, at) in enumerate(zip(item.owner, item.position, strict=True))
    ]


def _relevant(question: Question, item: ItemReviews) -> list[_Found]:
    cosine = item.vectors @ question.vector if question.vector is not None else np.zeros(len(item.owner))
    found = []
    for row, (owner, at) in enumerate(zip(item.owner, item.position, strict=True)):
        review, near = item.reviews[owner], float(cosine[row])
        sentence = review.sentences[at]
        opinion = next((o for o in sentence.opinions if o.aspect == question.aspect), None)
        if opinion is not None:
            found.append(_Found(row, opinion.score, 0.5 + near))
        elif near >= RELEVANT_COSINE or (
            near >= SUPPORTED_COSINE and _says_words(question, review.sentence_text(at))
        ):
            found.append(_Found(row, sentence.score, near))
    return found


def _says_words(question: Question, sentence: str) -> bool:
    """Whether the sentence has every key word of the question, up to inflection."""
    return bool(question.stems) and question.stems <= set(stems_of(sentence))


def _by_review(found: Sequence[_Found], item: ItemReviews) -> dict[int, float]:
    """One score per review: the mean of its clear sentences, or of all where none is clear."""
    scores: dict[int, list[float]] = defaultdict(list)
    for hit in found:
        scores[item.owner[hit.row]].append(hit.score)
    means = {}
    for index, values in scores.items():
        clear = [v for v in values if polarity(v) != "neutral"]
        means[index] = float(np.mean(clear or values))
    return means


# --- quotes -----------------------------------------------------------------------------------------------


def _quotes(found: Sequence[_Found], item: ItemReviews, counts: dict[Polarity, int]) -> list[Quote]:
    """2-4 quotes, at least one of each side that exists, the larger side first."""
    sides = {kind: [hit for hit in found if polarity(hit.score) == kind] for kind in counts}
    wanted = _places(len(sides["positive"]), len(sides["negative"]), counts)
    if not any(wanted.values()):
        wanted["neutral"] = 2
    taken: set[int] = set()
    chosen: list[_Found] = []
    for kind in sorted(wanted, key=lambda kind: -wanted[kind]):
        chosen += _diverse(sides[kind], item, wanted[kind], taken)
    return [quote_of(item, hit.row, hit.score) for hit in chosen]


def _places(positive: int, negative: int, counts: dict[Polarity, int]) -> dict[Polarity, int]:
    if positive and negative:
        share = counts["positive"] / max(counts["positive"] + counts["negative"], 1)
        ours = int(np.clip(round(MAX_QUOTES * share), 1, MAX_QUOTES - 1))
        return {"positive": ours, "negative": MAX_QUOTES - ours, "neutral": 0}
    return {"positive": 3 if positive else 0, "negative": 3 if negative else 0, "neutral": 0}


def _diverse(hits: Sequence[_Found], item: ItemReviews, k: int, taken: set[int]) -> list[_Found]:
    """Maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998), one sentence a review."""
    worth = {hit.row: _worth(hit, item) for hit in hits}
    pool = sorted(hits, key=lambda hit: (-worth[hit.row], hit.row))[:60]
    chosen: list[_Found] = []
    while pool and len(chosen) < k:
        pool = [hit for hit in pool if item.owner[hit.row] not in taken]
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
        taken.add(item.owner[pool[best].row])
    return chosen


def _worth(hit: _Found, item: ItemReviews) -> float:
    """Relevant, clear, helpful to others, of a length that reads well, from a review nobody need doubt."""
    review = item.reviews[item.owner[hit.row]]
    length = len(review.sentence_text(item.position[hit.row]))
    low, high = _GOOD_LENGTH
    fits = min(1.0, length / low, high / max(length, 1))
    return float(
        (hit.relevance + 0.3 * abs(hit.score) + 0.1 * np.log1p(review.helpful)) * fits * review.weight
    )


def quote_of(item: ItemReviews, row: int, score: float | None = None) -> Quote:
    """The sentence of a row as a quote; ``score`` is that of an opinion in it, else of the whole sentence."""
    review, at = item.reviews[item.owner[row]], item.position[row]
    score = review.sentences[at].score if score is None else score
    return Quote(
        review_id=review.review_id,
        item_id=item.item_id,
        text=review.sentence_text(at),
        stars=review.stars,
        date=dt.datetime.fromtimestamp(review.time, dt.UTC).date() if review.time is not None else None,
        polarity=polarity(score),
        score=round(score, 4),
        helpful=review.helpful,
    )
