"""What titles, categories and descriptions tell and no field states: read with its words, or left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.filtering.table import FilterTable
from retrieval.filters import Attribute
from retrieval.records import AttributeValue, Product
from retrieval.text_attributes.reader import TextReader


def product(title: str = "Thing", text: str = "", **fields: object) -> Product:
    return Product(item_id=title, title=title, description=text, **fields)  # type: ignore[arg-type]


GENERAL = TextReader.learn([])


def told(item: Product, name: str, reader: TextReader = GENERAL) -> AttributeValue | None:
    found = reader.read(item).get(name)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("name", "title", "text", "value"),
    [
        ("material", "Oak Dining Table", "", "oak"),
        ("material", "Dining Table", "Made of solid oak.", "oak"),
        ("material", "Stainless Steel Kettle 1.7 L", "", "stainless steel"),
        ("material", "Shirt", "100 % cotton. Wash warm.", "cotton"),
        ("color", "Dining Chair, White", "", "white"),
        ("color", "Backpack 20 L - black/white", "", ("black", "white")),
        ("color", "Blouse", "Wide sleeves. Color Navy. Made in Italy.", "navy"),
        ("persons", "Aspen 3-Person Tent", "", 3.0),
        ("persons", "Round Table", "It seats six.", 6.0),
        ("persons", "Two Seater Sofa", "", 2.0),
        ("persons", "Tent", "Sleeps 4 and packs small.", 4.0),
        ("gender", "Women's Rain Jacket", "", "women"),
        ("arms", "Dining Chair with arms", "", True),
        ("arms", "Armless Office Chair", "", False),
        ("shape", "Round Oak Dining Table", "", "round"),
        ("shape", "L-Shaped Desk", "", "l-shaped"),
        ("style", "Mid-Century Modern Sofa", "", "mid-century"),
        ("bed_size", "Queen Size Bed Frame, Black", "", "queen size"),
    ],
)
def test_a_value_that_the_words_tell_is_read(name: str, title: str, text: str, value: AttributeValue) -> None:
    assert told(product(title, text), name) == value


@pytest.mark.parametrize(
    ("name", "title", "text"),
    [
        ("shape", "Round Neck T-Shirt", ""),
        ("shape", "Half-Round Gutter for Sheds", ""),
        ("style", "Vintage Overdrive Pedal", ""),
        ("bed_size", "Full/Queen Quilt", ""),
        ("bed_size", "Full Size Headphones", ""),
        ("material", "Jacket", "This is not leather."),
        ("material", "Bag", "Free from leather and made without plastic."),
        ("material", "Wallet", "Softer than real leather."),
        ("material", "Shampoo", "The bottle is made of recycled plastic."),
        ("material", "Bag with leather strap", ""),
        ("material", "Cleaner for Glass", ""),
        ("material", "Phone 64 GB Marble White", ""),
        ("material", "Grinder with Ceramic Burr", ""),
        ("material", "Ceramic Burr Grinder", ""),
        ("material", "Steel or Glass Kettle", ""),
        ("color", "Belt", "Goes with black boots."),
        ("color", "Belt", "Available in black, white and red."),
        ("color", "Toner Cartridge Black", ""),
        ("color", "Green Tea 100 g", ""),
        ("color", "Case for Black Phone", ""),
        ("persons", "2-3 Person Tent", ""),
        ("persons", "Tent", "Sleeps 2 hours from the lake."),
        ("gender", "XLR Male to XLR Female Cable", ""),
        ("gender", "Jacket", "My wife, a woman of taste, likes it."),
    ],
)
def test_what_is_denied_compared_offered_or_of_a_part_is_not_read(name: str, title: str, text: str) -> None:
    assert told(product(title, text), name) is None


def test_the_category_tells_whom_it_is_for() -> None:
    scarf = product("Simple Scarf", category=("Clothing", "women's scarves"))
    assert GENERAL.read(scarf)["gender"] == ("women", "women's scarves")


def test_a_stated_value_is_never_overwritten() -> None:
    shirt = product("White Shirt", attributes={"color": "ivory"})
    assert GENERAL.completed(shirt).attributes == {"color": "ivory"}
    kettle = product("Glass Kettle", options={"Material": ("steel",)})
    assert "material" not in GENERAL.completed(kettle).attributes


def test_what_is_read_is_marked_with_the_words_that_tell_it() -> None:
    table = GENERAL.completed(product("Table", "A fine table. Made of solid oak, oiled by hand."))
    assert table.attributes == {"material": "oak"}
    assert table.read == {"material": "Made of solid oak, oiled by hand"}


def test_values_are_written_as_the_shop_writes_them_under_its_own_name() -> None:
    stated = [
        product(f"Shoe {n}", attributes={"Target Gender": g}) for n, g in enumerate(("Female", "Male") * 5)
    ]
    reader = TextReader.learn(stated)
    assert told(product("Women's Boot"), "Target Gender", reader) == "Female"


def test_a_column_of_other_values_is_no_column_of_the_property() -> None:
    reader = TextReader.learn(
        [product(f"Plug {n}", attributes={"gender": "male connector"}) for n in range(20)]
    )
    assert told(product("Women's Boot"), "gender", reader) != "male connector"


def test_a_word_that_the_shops_own_values_speak_against_is_not_read() -> None:
    shop = [product(f"Gold Coffee {n}", attributes={"color": "brown"}) for n in range(6)]
    shop += [product(f"White Cup {n}", attributes={"color": "white"}) for n in range(60)]
    reader = TextReader.learn(shop)
    assert told(product("Gold Coffee"), "color", reader) is None
    assert told(product("White Bowl"), "color", reader) == "white"


def test_another_column_is_completed_within_its_kind_where_its_words_are_borne_out() -> None:
    tents = [
        product(f"{season} Tent {n}", category=("Tents",), attributes={"season": season})
        for n in range(20)
        for season in ("Winter", "Summer")
    ]
    reader = TextReader.learn(tents)
    assert told(product("Winter Tent", category=("Tents",)), "season", reader) == "Winter"
    assert told(product("Winter Gloves", category=("Gloves",)), "season", reader) is None


def test_what_is_read_can_be_a_condition(tmp_path: Path) -> None:
    GENERAL.save(tmp_path / "reader.json")
    reader = TextReader.open(tmp_path / "reader.json")
    shop = [product("Oak Table"), product("Table"), product("Pine Table", attributes={"material": "pine"})]
    table = FilterTable.build(map(reader.completed, shop))
    assert table.mask(Attribute("material", ("oak",))).tolist() == [True, False, False]
    assert table.vocabulary.attributes["material"] == {"oak": 1, "pine": 1}


@given(st.text(max_size=120), st.text(max_size=300))
def test_any_text_is_read_and_passages_stand_in_it(title: str, text: str) -> None:
    item = product(title or "x", text)
    for _, passage in GENERAL.read(item).values():
        assert passage in (item.title, item.description) or passage in item.description
