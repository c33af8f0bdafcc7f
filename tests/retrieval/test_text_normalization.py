"""Titles and queries become the same tokens, whatever way a number, a unit or a word is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.normalization import fold, fold_plural, tokenize


@pytest.mark.parametrize(
    "text", ['1/2" pipe', "1/2 in. pipe", "0.5 inch pipe", "½ inch pipes", ".5in pipe", "1/2-in pipe"]
)
def test_every_spelling_of_half_an_inch_is_the_same(text: str) -> None:
    assert tokenize(text) == ["0.5", "inch", "pipe"]


@pytest.mark.parametrize("text", ["1-1/2 in.", "1 1/2 in", '1½"', "1.5 inches", "1 ½ inch"])
def test_mixed_fractions_keep_their_value(text: str) -> None:
    assert tokenize(text) == ["1.5", "inch"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("12 pack", ["12", "pack"]),
        ("(12-Pack)", ["12", "pack"]),
        ("12pk", ["12", "pack"]),
        ("60-Watt", ["60", "watt"]),
        ("60W bulb", ["60", "watt", "bulb"]),
        ("6' ladder", ["6", "ft", "ladder"]),
        ("1,000 sq. ft.", ["1000", "sqft"]),
        ("2x4x8", ["2", "4", "8"]),
        ("2 in. x 4 in. x 8 ft.", ["2", "inch", "4", "inch", "8", "ft"]),
    ],
)
def test_quantities_have_one_form(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.mark.parametrize(
    ("text", "token"),
    [("DCD-77-1C2", "dcd771c2"), ("#SC-141", "sc141"), ("M18", "m18"), ("DB-200X", "db200x")],
)
def test_model_numbers_stay_whole(text: str, token: str) -> None:
    assert tokenize(text) == [token]


def test_in_is_a_unit_after_a_number_and_a_stop_word_elsewhere() -> None:
    assert tokenize("12 in. vase in white") == ["12", "inch", "vase", "white"]


def test_words_are_stemmed_and_accents_dropped() -> None:
    assert tokenize("Heavy-Duty Café Chairs") == tokenize("heavy duty cafe chair")


def test_a_division_by_nothing_is_no_fraction() -> None:
    assert tokenize("1/0 wire") == ["1", "0", "wire"]


def test_a_query_of_stop_words_alone_keeps_them() -> None:
    assert tokenize("the it") != []


def test_names_fold_to_one_form() -> None:
    assert fold("Levi’s") == fold("LEVIS") == "levis"
    assert fold("Max. Weight") == fold("max_weight") == "max weight"
    assert fold_plural("Hiking Boots") == fold_plural("hiking boot")


@given(st.text(max_size=300))
def test_any_text_gives_tokens_that_are_not_empty(text: str) -> None:
    assert all(tokenize(text))


@given(st.text(alphabet="0123456789/-.,'\"x in", max_size=60))
def test_no_mess_of_numbers_breaks_it(text: str) -> None:
    assert all(" " not in token for token in tokenize(text))
