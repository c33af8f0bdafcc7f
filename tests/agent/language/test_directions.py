"""A graded word's direction depends on what the shop's number measures."""

from __future__ import annotations

import pytest

from agent.understanding.language.comparatives import COMPARATIVES
from agent.understanding.language.directions import direction_on, is_better_lower, measures
from agent.understanding.language.graded import comparative_of


@pytest.mark.parametrize(
    ("word", "name", "direction"),
    [
        ("faster", "boil_minutes", -1),
        ("faster", "charging time (min)", -1),
        ("faster", "minutes", -1),
        ("slower", "boil_minutes", 1),
        ("faster", "speed_kmh", 1),
        ("quicker", "speed rpm", 1),
        ("faster", "runtime_minutes", None),
        ("faster", "speeds", None),
        ("longer", "battery_hours", 1),
        ("longer", "charge_hours", None),
        ("shorter", "length_cm", -1),
        ("quieter", "noise_db", -1),
        ("louder", "noise_db", 1),
        ("quieter", "volume_l", None),
        ("roomier", "volume_l", 1),
        ("lighter", "weight_kg", -1),
        ("comfortable", "comfort_c", None),
        ("comfortable", "comfort", 1),
        ("warmer", "comfort_c", -1),
        ("warmer", "limit temperature", -1),
        ("warmer", "comfort", None),
        ("warmer", "max_temperature", 1),
    ],
)
def test_the_number_decides_the_direction(word: str, name: str, direction: int | None) -> None:
    said, topics = COMPARATIVES[word]
    assert direction_on(name, topics, said) == direction


def test_a_number_is_about_a_topic_by_a_word_or_its_unit() -> None:
    assert measures("noise_db", "noise")
    assert measures("boil_minutes", "minutes")
    assert measures("minutes", "minutes")
    assert not measures("weight_g", "noise")


def test_fewer_minutes_are_faster() -> None:
    assert comparative_of("fast", -1, "boil_minutes") == "faster"
    assert comparative_of("fast", 1, "boil_minutes") == "higher"
    assert comparative_of("fastest", 1, "speed") == "faster"


@pytest.mark.parametrize(
    ("name", "lower"),
    [
        ("noise_db", True), ("weight_g", True), ("boil_minutes", True), ("charge_hours", True),
        ("battery_hours", False), ("runtime_min", False), ("capacity_l", False), ("lumens", False),
    ],
)  # fmt: skip
def test_less_is_better_of_noise_weight_and_waiting_but_not_of_endurance(name: str, lower: bool) -> None:
    assert is_better_lower(name) is lower
