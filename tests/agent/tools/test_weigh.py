"""What an order goes by: the numbers that products state, in one unit."""

from __future__ import annotations

import pytest

from agent.tools.schema import Field
from agent.tools.weigh import _stated


@pytest.mark.parametrize(
    ("value", "unit", "stated"),
    [
        ("950 g", None, (0.95, "kg")),
        ("5.4 kg", None, (5.4, "kg")),
        ("72 dB", None, (72.0, "")),
        (260.0, "g", (260.0, "g")),
        ("pine", None, None),
    ],
)
def test_a_value_is_of_the_unit_it_is_written_with_else_of_its_fields(
    value: str | float, unit: str | None, stated: tuple[float, str] | None
) -> None:
    assert _stated(value, Field(name="weight", type="text", values=(), unit=unit)) == stated
