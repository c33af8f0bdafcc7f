"""Words that grade: the field they are about, the direction, and whether they order or only weigh."""

from __future__ import annotations

import pytest

from agent.tools.schema import Field
from agent.understanding.scales import graded, order_words, read_scale, wishes_stars

FIELDS = (
    Field("battery_hours", "number", {"8": 3, "12": 2}, "h"),
    Field("weight_g", "number", {"200": 3, "350": 1}, "g"),
    Field("noise_db", "number", {"60": 1}, "db"),
)


@pytest.mark.parametrize(
    ("phrase", "field", "direction"),
    [
        ("cheapest", "price", -1),
        ("least expensive", "price", -1),
        ("the lightest", "weight_g", -1),
        ("longest battery", "battery_hours", 1),
        ("quietest", "noise_db", -1),
        ("best rated", "stars", 1),
        ("worst rated", "stars", -1),
        ("most popular", "popularity", 1),
        ("best value", "value", 1),
    ],
)
def test_a_superlative_orders(phrase: str, field: str, direction: int) -> None:
    scale = read_scale(phrase, FIELDS)
    assert scale is not None
    assert (scale.field, scale.direction, scale.superlative) == (field, direction, True)


@pytest.mark.parametrize(
    ("phrase", "field", "direction"),
    [("cheaper", "price", -1), ("lighter than that", "weight_g", -1), ("less noisy", "noise_db", -1)],
)
def test_a_comparative_is_than_something(phrase: str, field: str, direction: int) -> None:
    scale = read_scale(phrase, FIELDS)
    assert scale is not None
    assert (scale.field, scale.direction) == (field, direction)
    assert scale.comparative
    assert not scale.superlative


@pytest.mark.parametrize(
    "phrase", ["", "with a lamp", "in the kitchen", "red", "worst", "my knees are worst"]
)
def test_other_words_grade_nothing(phrase: str) -> None:
    assert read_scale(phrase, FIELDS) is None


@pytest.mark.parametrize(
    ("word", "base"), [("heaviest", "heavy"), ("quieter", "quiet"), ("cheapest", "cheap")]
)
def test_every_form_of_a_graded_word_is_the_same_word(word: str, base: str) -> None:
    assert graded(word) == graded(base)
    assert graded(word) is not None


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("best rated HP", "best rated"),
        ("cheapest tanks", "cheapest"),
        ("most expensive", "most expensive"),
        ("longest battery", "longest battery"),
    ],
)
def test_an_order_is_called_by_the_words_that_say_it(phrase: str, said: str) -> None:
    scale = read_scale(phrase, FIELDS)
    assert scale is not None
    assert order_words(phrase, scale) == said


@pytest.mark.parametrize(
    ("fields", "phrase", "field"),
    [
        ((("screen_format", None), ("display_diagonal", "in")), "biggest", "display_diagonal"),
        ((("memory_voltage", "v"), ("capacity", None)), "biggest memory", "capacity"),
        ((("memory_slots", None), ("memory", "gb")), "biggest memory", "memory"),
    ],
)
def test_how_big_something_is_is_told_by_a_measure_of_it(
    fields: tuple[tuple[str, str | None], ...], phrase: str, field: str
) -> None:
    scale = read_scale(phrase, [Field(name, "number", {"5": 1}, unit) for name, unit in fields])
    assert scale is not None
    assert scale.field == field


@pytest.mark.parametrize(
    ("phrase", "field", "direction"),
    [
        ("most expencive", "price", 1),
        ("cheepest", "price", -1),
        ("highst rated", "stars", 1),
        ("lihgtest", "weight_g", -1),
    ],
)
def test_a_slip_in_a_grade_is_read_as_it_is_meant(phrase: str, field: str, direction: int) -> None:
    scale = read_scale(phrase, FIELDS)
    assert scale is not None
    assert (scale.field, scale.direction, scale.superlative) == (field, direction, True)


@pytest.mark.parametrize("phrase", ["compostable", "leather", "lightfast"])
def test_an_english_word_or_a_far_one_is_no_slip_of_a_grade(phrase: str) -> None:
    assert read_scale(phrase, FIELDS) is None


@pytest.mark.parametrize(
    ("phrase", "stars"),
    [
        ("wave at people", False),
        ("loves horses", False),
        ("well reviewed", True),
        ("the best there is", True),
    ],
)
def test_people_and_what_they_love_are_no_wish_for_stars(phrase: str, stars: bool) -> None:
    assert wishes_stars(phrase) == stars
