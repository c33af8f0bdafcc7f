"""Whether an amount measures somebody's body, a place, or what is looked for."""

from __future__ import annotations

import pytest

from agent.understanding.language.measured_of import extent_of, measured_of


def places(marked: str) -> tuple[str, int, int]:
    start = marked.index("[")
    return marked.replace("[", "").replace("]", ""), start, marked.index("]") - 1


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("I'm [1.93 m], will my feet hang out?", "body"),
        ("our spaniel weighs about [18 kilos]", "body"),
        ("a cot for a [12 kg] baby", "body"),
        ("the hallway is only [90 cm] wide", "place"),
        ("a shelf for an alcove of [70 cm]", "place"),
        ("[2 m] is all we have", "place"),
        ("a [2 m] sofa", ""),
        ("I'm after a [200 cm] rug", ""),
        ("a garden hose, [20 m]", ""),
        ("the tap is by the garage so [25 m] of hose", ""),
        ("it is [35 kg]", ""),
    ],
)
def test_whose_measure_it_is(said: str, whose: str) -> None:
    assert measured_of(*places(said)) == whose


@pytest.mark.parametrize(
    ("said", "extent"),
    [("the gap is [60 cm] deep", "deep"), ("the ceiling is [2.1 m]", "high"), ("a balcony of [1.5 m]", "")],
)
def test_what_is_measured_of_a_place(said: str, extent: str) -> None:
    assert extent_of(*places(said)) == extent
