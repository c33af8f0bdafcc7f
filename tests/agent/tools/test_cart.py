"""The cart: all of a call or nothing, totals, and what is still to be chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.tools.cart import Line, cart
from agent.tools.context import ToolContext

Handle = Callable[[str], str]


def test_several_products_are_added_at_once(context: ToolContext, handle: Handle) -> None:
    state = cart(context, "add", [Line(handle=handle("K1")), Line(handle=handle("C1"), quantity=2)])
    assert {line.card.item_id: line.quantity for line in state.lines} == {"K1": 1, "C1": 2}
    assert state.total == 43.5
    assert state.total_text == "$43.50"


def test_a_call_with_a_wrong_line_changes_nothing(context: ToolContext, handle: Handle) -> None:
    state = cart(context, "add", [Line(handle=handle("K1")), Line(handle="P99")])
    assert not state.done
    assert "P99" in state.problem
    assert not cart(context, "show").lines


def test_what_is_sold_out_is_not_added(context: ToolContext, handle: Handle) -> None:
    state = cart(context, "add", [Line(handle=handle("K3"))])
    assert "out of stock" in state.problem


def test_no_more_is_added_than_there_is(context: ToolContext, handle: Handle) -> None:
    assert "3 left" in cart(context, "add", [Line(handle=handle("K2"), quantity=4)]).problem


def test_a_quantity_is_set(context: ToolContext, handle: Handle) -> None:
    cart(context, "add", [Line(handle=handle("C1"), quantity=5)])
    assert cart(context, "set", [Line(handle=handle("C1"), quantity=2)]).lines[0].quantity == 2


def test_all_of_a_product_is_taken_out_unless_a_quantity_is_given(
    context: ToolContext, handle: Handle
) -> None:
    cart(context, "add", [Line(handle=handle("C1"), quantity=3)])
    assert cart(context, "remove", [Line(handle=handle("C1"), quantity=1)]).count == 2
    assert not cart(context, "remove", [Line(handle=handle("C1"))]).lines


def test_what_is_not_in_the_cart_cannot_be_taken_out(context: ToolContext, handle: Handle) -> None:
    assert "not in the cart" in cart(context, "remove", [Line(handle=handle("C1"))]).problem


def test_options_that_are_still_to_be_chosen_are_named(context: ToolContext, handle: Handle) -> None:
    (line,) = cart(context, "add", [Line(handle=handle("S1"))]).changed
    assert dict(line.options) == {"Size": ("41", "42", "43"), "Color": ("Red", "Black")}


def test_clearing_takes_everything_out(context: ToolContext, handle: Handle) -> None:
    cart(context, "add", [Line(handle=handle("C1"))])
    state = cart(context, "clear")
    assert [line.quantity for line in state.changed] == [0]
    assert cart(context, "show").text() == "the cart is empty"


def test_checking_out_leaves_payment_to_the_shop(context: ToolContext, handle: Handle) -> None:
    cart(context, "add", [Line(handle=handle("C1"))])
    assert "own page" in cart(context, "checkout").text()


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_an_impossible_quantity_is_refused(context: ToolContext, handle: Handle, quantity: int) -> None:
    assert "a quantity is" in cart(context, "add", [Line(handle=handle("C1"), quantity=quantity)]).problem


def test_an_unknown_action_is_answered_with_those_that_exist(context: ToolContext) -> None:
    assert "checkout" in cart(context, "steal").problem  # type: ignore[arg-type]
