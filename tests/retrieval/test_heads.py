"""What a title names: the noun that it is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.naming.heads import LONGEST, HeadReader
from retrieval.naming.labels import category_names
from retrieval.naming.thesaurus import thesaurus

READER = HeadReader.of([], thesaurus().things)


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Folding Music Stand with Bag", "stand"),
        ("Glass Electric Kettle 1.2 L", "kettl"),
        ("15 inch Laptop Sleeve, black", "sleev"),
        ("Sleeve for 15 inch Laptops", "sleev"),
        ('HP Pavilion dv7 Notebook Silver 43.2 cm (17")', "notebook"),
        ("Lexmark 14N1070E toner cartridge Original magenta 1 pc(s)", "cartridg"),
        ("HP Q6592A printing paper A4 (210x297 mm) Matte 100 sheets", "paper"),
        ("Set of 4 Coffee Mugs", "mug"),
        ("Squier by Fender Electric Guitar, Black", "guitar"),
        ("Nokia 2 - Android - Dual SIM Unlocked Smartphone", "smartphon"),
        ("Vogel's Flat Screen TV floorstand (black)", "floorstand"),
        ("Intel S3210 server/workstation motherboard LGA 775", "motherboard"),
    ],
)
def test_the_head_is_what_the_product_is(title: str, head: str) -> None:
    found = READER.read(title)
    assert found is not None
    assert found.phrase[-1] == head


def test_a_title_of_model_numbers_tells_nothing() -> None:
    assert READER.read("Canon CG-800") is None


def test_what_the_shops_own_titles_end_with_is_a_head() -> None:
    titles = ["Red Wooden Zibble", "Small Oak Zibble", "Iron Zibble", "Large Steel Zibble"]
    assert READER.read(titles[0]) is None
    found = HeadReader.of(titles, thesaurus().things).read(titles[0])
    assert found is not None
    assert found.phrase[-1] == "zibbl"


def test_what_counts_the_pieces_is_no_head() -> None:
    found = READER.read("HP 74XL Black Original 6 pc")
    assert found is None


@given(st.text(max_size=80))
def test_any_title_gives_a_short_phrase_or_none(title: str) -> None:
    found = READER.read(title)
    assert found is None or 0 < len(found.phrase) <= LONGEST


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Electric kettle", [("electr", "kettl")]),
        ("Coats & Jackets", [("coat",), ("jacket",)]),
        ("women's coats & jackets", [("women", "coat"), ("women", "jacket")]),
        ("Guitar & Bass Amplifiers", [("guitar", "amplifi"), ("bass", "amplifi")]),
    ],
)
def test_a_category_may_have_several_names(name: str, kinds: list[tuple[str, ...]]) -> None:
    assert category_names(name) == kinds
