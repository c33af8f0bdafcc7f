"""A sentence is told from keywords."""

from __future__ import annotations

import pytest

from retrieval.text.natural import is_natural


@pytest.mark.parametrize(
    "text",
    [
        "something that keeps my tea hot",
        "I need a new laptop",
        "my niece is turning four, she's mad about diggers",
        "cold and achy all over, nothing helps",
        "what would you take for a week in the hills",
    ],
)
def test_a_sentence_is_natural(text: str) -> None:
    assert is_natural(text)


@pytest.mark.parametrize(
    "text",
    ["", "laptop", "kohler toilet parts", "1/2 in. x 10 ft. copper pipe", "light bulbs for ceiling fan"],
)
def test_keywords_are_not(text: str) -> None:
    assert not is_natural(text)
