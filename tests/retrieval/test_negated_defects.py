from __future__ import annotations

import pytest

from retrieval.aspects import Aspect, AspectLexicon
from retrieval.reviews.negated_defects import corrected, denies_defect
from retrieval.reviews.reading import read_review, score_reviews
from tests.retrieval.reviews import WordListSentiment, review


@pytest.mark.parametrize(
    "clause",
    [
        "The zip never catches.",
        "The zips do not jam",
        "there is no hiss on recordings",
        "it doesn\u2019t leak at all",
        "nothing rubs or pinches",
        "Not even a scratch.",
        "there is no chemical smell",
        "setting it up needs no manual",
        "I hardly feel the weight",
        "the connection has not dropped out, it never drops",
    ],
)
def test_a_denied_defect_is_praise(clause: str) -> None:
    assert denies_defect(clause)
    assert corrected(clause, -0.8) > 0.5


@pytest.mark.parametrize(
    "clause",
    [
        "The zip catches.",
        "the lid does not close",
        "there is no grip on leaves",
        "it is not jam packed with pictures",
        "it does not catch my interest",
        "it did not leak until the second week",
        "I never dropped it",
        "They better not stick me with a bill",
        "I can barely hear it",
    ],
)
def test_a_defect_stated_and_a_quality_denied_stay_as_they_were_read(clause: str) -> None:
    assert corrected(clause, -0.8) == -0.8


def test_praise_that_the_model_is_surer_of_is_kept() -> None:
    assert corrected("It never jams, great", 0.9) == 0.9


def test_the_opinion_of_a_review_follows() -> None:
    lexicon = AspectLexicon((Aspect("zip", ("zip",), 5),))
    (read,) = score_reviews([read_review(review(1, "The zip never leaks."))], [lexicon], WordListSentiment())
    (sentence,) = read.sentences
    assert [opinion.score > 0.5 for opinion in sentence.opinions] == [True]
