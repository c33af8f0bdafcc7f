"""How what several phrases came to is joined."""

from __future__ import annotations

from agent.conditions import Where
from agent.understanding.resolved import Resolved


def joined(*where: Where) -> tuple[Where, ...]:
    return Resolved(where).joined().where


def test_values_of_one_field_are_alternatives() -> None:
    one, other = Where(field="color", value="red"), Where(field="color", value="blue")
    assert joined(one, other) == (Where(field="color", op="in", value=("red", "blue")),)


def test_two_amounts_of_one_field_are_the_range_between_them() -> None:
    found = joined(Where(field="pieces", value=1000.0), Where(field="pieces", value=500.0))
    assert found == (
        Where(field="pieces", op=">=", value=500.0),
        Where(field="pieces", op="<=", value=1000.0),
    )


def test_amounts_in_different_units_are_left_alone() -> None:
    both = (Where(field="weight", value=1.0, unit="kg"), Where(field="weight", value=500.0, unit="g"))
    assert joined(*both) == both


def test_of_two_limits_of_the_price_the_later_holds() -> None:
    found = joined(Where(field="price", op="<", value=50.0), Where(field="price", op="<", value=80.0))
    assert found == (Where(field="price", op="<", value=80.0),)
