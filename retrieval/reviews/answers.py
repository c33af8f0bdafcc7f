"""Answers to "what do buyers say about ...?" from one product's sentences:
who is for, who against, in their words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from retrieval.aspect_mining.words import FUNCTION_WORDS, OVERALL
from retrieval.aspects import AspectLexicon, Mention, stem, stems_of
from retrieval.reviews.clauses import WORD, clause_spans, words_of
from retrieval.reviews.opinions import Polarity, mean_opinion, polarity
from retrieval.reviews.poles import Pole, asked_pole
from retrieval.reviews.priors import BetaPrior
from retrieval.reviews.quotes import POOL, Quote, choose_quotes
from retrieval.reviews.rows import Found, ItemReviews
from retrieval.reviews.said_alike import alike, is_told, plainly
from retrieval.reviews.signals import AspectSignal, beta_interval
from retrieval.reviews.store import Vectors
from retrieval.text.word_set import word_set

RELEVANT_COSINE = 0.50
"""A sentence that shares no word with the question is about it from this cosine up (docs/reviews.md says how
it was chosen), unless it is shorter than ``SHORT`` words: "Fine." is near to everything."""
PARTLY_COSINE = 0.45
"""The same for a sentence that shares one of the key words."""
SUPPORTED_COSINE = 0.15
"""A sentence with all key words must still be this near: "in any case" is no opinion of a case."""
SHORT = 4
MOST_KEYS = 3
"""Key words of a question; more are of a story."""
_SIDE = 0.8  # the score of a plain statement for or against a quality

_QUESTION_WORDS = word_set(
    "people say says said buyers buyer customers customer think thinks opinion opinions review reviews "
    "reviewers users user owners tell know anyone anybody everyone mention mentions mentioned complain "
    "complains complaint complaints like good bad great nice best worst better worse most least product "
    "item ones get use feel really run runs according happy satisfied thing things problem problems issue "
    "issues call calls called find finds found report reports reported write writes wrote written speak "
    "speaks talk talks praise praises praised trouble"
)
WORST = re.compile(
    r"\b(?:worst|least|poorest|most (?:complaints?|problems|issues|negative))\b", re.IGNORECASE
)
"""Asks for the wrong end: "the least reliable"."""


Counted = Literal["whole", "aspect", "question"]


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
    by_side: bool = False
    """Whether those for are who call it what was asked ("do they run small"), those against the opposite."""
    review_count: int = 0
    """Reviews of the product that were read."""
    counted: Counted = "question"
    """What the counts are of: the whole product, all that is said of the aspect, or only what answers the
    question."""


@dataclass(frozen=True)
class Question:
    """A question prepared once for any number of products."""

    text: str
    aspect: str | None
    stems: frozenset[str]
    vector: npt.NDArray[np.float32] | None
    pole: Pole | None = None
    only_aspect: bool = False
    """Whether the aspect is all that is asked for: then its opinions are the whole answer."""

    @classmethod
    def about(cls, aspect: str) -> Question:
        """The question for one known aspect: its opinions alone, quoted by how typical they are."""
        return cls("", aspect, frozenset(), None, only_aspect=True)

    @property
    def is_general(self) -> bool:
        return self.aspect is None and not self.stems and self.pole is None

    @property
    def counted(self) -> Counted:
        """What is counted for it."""
        return "whole" if self.is_general else "aspect" if self.only_aspect else "question"


AspectOpinions = Sequence[tuple[str, int, float]]
"""(review id, sentence position, score), as ``ReviewStore.opinions`` gives them."""


def ask(text: str, lexicon: AspectLexicon, encode_query: Callable[[Sequence[str]], Vectors]) -> Question:
    """The question's aspect, key words and vector.

    Costs one query encoding (about 4 ms) unless it is general.
    """
    text = plainly(text.strip()[:500])
    pole = asked_pole(text)
    taken = {stem(word) for word in (pole.wanted | pole.unwanted)} if pole else set()
    aspect, named = _asked_aspect(text, lexicon, taken)
    stems = frozenset(_key_stems(text)) - taken
    if len(stems) > MOST_KEYS and (told := frozenset(filter(is_told, stems))):
        stems = told  # of a story what buyers tell, too
    only = aspect is not None and pole is None and stems <= named
    question = Question(text, aspect, stems, None, pole, only)
    return question if question.is_general else replace(question, vector=encode_query([_topic(text)])[0])


def _asked_aspect(text: str, lexicon: AspectLexicon, pole: set[str]) -> tuple[str | None, frozenset[str]]:
    """The most telling aspect named, mined before general, longer term before shorter; and the stems that
    name it.

    ``overall`` is none, nor is a quality asked for ("small"), whose stems are in ``pole``.
    """
    general = {a.name for a in lexicon.aspects if a.general}
    found = [m for m in lexicon.find(text) if m.aspect != OVERALL and stem(m.term) not in pole]
    if not found:
        return None, frozenset()

    def telling(mention: Mention) -> tuple[bool, int, int]:
        return mention.aspect not in general, len(mention.term.split()), -mention.start

    aspect = max(found, key=telling).aspect
    return aspect, frozenset(s for m in found if m.aspect == aspect for s in stems_of(m.term))


def _key_stems(text: str) -> list[str]:
    return [
        stem(w) for w in words_of(text) if w not in FUNCTION_WORDS and w not in _QUESTION_WORDS and len(w) > 1
    ]


def _topic(text: str) -> str:
    """The question without the words of asking: what the sentences should be near to."""
    words = [
        w for w in WORD.findall(text) if w.lower() not in _QUESTION_WORDS and w.lower() not in FUNCTION_WORDS
    ]
    return " ".join(words) or text


def answer(
    question: Question,
    item: ItemReviews,
    opinions: AspectOpinions,
    prior: BetaPrior,
    signal: AspectSignal | None = None,
) -> BuyersAnswer:
    """Counts for and against and 2-4 quotes, from what was scored before: 1-5 ms for 1,000 sentences.

    ``opinions`` are those of the product on ``question.aspect``. ``signal``: what the product's signals count
    for exactly what is asked; those counts are given, so that no two places tell different ones.
    """
    found, by_side = (_overall(item), False) if question.is_general else _relevant(question, item, opinions)
    counts, (mean, low, high) = _counted(found, item, prior) if signal is None else _as_counted(signal)
    return BuyersAnswer(
        item_id=item.item_id,
        question=question.text,
        aspect=question.aspect,
        **counts,
        share_positive=round(mean, 4),
        low=round(low, 4),
        high=round(high, 4),
        quotes=tuple(choose_quotes(found, item, counts)),
        mentioned=bool(found),
        by_side=by_side,
        review_count=item.read_count,
        counted=question.counted,
    )


Counts = dict[Polarity, int]
Interval = tuple[float, float, float]


def _as_counted(signal: AspectSignal) -> tuple[Counts, Interval]:
    counts: Counts = {
        "positive": signal.positive,
        "negative": signal.negative,
        "neutral": signal.neutral,
    }
    return counts, (signal.share_positive, signal.low, signal.high)


def _counted(found: Sequence[Found], item: ItemReviews, prior: BetaPrior) -> tuple[Counts, Interval]:
    """One opinion a review, of the sentences that were found."""
    counts: Counts = {"positive": 0, "negative": 0, "neutral": 0}
    weights: dict[Polarity, float] = {"positive": 0.0, "negative": 0.0, "neutral": 0.0}
    for index, score in _by_review(found, item).items():
        counts[polarity(score)] += 1
        weights[polarity(score)] += float(item.weights[index])
    return counts, beta_interval(weights["positive"], weights["negative"], prior)


def _overall(item: ItemReviews) -> list[Found]:
    """The clearest sentences of either side: what is said of the product as a whole."""
    order = np.argsort(item.scores, kind="stable")
    rows = dict.fromkeys(int(row) for row in (*order[:POOL], *order[::-1][:POOL]))
    return [Found(row, float(item.scores[row]), abs(float(item.scores[row]))) for row in rows]


def _relevant(question: Question, item: ItemReviews, opinions: AspectOpinions) -> tuple[list[Found], bool]:
    """The sentences about the question, and whether they are scored by the side they take on a quality."""
    named = [(item.row_of(review_id, position), score) for review_id, position, score in opinions]
    cosine = _cosine(question, item, [row for row, _ in named])
    found = [Found(row, score, 0.5 + float(cosine[row])) for row, score in named]
    if found and question.only_aspect:
        return found, False
    taken = {hit.row for hit in found}
    beginnings = {word: tuple(one[: max(3, len(one) - 2)] for one in alike(word)) for word in question.stems}
    for row in map(int, np.flatnonzero(_worth_a_look(question, item, cosine, list(beginnings.values())))):
        if row not in taken and _is_about(question, item.text(row), float(cosine[row]), beginnings):
            found.append(Found(row, _score_about(question, item, row), float(cosine[row])))
    if question.pole is None:
        return found, False
    sided = _by_side(question, question.pole, found, item)
    return (sided, True) if sided or question.aspect is None else (found, False)


def _score_about(question: Question, item: ItemReviews, row: int) -> float:
    """The score of the clause with most of the key words: "the zip broke, but the bag is great"."""
    sentence, text = item.sentence(row), item.text(row)
    if not sentence.clauses or not question.stems:
        return float(item.scores[row])
    said = [len(_said(question, text[start:end])) for start, end in clause_spans(text)]
    return sentence.clauses[int(np.argmax(said))] if max(said) else float(item.scores[row])


def _worth_a_look(
    question: Question, item: ItemReviews, cosine: Vectors, beginnings: Sequence[Sequence[str]]
) -> npt.NDArray[np.bool_]:
    """Rows near the question, and those of reviews that may hold its words."""
    count = range(len(item.review_ids))
    says_all = np.array([bool(beginnings) and item.says_all(i, beginnings) for i in count], dtype=bool)
    rows = (cosine >= PARTLY_COSINE) | ((cosine >= SUPPORTED_COSINE) & says_all[item.owner])
    if question.pole is not None and not beginnings:
        words = question.pole.wanted | question.pole.unwanted
        rows |= np.array([item.says_any(i, words) for i in count], dtype=bool)[item.owner]
    return np.asarray(rows, dtype=bool)


def _said(question: Question, text: str) -> frozenset[str]:
    """The key words of a question that a text says, in its own words."""
    own = set(stems_of(text))
    return frozenset(word for word in question.stems if alike(word) & own)


def _is_about(
    question: Question, sentence: str, cosine: float, beginnings: Mapping[str, Sequence[str]]
) -> bool:
    """Whether a sentence that names no asked aspect is about the question; the cheap tests first."""
    lower = sentence.lower()
    maybe = any(one in lower for said_so in beginnings.values() for one in said_so)
    said = _said(question, sentence) if maybe else frozenset[str]()
    if question.stems and said == question.stems:
        return cosine >= SUPPORTED_COSINE
    if said:
        return cosine >= PARTLY_COSINE
    if question.pole is not None and not question.stems and question.aspect is None:
        return True  # the side it takes decides
    return cosine >= RELEVANT_COSINE and len(sentence.split()) >= SHORT


def _by_side(question: Question, pole: Pole, found: Sequence[Found], item: ItemReviews) -> list[Found]:
    """The sentences that take a side on the quality asked for, scored by it;
    fast shipping is no fast product.
    """
    sided = []
    for hit in found:
        side = pole.side(item.text(hit.row))
        aspects = {opinion.aspect for opinion in item.sentence(hit.row).opinions}
        if side is not None and (question.aspect in aspects or "delivery" not in aspects):
            sided.append(replace(hit, score=_SIDE * side))
    return sided


def _cosine(question: Question, item: ItemReviews, named: Sequence[int]) -> Vectors:
    """Nearness to the question; without one, to the middle of the sentences that name the aspect."""
    if question.vector is not None:
        return np.asarray(item.vectors @ question.vector, dtype=np.float32)
    cosine = np.zeros(len(item.owner), dtype=np.float32)
    if named:
        held = item.vectors[list(named)]
        cosine[list(named)] = held @ held.mean(axis=0)
    return cosine


def _by_review(found: Sequence[Found], item: ItemReviews) -> dict[int, float]:
    """One score per review: the mean of its clear sentences, or of all where none is clear."""
    scores: dict[int, list[float]] = defaultdict(list)
    for hit in found:
        scores[int(item.owner[hit.row])].append(hit.score)
    return {index: mean_opinion(values) for index, values in scores.items()}
