"""Questions about a quantity are told from others, with the direction and what they are about."""

from __future__ import annotations

import pytest

from agent.understanding.language.measure_questions import asked_extreme, asked_measure


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("how heavy is the second one?", "weight"),
        ("how much does it weigh", "weight"),
        ("how tall is it", "height"),
        ("how loud is this", "loudness"),
    ],
)
def test_a_quantity_of_one_product(question: str, topic: str) -> None:
    asked = asked_measure(question)
    assert asked is not None
    assert asked.topics[0] == topic


@pytest.mark.parametrize("question", ["how many cups does it make", "how do I clean it", "is it heavy"])
def test_no_quantity(question: str) -> None:
    assert asked_measure(question) is None


@pytest.mark.parametrize(
    ("question", "word", "direction", "topic"),
    [
        ("which of these is the cheapest?", "cheapest", -1, "price"),
        ("which is the least expensive", "least expensive", -1, "price"),
        ("which one costs the least", "cheapest", -1, "price"),
        ("which one weighs the most", "heaviest", 1, "weight"),
        ("which is quieter, the first or the second", "quieter", -1, "noise"),
        ("which has the longest battery life", "longest", 1, "battery"),
        ("which has the most lumens", "one with the most lumens", 1, "lumen"),
    ],
)
def test_an_end_of_a_scale(question: str, word: str, direction: int, topic: str) -> None:
    asked = asked_extreme(question)
    assert asked is not None
    assert (asked.word, asked.direction, asked.topics[0]) == (word, direction, topic)


@pytest.mark.parametrize("question", ["which one should I buy", "compare the cheapest with the lightest"])
def test_no_end_of_a_scale(question: str) -> None:
    assert asked_extreme(question) is None
