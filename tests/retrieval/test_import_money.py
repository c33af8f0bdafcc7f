"""Prices as shops write them: read as a whole, or rejected with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.importers.money import Numerals, Price, currency, decimal_mark, price
from retrieval.importers.records import BadValueError


@pytest.mark.parametrize(
    ("raw", "low", "high", "code"),
    [
        ("12.50", 12.5, 12.5, None),
        ("9 USD", 9.0, 9.0, "USD"),
        ("$1,299.00", 1299.0, 1299.0, "USD"),
        ("1.299,00 €", 1299.0, 1299.0, "EUR"),
        ("Dhs 1,050", 1050.0, 1050.0, "AED"),
        ("199,00 zł", 199.0, 199.0, "PLN"),
        ("120 CHF", 120.0, 120.0, "CHF"),
        ("CHF 1'299.–", 1299.0, 1299.0, "CHF"),
        ("29,- €", 29.0, 29.0, "EUR"),
        ("Rs. 1,29,999.00", 129999.0, 129999.0, "INR"),
        ("R$ 1.299,90", 1299.9, 1299.9, "BRL"),
        ("US $12.50", 12.5, 12.5, "USD"),
        ("2 990 Ft", 2990.0, 2990.0, "HUF"),
        ("1\u202f299,00 €", 1299.0, 1299.0, "EUR"),
        ("$.99", 0.99, 0.99, "USD"),
        ("AED1,050.00", 1050.0, 1050.0, "AED"),
        ("1,299.00 USD $", 1299.0, 1299.0, "USD"),
        ("1.299.000 ₫", 1299000.0, 1299000.0, "VND"),
        ("12,50 € inkl. MwSt.", 12.5, 12.5, "EUR"),
        ("$10.99 - $15.99", 10.99, 15.99, "USD"),
        ("10–15 €", 10.0, 15.0, "EUR"),
        ("ab 12,50 €", 12.5, 12.5, "EUR"),
        ("0.00 - 5.00", 5.0, 5.0, None),
        (19.5, 19.5, 19.5, None),
    ],
)
def test_amounts_and_currencies_in_any_notation(raw: Any, low: float, high: float, code: str | None) -> None:
    assert price(raw) == Price(low, high, code)


@pytest.mark.parametrize("raw", ["", None, "0", "0.00", 0, "N/A", "-", float("nan"), "on request"])
def test_no_price_is_unknown(raw: Any) -> None:
    assert price(raw).low is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1e3", "exponent"),
        ("1e309", "exponent"),
        ("4.00638E+12", "exponent"),
        ("12-May", "date"),
        ("Mar 26", "date"),
        ("12. Mrz", "date"),
        ("12.05.2026", "date"),
        ("2026-05-12", "date"),
        ("12.345.67", "amount"),
        ("1,2,3", "amount"),
        ("cheap", "amount"),
        ("12.50 beans", "nothing else"),
        ("-3", "0 or more"),
        (-3.0, "0 or more"),
        ("4006381333931", "under"),
        (float("inf"), "under"),
        ("15 - 10", "lower"),
        ("1 - 2 - 3", "range"),
    ],
)
def test_what_is_no_price_as_a_whole_is_rejected(raw: Any, reason: str) -> None:
    with pytest.raises(BadValueError, match=reason):
        price(raw)


def test_three_digits_after_one_point_are_read_as_the_file_writes_its_prices() -> None:
    assert price("1.299", Numerals(",")).low == 1299.0
    assert price("1.299", Numerals(".")).low == 1.299
    with pytest.raises(BadValueError):
        price("1.299")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.299", "12,50"], ","),
        (["1,299.00"], "."),
        (["3.5"], "."),
        (["1.299.000"], ","),
        (["1.299"], ""),
        (["12,50", "12.50"], ""),
    ],
)
def test_the_decimal_mark_of_a_file(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


def test_a_sign_that_countries_share_is_the_shops_own_currency() -> None:
    assert (currency("$"), currency("$", "CAD"), currency("$", "EUR")) == ("USD", "CAD", "USD")
    assert (currency("kr", "NOK"), currency("kr", "EUR")) == ("NOK", "")
    assert currency("beans") is None


def test_minor_units_are_hundredths_where_the_amount_is_whole() -> None:
    cents = Numerals(".", minor_units=True)
    found = [price(raw, cents).low for raw in ("129900", 4499, "12.50")]
    assert found == [1299.0, 44.99, 12.5]


@given(
    st.integers(1, 10**8), st.sampled_from([(",", "."), (".", ","), ("\u202f", ","), ("'", "."), (" ", ".")])
)
def test_a_price_survives_every_locale(cents: int, marks: tuple[str, str]) -> None:
    english = f"{cents / 100:,.2f}"
    written = english.translate({ord(","): marks[0], ord("."): marks[1]})
    assert price(written).low == cents / 100
    assert price(f"€ {written}") == price(f"{written} EUR") == Price(cents / 100, cents / 100, "EUR")


@given(st.text(max_size=30))
def test_any_text_is_a_price_or_rejected(raw: str) -> None:
    try:
        found = price(raw)
    except BadValueError:
        return
    assert found.low is None or 0 < found.low <= (found.high or 0) < 1e10
