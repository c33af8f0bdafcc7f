"""From scores to spans: always legal, and the way there and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agent.understanding.decoding import OUTSIDE, TAGS, best_tags, tag_spans, word_tags
from agent.understanding.labels import SpanLabel

SCORES = st.integers(0, 12).flatmap(
    lambda n: arrays(np.float32, (n, len(TAGS)), elements=st.floats(-20, 0, width=32))
)
THING, WISH = SpanLabel.THING, SpanLabel.WISH


def scores_of(*names: str) -> np.ndarray:
    scores = np.full((len(names), len(TAGS)), -5, dtype=np.float32)
    for word, name in enumerate(names):
        scores[word, TAGS.index(name)] = 0
    return scores


def test_tags_that_follow_each_other_legally_are_kept() -> None:
    tags = best_tags(scores_of("O", "B-thing", "I-thing", "B-thing", "O", "B-wish"))
    assert tag_spans(tags) == [(1, 3, THING), (3, 4, THING), (5, 6, WISH)]


def test_a_span_that_nothing_begins_is_begun_by_its_first_word() -> None:
    assert tag_spans(best_tags(scores_of("O", "I-thing", "I-thing"))) == [(1, 3, THING)]


def test_no_words_have_no_tags() -> None:
    assert best_tags(np.zeros((0, len(TAGS)), dtype=np.float32)) == []


@given(SCORES)
def test_an_inner_tag_always_follows_its_own_label(scores: np.ndarray) -> None:
    tags = best_tags(scores)
    assert len(tags) == len(scores)
    for before, tag in zip([OUTSIDE, *tags], tags, strict=False):
        if tag and tag % 2 == 0:
            assert before in (tag, tag - 1)


@given(SCORES)
def test_spans_say_what_their_tags_said(scores: np.ndarray) -> None:
    tags = best_tags(scores)
    words = [(2 * place, 2 * place + 1) for place in range(len(tags))]
    spans = [(words[first][0], words[last - 1][1], label) for first, last, label in tag_spans(tags)]
    assert word_tags(words, spans) == tags
