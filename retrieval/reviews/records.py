"""A review as it is kept: cleaned, masked, split into sentences with opinions."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a sentence says of one aspect; ``score`` is P(positive) - P(negative), -1 to 1."""

    aspect: str
    term: str
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """``review.text[start:end]``, its overall ``score`` (-1 to 1) and its opinions.

    ``clauses``: the score of each of its clauses, where it has more than one.
    """

    start: int
    end: int
    score: float = 0.0
    opinions: tuple[Opinion, ...] = ()
    clauses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review after cleaning, masking and scoring; ``text`` is the title, a line break, and the text.

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


def to_json(review: StoredReview) -> str:
    facts = asdict(replace(review, sentences=()))
    facts["sentences"] = [
        [
            *(s.start, s.end, round(s.score, 4)),
            [[o.aspect, o.term, round(o.score, 4)] for o in s.opinions],
            [round(score, 4) for score in s.clauses],
        ]
        for s in review.sentences
    ]
    return json.dumps(facts, ensure_ascii=False)


def from_json(data: str) -> StoredReview:
    facts = json.loads(data)
    facts["suspicions"] = tuple(facts["suspicions"])
    facts["sentences"] = tuple(
        Sentence(start, end, score, tuple(Opinion(*opinion) for opinion in opinions), tuple(clauses))
        for start, end, score, opinions, clauses in facts["sentences"]
    )
    return StoredReview(**facts)
