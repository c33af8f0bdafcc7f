"""A wish for more or less of a number is answered with the number and its place among its like."""

from __future__ import annotations

import pytest

from agent.explanations.percentile_reason import NumericWish, Standings
from agent.understanding.language.comparatives import superlative
from agent.understanding.language.graded import comparative_of
from retrieval.records import Product

QUIET = NumericWish("noise_db", -1.0, "quiet")
NOISES = (60.0, 65.0, 70.0, 75.0, 80.0, None)


def grinder(number: int, noise: float | None) -> Product:
    attributes = {} if noise is None else {"noise_db": noise}
    return Product(
        item_id=f"G{number}",
        title=f"Grinder {number}",
        category=("Kitchen", "Grinders"),
        attributes=attributes,
    )


GRINDERS = tuple(grinder(number, noise) for number, noise in enumerate(NOISES))
STANDINGS = Standings(lambda kind: [p for p in GRINDERS if p.category[-1] == kind])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "60 dB, the quietest of 5 in Grinders"),
        (1, "65 dB, quieter than 3 of the other 4 in Grinders"),
        (2, "70 dB, quieter than 2 of the other 4 in Grinders"),
    ],
)
def test_the_number_and_its_place_are_the_reason(number: int, text: str) -> None:
    ground = STANDINGS.ground(QUIET, GRINDERS[number])
    assert ground is not None
    assert ground.reason.text == text
    field, count = ground.evidence
    assert field.source == "noise_db"
    assert NOISES[number] is not None
    assert f"{NOISES[number]:g}" in field.text
    assert count.value == sum((noise or 0) > (NOISES[number] or 0) for noise in NOISES)


@pytest.mark.parametrize("number", [3, 4, 5])
def test_a_low_place_or_no_number_is_no_reason(number: int) -> None:
    assert STANDINGS.ground(QUIET, GRINDERS[number]) is None


def test_a_place_among_few_is_no_reason() -> None:
    few = Standings(lambda kind: list(GRINDERS[:3]))
    assert few.ground(QUIET, GRINDERS[0]) is None


def test_equal_numbers_beat_nobody() -> None:
    same = tuple(grinder(number, 60.0) for number in range(6))
    assert Standings(lambda kind: list(same)).ground(QUIET, same[0]) is None


@pytest.mark.parametrize(
    ("word", "direction", "comparative"),
    [
        ("quiet", -1, "quieter"),
        ("light", -1, "lighter"),
        ("durable", 1, "more durable"),
        ("quiet", 1, "higher"),
    ],
)
def test_the_comparative_of_the_shoppers_word(word: str, direction: int, comparative: str) -> None:
    assert comparative_of(word, direction) == comparative


def test_superlatives() -> None:
    assert [superlative(word) for word in ("quieter", "more durable")] == ["quietest", "most durable"]


def test_the_fastest_kettle_is_the_one_that_needs_the_fewest_minutes() -> None:
    minutes = (2.8, 3.0, 5.0, 6.0, 7.5)
    kettles = tuple(
        Product(item_id=f"K{n}", title=f"Kettle {n}", category=("Kettles",), attributes={"boil_minutes": m})
        for n, m in enumerate(minutes)
    )
    standings = Standings(lambda kind: list(kettles))
    fast = NumericWish("boil_minutes", -1.0, "fastest")
    first, last = standings.ground(fast, kettles[0]), standings.ground(fast, kettles[-1])
    assert first is not None
    assert "2.8 minutes, the fastest of 5 in Kettles" in first.reason.text
    assert last is None
