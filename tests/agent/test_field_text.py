"""A field is told as one says it, its unit after the number."""

from __future__ import annotations

import pytest

from agent.reasons.evidence import field_text
from agent.toolbox.fields import answers, fields_of
from agent.toolbox.sides import tally_of
from retrieval.catalog import Product
from retrieval.reviews.answers import BuyersAnswer


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("capacity_l", "1", "capacity 1 L"),
        ("noise_db", "55", "noise 55 dB"),
        ("water_column_mm", "5000", "water column 5000 mm"),
        ("age_from", "8", "from age 8"),
        ("players_max", "4", "up to 4 players"),
        ("battery_days", "13", "battery 13 days"),
        ("comfort_c", "-5", "comfort -5 °C"),
        ("lumens", "1050", "1050 lumens"),
        ("pairs", "1", "1 pair"),
        ("weight", "255 g", "weight 255 g"),
        ("material", "glass", "material: glass"),
        ("foldable", "no", "foldable: no"),
    ],
)
def test_a_field_as_one_says_it(name: str, value: str, text: str) -> None:
    assert field_text(name, value) == text


@pytest.mark.parametrize(
    ("stock", "text"),
    [(0, "out of stock"), (1, "1 in stock"), (999, "999 in stock"), (4_000_000, "in stock")],
)
def test_a_stock_is_counted_as_long_as_the_count_tells_anything(stock: int, text: str) -> None:
    (value,) = (
        value for name, value in fields_of(Product(item_id="A", title="Tee", stock=stock)) if name == "stock"
    )
    assert field_text("stock", value) == text


@pytest.mark.parametrize(
    ("question", "positive", "negative", "text"),
    [
        ("how loud is it", 0, 2, "2 buyers call it quiet, none loud"),
        ("how loud is it", 3, 1, "3 buyers call it loud, 1 quiet"),
        ("is it sturdy", 1, 0, "1 buyer calls it sturdy, none flimsy"),
        ("do they run small", 2, 0, "2 buyers call it small, none big"),
        ("is it any good", 1, 0, "1 buyer is happy and none not"),
        ("is it any good", 0, 2, "no buyer is happy and 2 not"),
    ],
)
def test_buyers_are_counted_in_the_words_of_what_is_asked(
    question: str, positive: int, negative: int, text: str
) -> None:
    answer = BuyersAnswer(
        item_id="A", question=question, positive=positive, negative=negative, mentioned=True, by_side=True
    )
    assert tally_of(answer) == text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what's the comfort temperature?", ["comfort 7 °C"]),
        ("how long does it take to boil", ["boil 3.1 minutes"]),
        ("is it still available?", ["31 in stock"]),
        ("how many are left?", ["31 in stock"]),
        ("what is the price of it", ["price: $9.50"]),
        ("how much does it cost?", ["price: $9.50"]),
        ("does it comfort anybody", []),
    ],
)
def test_a_number_answers_by_its_name_without_the_unit(question: str, told: list[str]) -> None:
    product = Product(
        item_id="A", title="Thing", price=9.5, stock=31, attributes={"comfort_c": 7, "boil_minutes": 3.1}
    )
    assert [text for text, _ in answers(product, question, ())] == told
