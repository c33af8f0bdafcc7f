"""Made-up texts for a teacher: what they are made of, and that the same seed makes the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.text_augmentation import (
    content_words,
    join_halves,
    random_spans,
    swap_words,
    word_neighbours,
)

SENTENCES = st.lists(st.text("ab ", max_size=60), max_size=5)


@given(SENTENCES)
def test_spans_are_runs_of_their_sentence(sentences: list[str]) -> None:
    whole = [" ".join(sentence.split()) for sentence in sentences]

    spans = random_spans(sentences, each=2)

    assert len(spans) == 2 * sum(len(sentence.split()) >= 6 for sentence in sentences)
    for span in spans:
        assert any(span in sentence for sentence in whole)
        assert len(span.split()) >= 3


def test_neighbours_are_the_words_nearest_in_meaning_without_the_word_itself() -> None:
    angles = {"cold": 0.0, "cool": 0.1, "warm": 0.5, "sofa": 2.0}

    def encode(words: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[np.cos(angles[w]), np.sin(angles[w])] for w in words], dtype=np.float32)

    near = word_neighbours(["cold"], list(angles), encode, each=2)

    assert near == {"cold": ["cool", "warm"]}


def test_only_known_words_are_swapped_and_places_stay() -> None:
    copies = swap_words(["the cold sofa"], {"cold": ["cool"]}, ["awful"], each=40)

    assert len(copies) == 40
    assert {copy.split()[1] for copy in copies} == {"cold", "cool", "awful"}
    assert all(copy.split()[0] == "the" and copy.split()[2] == "sofa" for copy in copies)


@given(SENTENCES, st.integers(0, 5))
def test_copies_keep_the_number_of_words(sentences: list[str], seed: int) -> None:
    copies = swap_words(sentences, {"a": ["b"]}, ["b"], seed=seed)

    assert [len(copy.split()) for copy in copies] == [len(sentence.split()) for sentence in sentences]


def test_halves_are_a_beginning_and_an_end() -> None:
    assert set(join_halves(["a b c d", "e f g h"], count=40)) == {
        "a b c c d",
        "a b c g h",
        "e f g c d",
        "e f g g h",
    }


def test_nothing_is_joined_of_nothing() -> None:
    assert join_halves([], count=3) == []


def test_the_same_seed_makes_the_same_texts() -> None:
    sentences = ["one two three four five six seven", "a b c d e f g h"]

    assert random_spans(sentences, 3, seed=1) == random_spans(sentences, 3, seed=1)
    assert join_halves(sentences, 5, seed=1) == join_halves(sentences, 5, seed=1)


def test_words_are_different_small_and_not_short() -> None:
    assert content_words(["It IS great, really great", "a TV"]) == ["great", "really"]
