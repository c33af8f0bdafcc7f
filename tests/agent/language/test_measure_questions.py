"""Questions about a quantity are told from others, with the direction and what they are about."""

from __future__ import annotations

import pytest

from agent.understanding.language.measure_questions import asked_measure


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("how heavy is the second one?", "weight"),
        ("how much does it weigh", "weight"),
        ("how many grams is the knife", "weight"),
        ("how tall is it", "height"),
        ("how loud is this", "loudness"),
    ],
)
def test_a_quantity_of_one_product(question: str, topic: str) -> None:
    asked = asked_measure(question)
    assert asked is not None
    assert asked.topics[0] == topic


@pytest.mark.parametrize(
    "question",
    [
        "how many cups does it make",
        "how many pounds of flour does it hold",
        "how do I clean it",
        "is it heavy",
    ],
)
def test_no_quantity(question: str) -> None:
    assert asked_measure(question) is None
