"""A told waiting time is praise or blame; what was promised, denied or feared tells nothing."""

from __future__ import annotations

import pytest

from retrieval.reviews.negated_defects import corrected
from retrieval.reviews.waiting_times import waiting_score


@pytest.mark.parametrize(
    "clause",
    [
        "Shipping took two days",
        "it arrived a day early",
        "it came well before the birthday",
        "the parcel came the next morning",
        "Delivered within 24 hours",
        "delivery as promised",
        "It was here, delivered on time",
    ],
)
def test_quick_deliveries_are_praise_whatever_the_model_reads(clause: str) -> None:
    assert corrected(clause, -0.9) > 0.5


@pytest.mark.parametrize(
    "clause", ["Delivery took three weeks", "it arrived after 2 months", "the parcel took almost four weeks"]
)
def test_slow_deliveries_are_blame(clause: str) -> None:
    assert corrected(clause, 0.9) < -0.5


@pytest.mark.parametrize(
    "clause",
    [
        "it did not arrive on time",
        "it should have arrived in two days",
        "they promised delivery within two days, nothing came",
        "the battery took two days to die",
        "shipping took a week",
        "the parcel came",
        "it arrived and broke within two days",
    ],
)
def test_anything_else_is_left_to_the_model(clause: str) -> None:
    assert waiting_score(clause) is None
