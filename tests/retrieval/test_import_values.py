"""Cells to values: the ways people write prices, numbers, times, lists and paths."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.importers import values
from retrieval.importers.records import BadValueError
from retrieval.importers.survey import boilerplate_openings, placeholder_prices

MARCH = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("12.99", 12.99), ("$1,299.00", 1299.0), ("1.299,00 €", 1299.0), ("12,5", 12.5), ("1 299", 1299.0),
        ("1'299.50", 1299.5), ("1,299", 1299.0), ("1.299.000", 1299000.0),
        ("-3", -3.0), ("5.", 5.0), (7, 7.0),
        ("", None), (None, None), (float("nan"), None),
    ],
)  # fmt: skip
def test_numbers(raw: Any, number: float | None) -> None:
    assert values.number("n", raw) == number


def test_words_are_no_number() -> None:
    with pytest.raises(BadValueError, match="expected a number"):
        values.number("n", "cheap")


@pytest.mark.parametrize("raw", ["1e3", "12.34.56", "1,2,3"])
def test_a_number_is_read_as_a_whole_or_not_at_all(raw: str) -> None:
    with pytest.raises(BadValueError, match="expected a number"):
        values.number("n", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-14T09:30:00Z", "2026-03-14 09:30", "2026-03-14T10:30:00+01:00", str(int(MARCH.timestamp())),
        int(MARCH.timestamp()) * 1000, MARCH, MARCH.replace(tzinfo=None), "2026/03/14 09:30:00",
    ],
)  # fmt: skip
def test_times(raw: Any) -> None:
    assert values.time("t", raw) == MARCH


def test_dates_as_the_amazon_sets_write_them() -> None:
    assert values.time("t", "03 14, 2026") == MARCH - timedelta(hours=9, minutes=30)


def test_no_time_is_a_bad_value() -> None:
    with pytest.raises(BadValueError, match="expected a time"):
        values.time("t", "yesterday")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("Home > Kitchen > Pans", ("Home", "Kitchen", "Pans")),
        ("Home|Kitchen", ("Home", "Kitchen")),
        ("Home / Kitchen", ("Home", "Kitchen")),
        ("Root/Men/Tops", ("Root", "Men", "Tops")),
        ("A/B Boxes", ("A/B Boxes",)),
        ("Industrial & Scientific,Fasteners,Screws", ("Industrial & Scientific", "Fasteners", "Screws")),
        ("Cleaning, Care & Storage", ("Cleaning, Care & Storage",)),
        ([["CDs", "Pop"], ["CDs", "Rock"]], ("CDs", "Pop")),
        ("['Phones', 'Android']", ("Phones", "Android")),
        ("", ()),
    ],
)
def test_category_paths(raw: Any, path: tuple[str, ...]) -> None:
    assert values.category(raw) == path


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2.5", 2.5), ("007", "007"), ("yes", True), ("False", False), ("red", "red"), ("a|b", ("a", "b")),
        (["x", "y"], ("x", "y")),
        (["x"], "x"), ("['x', 'y']", ("x", "y")), ("n/a", None), ("", None), (True, True),
    ],
)  # fmt: skip
def test_attributes_are_typed(raw: Any, value: Any) -> None:
    found = values.attribute(raw)
    assert found == value
    assert type(found) is type(value)


def test_lists_stored_as_text_are_lists() -> None:
    assert values.words("['a', 'b']") == values.words('["a", "b"]') == values.words("a, b, a") == ("a", "b")


def test_code_in_a_cell_is_never_run() -> None:
    raw = "[__import__('os').getcwd()]"
    assert values.structure(raw) == raw


@pytest.mark.parametrize("bomb", ["[" * 5000 + "]" * 5000, "{" * 5000 + "}" * 5000])
def test_deep_nesting_stays_text(bomb: str) -> None:
    assert values.structure(bomb) == bomb


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("a<br>b", "a\nb"),
        ("<b>bo</b>ld", "bold"),
        ("&amp;quot;x&amp;quot;", '"x"'),
        ("<!-- x --><style>p{}</style>text", "text"),
        ("<p data-x='[\"<b>\"]'>kept</p>", "kept"),
    ],
)
def test_html_to_text(raw: str, text: str) -> None:
    assert values.plain(raw) == text


@given(st.text(max_size=300))
def test_any_text_becomes_text_without_nul(raw: str) -> None:
    assert "\x00" not in values.plain(raw)
    assert values.plain(values.plain(raw)).count("<script") <= raw.count("script")


@given(st.lists(st.floats(1, 500), min_size=20, max_size=50))
def test_ordinary_prices_are_no_placeholders(prices: list[float]) -> None:
    assert placeholder_prices(prices) == frozenset()


def test_a_few_texts_have_no_boilerplate() -> None:
    assert boilerplate_openings(["Same start. One"] * 5) == frozenset()


@pytest.mark.parametrize(
    ("raw", "name"),
    [("Operating System", "operating_system"), ("memorySize", "memory_size"), ("Weight (kg)", "weight_kg")],
)
def test_attribute_names(raw: str, name: str) -> None:
    assert values.attribute_name(raw) == name


def test_bidirectional_controls_are_taken_out_of_every_text() -> None:
    assert values.text("Tent \u202egnp.exe\u202c\x00") == "Tent gnp.exe"
    assert values.plain("<b>Red</b> &#8238;tent&#x2067;") == "Red tent"
    assert values.text(["a\u200f", "b"]) == "a\nb"
    assert values.text("אוהל אדום") == "אוהל אדום"
