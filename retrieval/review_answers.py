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
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from retrieval.aspect_words import FUNCTION_WORDS
from retrieval.aspects import AspectLexicon, Mention, stem, stems_of
from retrieval.review_records import StoredReview, from_json
from retrieval.review_signals import BetaPrior, Polarity, beta_interval, mean_opinion, polarity
from retrieval.review_store import ReviewRow, Vectors


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
_POOL = 60
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
    vector: npt.NDArray[np.float32] | None
    reversed: bool

    @classmethod
    def about(cls, aspect: str) -> Question:
        """The question for one known aspect: its opinions alone, quoted by how typical they are."""
        return cls("", aspect, frozenset(), None, False)

    @property
    def is_general(self) -> bool:
        return self.aspect is None and not self.stems


class ItemReviews:
    """A product's sentences as columns: row ``i`` is sentence ``position[i]`` of review ``owner[i]``.

    Scores and vectors are there at once; a review's text is parsed when it is looked at.
    """

    def __init__(self, item_id: str, rows: Sequence[ReviewRow], vectors: Vectors) -> None:
        counts = np.array([len(row.scores) for row in rows], dtype=np.int64)
        self.item_id, self.vectors = item_id, vectors
        self.review_ids = [row.review_id for row in rows]
        self.weights = np.array([row.weight for row in rows])
        self.scores = np.concatenate([row.scores for row in rows]) if rows else np.zeros(0, dtype=np.float32)
        self.first = np.concatenate([[0], np.cumsum(counts)])  # the first row of each review
        self.owner = np.repeat(np.arange(len(rows)), counts)
        self.position = np.arange(len(self.owner)) - self.first[self.owner]
        self.read_count = int((counts > 0).sum())
        self._data = [row.data for row in rows]
        self._lower = [row.data.lower() for row in rows]
        self._parsed: dict[int, StoredReview] = {}
        self._index = {review_id: index for index, review_id in enumerate(self.review_ids)}

    def review(self, index: int) -> StoredReview:
        review = self._parsed.get(index)
        if review is None:
            review = self._parsed[index] = from_json(self._data[index])
        return review

    def text(self, row: int) -> str:
        return self.review(int(self.owner[row])).sentence_text(int(self.position[row]))

    def row_of(self, review_id: str, position: int) -> int:
        return int(self.first[self._index[review_id]]) + position

    def may_say(self, index: int, beginnings: Sequence[str]) -> bool:
        """A quick look whether a review has words that begin so; saves parsing those that don't."""
        return bool(beginnings) and all(beginning in self._lower[index] for beginning in beginnings)


@dataclass(frozen=True)
class _Found:
    """A sentence about the question: its row, its opinion and how much it is about it."""

    row: int
    score: float
    relevance: float


AspectOpinions = Sequence[tuple[str, int, float]]
"""(review id, sentence position, score), as ``ReviewStore.opinions`` gives them."""


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


def answer(question: Question, item: ItemReviews, opinions: AspectOpinions, prior: BetaPrior) -> BuyersAnswer:
    """Counts for and against and 2-4 quotes, from what was scored before: 1-5 ms for 1,000 sentences.

    ``opinions`` are those of the product on ``question.aspect``.
    """
    found = _overall(item) if question.is_general else _relevant(question, item, opinions)
    counts: dict[Polarity, int] = {"positive": 0, "negative": 0, "neutral": 0}
    weights: dict[Polarity, float] = {"positive": 0.0, "negative": 0.0, "neutral": 0.0}
    by_review = _review_scores(item) if question.is_general else _by_review(found, item)
    for index, score in by_review.items():
        counts[polarity(score)] += 1
        weights[polarity(score)] += float(item.weights[index])
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
        review_count=item.read_count,
    )


def _overall(item: ItemReviews) -> list[_Found]:
    """The clearest sentences of either side: what is said of the product as a whole."""
    order = np.argsort(item.scores, kind="stable")
    rows = dict.fromkeys(int(row) for row in (*order[:_POOL], *order[::-1][:_POOL]))
    return [_Found(row, float(item.scores[row]), abs(float(item.scores[row]))) for row in rows]


def _review_scores(item: ItemReviews) -> dict[int, float]:
    """Each review's mean sentence score, as in the product's signals."""
    sums = np.bincount(item.owner, weights=item.scores, minlength=len(item.review_ids))
    counts = np.bincount(item.owner, minlength=len(item.review_ids))
    return {int(i): float(sums[i] / counts[i]) for i in np.flatnonzero(counts)}


def _relevant(question: Question, item: ItemReviews, opinions: AspectOpinions) -> list[_Found]:
    named = [(item.row_of(review_id, position), score) for review_id, position, score in opinions]
    cosine = _cosine(question, item, [row for row, _ in named])
    found = [_Found(row, score, 0.5 + float(cosine[row])) for row, score in named]
    taken = {hit.row for hit in found}
    near = cosine >= RELEVANT_COSINE
    beginnings = [stem[: max(3, len(stem) - 2)] for stem in question.stems]
    may_say = np.array([item.may_say(i, beginnings) for i in range(len(item.review_ids))], dtype=bool)[
        item.owner
    ]
    for row in map(int, np.flatnonzero(near | ((cosine >= SUPPORTED_COSINE) & may_say))):
        if row not in taken and (near[row] or _says(item.text(row), beginnings, question.stems)):
            found.append(_Found(row, float(item.scores[row]), float(cosine[row])))
    return found


def _says(sentence: str, beginnings: Sequence[str], stems: frozenset[str]) -> bool:
    """Whether the sentence has every key word up to inflection; the cheap test first."""
    lower = sentence.lower()
    return all(b in lower for b in beginnings) and stems <= set(stems_of(sentence))


def _cosine(question: Question, item: ItemReviews, named: Sequence[int]) -> Vectors:
    """Nearness to the question; without one, to the middle of the sentences that name the aspect."""
    if question.vector is not None:
        return np.asarray(item.vectors @ question.vector, dtype=np.float32)
    cosine = np.zeros(len(item.owner), dtype=np.float32)
    if named:
        held = item.vectors[list(named)]
        cosine[list(named)] = held @ held.mean(axis=0)
    return cosine


def _by_review(found: Sequence[_Found], item: ItemReviews) -> dict[int, float]:
    """One score per review: the mean of its clear sentences, or of all where none is clear."""
    scores: dict[int, list[float]] = defaultdict(list)
    for hit in found:
        scores[int(item.owner[hit.row])].append(hit.score)
    return {index: mean_opinion(values) for index, values in scores.items()}


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
    clearest = sorted(hits, key=lambda hit: (-hit.relevance - 0.3 * abs(hit.score), hit.row))[: 2 * _POOL]
    worth = {hit.row: _worth(hit, item) for hit in clearest}
    pool = sorted(clearest, key=lambda hit: (-worth[hit.row], hit.row))[:_POOL]
    chosen: list[_Found] = []
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


def _worth(hit: _Found, item: ItemReviews) -> float:
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
