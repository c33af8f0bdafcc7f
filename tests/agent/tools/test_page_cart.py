"""The cart as the page fills and shows it: by choice, with the price and stock of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent import shelf_views
from agent.assistant import ShoppingAssistant
from agent.shelf_views import OutOfStockError, put_in_cart
from agent.storage.carts import cart_owner
from agent.storefront import Checkout


@pytest.fixture
def shopper(shop_assistant: ShoppingAssistant, request: pytest.FixtureRequest) -> Iterator[str]:
    """A shopper whose cart is empty."""
    yield request.node.name
    carts = shop_assistant.desk.carts
    for line in carts.lines(cart_owner(request.node.name, "")):
        carts.put(cart_owner(request.node.name, ""), line.item_id, -line.quantity, line.options)


def test_two_choices_are_two_lines_with_their_own_prices(
    shop_assistant: ShoppingAssistant, shopper: str
) -> None:
    put_in_cart(shop_assistant, shopper, "S1", 1, add=True, options={"Size": "41", "Color": "Red"})
    put_in_cart(shop_assistant, shopper, "S1", 2, add=True, options={"Size": "42", "Color": "Red"})
    put_in_cart(shop_assistant, shopper, "S2", 1, add=True, options={"Size": "43", "Color": "Blue"})
    cart = shelf_views.cart(shop_assistant, shopper)
    assert [(line.options["Size"], line.quantity, line.price) for line in cart.lines] == [
        ("41", 1, 89.0),
        ("42", 2, 89.0),
        ("43", 1, 79.0),
    ]
    assert cart.totals == {"USD": 346.0}


@pytest.mark.parametrize(("size", "quantity", "left"), [("42", 1, 0), ("43", 3, 2)])
def test_what_a_choice_does_not_have_is_not_put_in(
    shop_assistant: ShoppingAssistant, shopper: str, size: str, quantity: int, left: int
) -> None:
    with pytest.raises(OutOfStockError) as refused:
        put_in_cart(shop_assistant, shopper, "S2", quantity, add=True, options={"Size": size})
    assert refused.value.left == left
    assert shelf_views.cart(shop_assistant, shopper).count == 0


def test_a_line_is_set_and_taken_out_by_its_choice(shop_assistant: ShoppingAssistant, shopper: str) -> None:
    for size in ("41", "42"):
        put_in_cart(shop_assistant, shopper, "S1", 1, add=True, options={"Size": size})
    put_in_cart(shop_assistant, shopper, "S1", 0, add=False, options={"Size": "41"})
    (left,) = shelf_views.cart(shop_assistant, shopper).lines
    assert left.options == {"Size": "42"}
    assert left.to_choose == ("Color",)


def test_the_sheet_tells_which_choice_is_sold_out(shop_assistant: ShoppingAssistant) -> None:
    sheet = shelf_views.sheet(shop_assistant, "S2")
    assert sheet is not None
    assert {variant.options["Size"]: variant.stock for variant in sheet.variants} == {"42": 0, "43": 2}


def test_check_out_hands_over_the_sku_of_a_choice(
    shop_assistant: ShoppingAssistant, shopper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = Checkout(url="https://shop.example/cart/{items}", item="{variant}:{quantity}")
    front = shop_assistant.shop.storefront.model_copy(update={"checkout": checkout})
    monkeypatch.setitem(vars(shop_assistant.shop), "storefront", front)
    put_in_cart(shop_assistant, shopper, "S2", 2, add=True, options={"Size": "43"})
    assert shelf_views.cart(shop_assistant, shopper).checkout == "https://shop.example/cart/H-43:2"
    put_in_cart(shop_assistant, shopper, "K1", 1, add=True)
    reply = shop_assistant.reply("check out", user_id=shopper, session_id=f"{shopper} talks")
    assert "https://shop.example/cart/K1:1,H-43:2" in reply.text
