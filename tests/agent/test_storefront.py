"""`shop.toml`: what a shop may say of itself, and what it is told when that is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ShopError
from agent.storefront import Checkout, OrderLine, Storefront


def read(folder: Path, text: str) -> Storefront:
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return Storefront.read(folder)


def test_a_shop_that_says_nothing_has_the_defaults(tmp_path: Path) -> None:
    assert Storefront.read(tmp_path) == Storefront()


def test_all_that_can_be_said_is_read(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "logo.svg").write_text("<svg/>")
    front = read(
        tmp_path,
        """
        name = "Fernhill"
        tagline = "Home and trail"
        logo = "images/logo.svg"
        language = "de"
        [greeting]
        en = "Hello!"
        de = "Hallo!"
        [colours]
        accent = "#AA3300"
        accent_dark = "#ffaa88"
        [checkout]
        url = "https://shop.example/cart/{items}"
        [features]
        compare = false
        """,
    )
    assert front.name == "Fernhill"
    assert front.greeting["de"] == "Hallo!"
    assert front.colours.accent == "#AA3300"
    assert (
        front.checkout.address([OrderLine("a b", "", 2), OrderLine("c", "", 1)])
        == "https://shop.example/cart/a%20b:2,c:1"
    )
    assert not front.features.compare
    assert front.features.cart


def test_a_checkout_by_variant_names_what_was_chosen() -> None:
    lines = [OrderLine("shoe", "S-41", 1), OrderLine("shoe", "S-42", 2), OrderLine("mug", "", 1)]
    by_variant = Checkout(url="https://shop.example/cart/{items}", item="{variant}:{quantity}")
    assert by_variant.address(lines) == "https://shop.example/cart/S-41:1,S-42:2,mug:1"
    by_product = Checkout(url="https://shop.example/cart/{items}")
    assert by_product.address(lines) == "https://shop.example/cart/shoe:3,mug:1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "is no TOML file"),
        ('colour = "#fff"', "colour: there is no such setting; there are name, tagline"),
        (
            '[colours]\naccent = "teal"',
            "colours.accent: got 'teal'; a colour such as \"#0f6b62\" is expected",
        ),
        ("[features]\ncompar = true", "features.compar: there is no such setting; there are cart, saved"),
        ('[features]\ncart = "maybe"', "features.cart: got 'maybe'"),
        (
            '[checkout]\nurl = "javascript:alert(1)"',
            "checkout.url: got 'javascript:alert\\(1\\)'; a web address",
        ),
        ('[checkout]\nurl = "https://x.example/{basket}"', "{basket} is unknown here; it may hold {items}"),
        ('[checkout]\nurl = "https://{items}.example/"', "a web address such as"),
        ('[checkout]\nitem = "{quantity}"', "it has to name the product"),
        ('logo = "../secret.svg"', "logo: got '../secret.svg'"),
        ('logo = "images/../../secret.svg"', "it has to stay within"),
        ('logo = "images/none.svg"', "logo: there is no .*none.svg"),
        ('language = "English"', "language: got 'English'"),
        ('[greeting]\nen = ""\nEnglish = "Hi"', "greeting"),
    ],
)
def test_what_is_not_right_is_named_with_what_is_expected(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ShopError, match=told) as refused:
        read(tmp_path, text)
    assert "shop.toml" in str(refused.value)


def test_without_an_address_or_a_cart_there_is_no_check_out() -> None:
    assert Checkout().address([OrderLine("a", "", 1)]) is None
    assert Checkout(url="https://shop.example/{items}").address([]) is None


@given(st.text(min_size=1))
def test_no_id_leaves_its_place_in_the_address(item: str) -> None:
    address = Checkout(url="https://shop.example/cart/{items}?x=1").address([OrderLine(item, "", 1)])
    assert address is not None
    assert address.startswith("https://shop.example/cart/")
    assert address.endswith(":1?x=1")
    assert set(address.removeprefix("https://shop.example/cart/").removesuffix(":1?x=1")).isdisjoint(
        "/?#&:,<> "
    )
