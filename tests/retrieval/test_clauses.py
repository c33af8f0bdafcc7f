"""Sentences are cut into clauses that may hold different opinions, and only where both sides can stand alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reviews.clauses import clause_about, clause_spans


def clauses(sentence: str) -> list[str]:
    return [sentence[start:end] for start, end in clause_spans(sentence)]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("the sound is great but the strap broke", ["the sound is great", "the strap broke"]),
        ("Although the screen is nice, the battery is bad", ["the screen is nice", "the battery is bad"]),
        ("I like it; shipping was slow", ["I like it", "shipping was slow"]),
        ("Shipping took two days, but the lid leaks.", ["Shipping took two days", "the lid leaks."]),
        (
            "The zip broke, which is a pity because delivery was quick.",
            ["The zip broke", "delivery was quick."],
        ),
        ("It looks beautiful; sadly, it arrived late.", ["It looks beautiful", "it arrived late."]),
    ],
)
def test_a_sentence_is_cut_at_words_of_contrast_which_belong_to_neither_side(
    sentence: str, parts: list[str]
) -> None:
    assert clauses(sentence) == parts


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The battery lasts, the screen scratches.", ["The battery lasts", "the screen scratches."]),
        ("Great sound, terrible battery.", ["Great sound", "terrible battery."]),
        ("The shirt shrank, delivery was quick.", ["The shirt shrank", "delivery was quick."]),
        ("The cover tears easily and the colour runs.", ["The cover tears easily", "the colour runs."]),
        ("It makes superb espresso, cleaning it is a pain.", ["It makes superb espresso", "cleaning it is a pain."]),
    ],
)  # fmt: skip
def test_a_comma_or_and_parts_what_can_stand_alone(sentence: str, parts: list[str]) -> None:
    assert clauses(sentence) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "nothing but praise",
        "the sound is great",
        "I love the zip, the pockets and the lining.",
        "It folds flat, making it easy to store.",
        "After a month, the handle broke.",
        "When it rains, the hood keeps my head dry.",
        "The kettle, a gift from my sister, still works.",
        "It came with a lid, which I did not expect.",
    ],
)
def test_lists_asides_and_what_leans_on_the_rest_stay_whole(sentence: str) -> None:
    assert clauses(sentence) == [sentence]


def test_a_thing_is_judged_by_the_clause_that_names_it() -> None:
    sentence = "Shipping took two days, but the lid leaks."
    assert clause_about(sentence, "lid") == "the lid leaks."
    assert clause_about(sentence, "shipping") == "Shipping took two days"
    assert clause_about(sentence, "handle") == sentence


WORDS = st.sampled_from(
    ["the", "lid", "is", "great", ",", "but", "and", ";", ":", "-", ".", "it", "leaks", "though"]
)


@given(st.lists(WORDS, max_size=14))
def test_clauses_are_slices_in_order(words: list[str]) -> None:
    sentence = " ".join(words)
    spans = clause_spans(sentence)
    assert all(0 <= start <= end <= len(sentence) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
