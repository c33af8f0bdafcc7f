"""Which questions buyers' words answer, by their wording alone."""

from __future__ import annotations

import pytest

from agent.language.review_questions import asks_of_buyers


@pytest.mark.parametrize(
    "text",
    [
        "do any reviews of the backpack mention rain?",
        "which kettle do buyers call quietest",
        "has anyone complained that the tent leaks",
        "what do people say about the battery of earbuds?",
        "Of these, which do customers find easiest to clean?",
        "and does any of them mention the zip",
        "how loud do owners find the grinder",
        "which is the quietest according to the reviews",
        "show me some reviews of kettles",
        "what are the main complaints about headphones",
        "any known flaws of these grinders?",
    ],
)
def test_buyers_are_asked(text: str) -> None:
    assert asks_of_buyers(text)


@pytest.mark.parametrize(
    "text",
    [
        "do you have a kettle that people love",
        "what do you have that people like",
        "a kettle with good reviews",
        "something people rave about",
        "a tent with no known flaws",
        "show me backpacks for people with a bad back",
        "how do I return it?",
        "which is the quietest",
        "what would you say is the best gift for people who cook",
    ],
)
def test_products_or_the_shop_are_asked(text: str) -> None:
    assert not asks_of_buyers(text)
