"""Prices, measures and numbers as a voice says them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.wording import FOLDER, in_words, price_in_words, worded_languages


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $24.99.", "It costs twenty-four ninety-nine."),
        ("$24.00", "twenty-four dollars"),
        ("$1.00", "one dollar"),
        ("$24.05", "twenty-four oh five"),
        ("$0.99", "ninety-nine cents"),
        ("$1,299.00", "one thousand two hundred ninety-nine dollars"),
        ("€24.99", "twenty-four euros ninety-nine"),
        ("24.99 EUR", "twenty-four euros ninety-nine"),
        ("£0.01", "one penny"),
        ("¥1,500", "one thousand five hundred yen"),
        ("$20.00 to $30.00", "twenty dollars to thirty dollars"),
        ("$20–$30", "twenty dollars to thirty dollars"),
        ("3.6 from 9 reviews", "three point six from nine reviews"),
        ("20 x 30 cm", "twenty by thirty centimeters"),
        ("2.1 kg", "two point one kilograms"),
        ("1 kg", "one kilogram"),
        ("a 6-Person Tent", "a six-Person Tent"),
        ("50% off", "fifty percent off"),
        ("12 in stock", "twelve in stock"),
        ("3 in one", "three in one"),
        ("WH-1000XM5 and MP3", "WH-1000XM5 and MP3"),
        ("0123456", "0123456"),
        ("4006381333931", "4006381333931"),
    ],
)
def test_english(written: str, said: str) -> None:
    assert in_words(written) == said


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (24.99, "EUR", "vierundzwanzig Euro neunundneunzig"),
        (24.05, "EUR", "vierundzwanzig Euro fünf"),
        (1.0, "EUR", "ein Euro"),
        (0.99, "EUR", "neunundneunzig Cent"),
        (119.0, "USD", "einhundertneunzehn Dollar"),
        (5.5, "XYZ", "fünf Komma fünf XYZ"),
    ],
)
def test_german_prices(amount: float, currency: str, said: str) -> None:
    assert price_in_words(amount, currency, "de") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("219,00 $", "zweihundertneunzehn Dollar"),
        ("1.299,50 €", "eintausendzweihundertneunundneunzig Euro fünfzig"),
        ("4,9 Sterne", "vier Komma neun Sterne"),
        ("2.100 g", "zweitausendeinhundert Gramm"),
    ],
)
def test_german_numbers_are_read_as_german_writes_them(written: str, said: str) -> None:
    assert in_words(written, "de") == said


def test_in_a_language_without_words_digits_stay() -> None:
    assert in_words("5,00 € pour 2 personnes", "fr") == "5,00 € pour 2 personnes"


def test_every_language_says_the_same_currencies_and_units() -> None:
    files = [json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in worded_languages()]
    assert len(files) > 1
    assert len({tuple(sorted(words["currencies"])) for words in files}) == 1
    assert len({tuple(sorted(words["units"])) for words in files}) == 1


@given(st.decimals(min_value=0, max_value=99999, places=2), st.sampled_from(worded_languages()))
def test_a_price_has_no_digit_left(amount: float, language: str) -> None:
    assert not re.search(r"\d", price_in_words(float(amount), "EUR", language))
    assert not re.search(r"\d", in_words(f"${amount:,.2f}"))


@given(st.text())
def test_any_text_can_be_said(text: str) -> None:
    assert isinstance(in_words(text), str)
