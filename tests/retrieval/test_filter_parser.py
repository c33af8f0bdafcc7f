"""Filters as a shopkeeper types them, and what is said about those that can't be read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.filtering.parser import FilterSyntaxError, check_fields, parse_filter
from retrieval.filters import (
    And,
    Attribute,
    Brand,
    Category,
    Filter,
    InStock,
    Items,
    Not,
    Or,
    Price,
    Stars,
    Tags,
    Words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price<=50", Price(max=50)),
        ("price:10..50 EUR", Price(10, 50, "EUR")),
        ("price<=€50", Price(max=50, currency="EUR")),
        ("price>=9.5", Price(min=9.5)),
        ("brand=Nike", Brand(("Nike",))),
        ("brand==Nike", Brand(("Nike",))),
        ("price==20", Price(20, 20)),
        ("brand!=Nike", Not(Brand(("Nike",)))),
        ("brand:Hampton Bay", Brand(("Hampton Bay",))),
        ("brand not in (Nike, 'Black and Decker')", Not(Brand(("Nike", "Black and Decker")))),
        ("category:Kitchen > Coffee", Category(("Kitchen > Coffee",))),
        ("tag in (gift, outdoor)", Tags(("gift", "outdoor"))),
        ("stars>=4", Stars(min=4)),
        ("in_stock", InStock()),
        ("not words:leather", Not(Words("leather"))),
        ("color=red", Attribute("color", ("red",))),
        ("'max weight'>=2", Attribute("max weight", min=2)),
        ("size in (M, L)", Attribute("size", ("M", "L"))),
        ("id=abc-1", Items(("abc-1",))),
    ],
)
def test_each_condition_reads_as_meant(text: str, expected: Filter) -> None:
    assert parse_filter(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prize<50", "no field 'prize'; did you mean price?"),
        ("brand=Nike and not colr:red", "no field 'colr'; did you mean Color?"),
        ("zzz=1", "no field 'zzz'; there are price, brand,"),
    ],
)
def test_a_field_that_the_shop_lacks_is_told(text: str, told: str) -> None:
    with pytest.raises(FilterSyntaxError) as error:
        check_fields(parse_filter(text), ["Color", "max weight"])
    assert told in str(error.value)


def test_the_shops_own_attributes_are_fields() -> None:
    check_fields(
        parse_filter("COLOR=red and 'Max Weight'>2 and price<5 and in_stock"), ["Color", "max weight"]
    )


def test_and_binds_more_tightly_than_or_and_brackets_most() -> None:
    a, b, c = Tags(("a",)), Tags(("b",)), Tags(("c",))
    assert parse_filter("tag:a or tag:b and tag:c") == Or((a, And((b, c))))
    assert parse_filter("(tag:a or tag:b) and tag:c") == And((Or((a, b)), c))


def test_less_than_leaves_out_the_end() -> None:
    condition = parse_filter("price<50")
    assert isinstance(condition, Price)
    assert condition.max is not None
    assert 49.999 < condition.max < 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("price<=", "expected a value, got the end"),
        ("price<=cheap", "expected a number, got 'cheap'"),
        ("brand<Nike", "no order"),
        ("brand", "`not in`, got the end"),
        ("(price<5", "expected `)`"),
        ("price<5 brand=x", "expected"),
        ("", "expected a name"),
        ("and", "expected a name"),
        ("(" * 80, "nested deeper"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(text: str, message: str) -> None:
    with pytest.raises(FilterSyntaxError, match=message.replace("(", r"\(").replace(")", r"\)")):
        parse_filter(text)


@given(st.text(alphabet="pricebandotx <>=!:,()'\"5.€", max_size=40))
def test_any_text_is_a_filter_or_a_clear_error(text: str) -> None:
    with contextlib.suppress(FilterSyntaxError):  # any other error fails the test
        parse_filter(text)
