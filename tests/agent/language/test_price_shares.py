"""A part of the price talked about is a bound; a part of anything else is none."""

from __future__ import annotations

import pytest

from agent.understanding.language.price_shares import share_of_price


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("something like it for half of it", 0.5),
        ("I'd pay a third of the price", 1 / 3),
        ("is there one at half that", 0.5),
        ("half what it costs, at most", 0.5),
    ],
)
def test_a_part_of_the_price_may_be_spent(said: str, part: float) -> None:
    assert share_of_price(said) == part


@pytest.mark.parametrize("said", ["half of it is plastic", "half a kilo", "for half an hour", ""])
def test_a_part_of_another_thing_is_no_price(said: str) -> None:
    assert share_of_price(said) is None
