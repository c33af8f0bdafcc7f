"""The cart: all of a call or nothing, totals, and what is still to be chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.planner.size_ends import chosen_end
from agent.tools.cart import Line, cart
from agent.tools.choices import said_in
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


def test_two_choices_of_one_product_are_two_lines(context: ToolContext, handle: Handle) -> None:
    shoes = handle("S1")
    cart(context, "add", [Line(handle=shoes, options={"Size": "41", "Color": "Red"})])
    state = cart(context, "add", [Line(handle=shoes, quantity=2, options={"size": "43", "color": "red"})])
    assert [(dict(line.chosen), line.quantity) for line in state.lines] == [
        ({"Size": "41", "Color": "Red"}, 1),
        ({"Size": "43", "Color": "Red"}, 2),
    ]
    assert not state.changed[0].options
    assert "(color Red, size 43)" in state.text()


def test_a_choice_that_is_sold_out_is_not_added_and_what_there_is_is_told(
    context: ToolContext, handle: Handle
) -> None:
    state = cart(context, "add", [Line(handle=handle("S2"), options={"Size": "42"})])
    assert state.problem == f"[{handle('S2')}] is out of stock in size 42; in stock: size 43"
    assert not state.lines


def test_a_choice_has_its_own_price_and_stock(context: ToolContext, handle: Handle) -> None:
    state = cart(context, "add", [Line(handle=handle("S2"), quantity=2, options={"Size": "43"})])
    assert state.total == 158.0
    more = cart(context, "add", [Line(handle=handle("S2"), options={"Size": "43"})])
    assert "only 2 left" in more.problem


@pytest.mark.parametrize(
    ("options", "told"),
    [({"Size": "50"}, "it comes in 41, 42 or 43"), ({"Width": "wide"}, "it has size or color")],
)
def test_a_choice_that_does_not_exist_is_answered_with_those_that_do(
    context: ToolContext, handle: Handle, options: dict[str, str], told: str
) -> None:
    assert told in cart(context, "add", [Line(handle=handle("S1"), options=options)]).problem


def test_another_one_of_what_is_in_the_cart_is_of_the_same_choice(
    context: ToolContext, handle: Handle
) -> None:
    cart(context, "add", [Line(handle=handle("S1"), options={"Size": "41", "Color": "Red"})])
    (line,) = cart(context, "add", [Line(handle=handle("S1"))]).lines
    assert line.quantity == 2


def test_a_line_becomes_another_choice(context: ToolContext, handle: Handle) -> None:
    cart(context, "add", [Line(handle=handle("S1"), quantity=2, options={"Size": "41", "Color": "Red"})])
    (line,) = cart(context, "set", [Line(handle=handle("S1"), options={"Size": "42"})]).lines
    assert (dict(line.chosen), line.quantity) == ({"Size": "42", "Color": "Red"}, 2)


def test_of_several_choices_the_one_that_is_called_is_taken_out(context: ToolContext, handle: Handle) -> None:
    for size in ("41", "42"):
        cart(context, "add", [Line(handle=handle("S1"), options={"Size": size, "Color": "Red"})])
    assert "say which" in cart(context, "set", [Line(handle=handle("S1"), quantity=3)]).problem
    (left,) = cart(context, "remove", [Line(handle=handle("S1"), options={"Size": "41"})]).lines
    assert dict(left.chosen)["Size"] == "42"


def test_a_product_twice_in_a_call_counts_twice(context: ToolContext, handle: Handle) -> None:
    line = Line(handle=handle("S2"), quantity=2, options={"Size": "43"})
    assert "only 2 left" in cart(context, "add", [line, line]).problem


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("add the red one in size 42", {"Size": "42", "Color": "Red"}),
        ("two of the first, in 43 please", {"Size": "43"}),
        ("put 42 of those into my cart", {}),
        ("the blackest one", {}),
        ("red, not the blue", {"Color": "Red"}),
        ("in size 42, 43 is too big", {"Size": "42"}),
    ],
)
def test_options_are_read_from_words(context: ToolContext, said: str, chosen: dict[str, str]) -> None:
    product = context.desk.shop.catalog.product("S1")
    assert product is not None
    assert said_in(said, product) == chosen


@pytest.mark.parametrize(
    ("said", "held", "chosen"),
    [
        ("the 43, not 42", {"Size": "42"}, {"Size": "43"}),
        ("the red is wrong, make it black", {"Color": "Red"}, {"Color": "Black"}),
        ("yes, the red", {"Color": "Red"}, {"Color": "Red"}),
    ],
)
def test_what_is_chosen_already_gives_way_to_another_value(
    context: ToolContext, said: str, held: dict[str, str], chosen: dict[str, str]
) -> None:
    product = context.desk.shop.catalog.product("S1")
    assert product is not None
    assert said_in(said, product, bare=True, held=held) == chosen


@pytest.mark.parametrize(
    ("said", "size"), [("the largest size please", "43"), ("in your smallest size", "41")]
)
def test_an_end_of_the_sizes_is_a_choice(context: ToolContext, said: str, size: str) -> None:
    product = context.desk.shop.catalog.product("S1")
    assert product is not None
    assert chosen_end(said, product) == {"Size": size}
    assert chosen_end("the largest tent", product) == {}


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
