"""A sentence takes a side on a quality by its words."""

from __future__ import annotations

import pytest

from retrieval.reviews.poles import asked_pole


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("It makes a lot of noise.", 1),
        ("It runs quietly.", -1),
        ("The noise cancelling is superb.", None),
        ("The noise level is pleasant.", None),
        ("The noise cancelling is superb and it is not loud.", -1),
    ],
)
def test_naming_noise_cancelling_calls_nothing_loud(sentence: str, side: int | None) -> None:
    pole = asked_pole("how loud is it?")
    assert pole is not None
    assert pole.side(sentence) == side
