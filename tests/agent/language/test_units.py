"""Units at the end of what a field is called."""

from __future__ import annotations

import pytest

from agent.understanding.language.units import name_and_unit


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("playing_time_min", ("playing time", "minutes")),
        ("Duration min", ("Duration", "minutes")),
        ("recommended_age_min", ("recommended age min", "")),
        ("noise_db", ("noise", "dB")),
    ],
)
def test_the_unit_of_a_name_is_its_end(name: str, told: tuple[str, str]) -> None:
    assert name_and_unit(name) == told
