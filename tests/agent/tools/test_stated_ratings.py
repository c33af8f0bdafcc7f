"""Stars that the shop states count where no review does: as a filter, as an order, on cards and as a reason."""

from __future__ import annotations

import pytest

from agent.conditions import Sort, Where
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.context import ToolContext
from agent.tools.find import find
from retrieval.records import Product
from tests.agent.tools.finding import ids

RATED = {"A": (4.8, 120), "B": (4.4, 60), "C": (3.2, 40), "D": (5.0, 1), "E": (None, None)}


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    shop = Shop.create(tmp_path_factory.mktemp("rated") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    shop.catalog.upsert_products(
        Product(
            item_id=item_id,
            title=f"Desk Lamp {item_id}",
            category=("Lamps",),
            price=20.0 + place,
            rating=mean,
            rating_count=count,
        )
        for place, (item_id, (mean, count)) in enumerate(RATED.items())
    )
    build(shop)
    return ToolContext(desk=ShopContext(shop.reopened()), session_id="test")


def test_at_least_so_many_stars_is_a_condition(rated: ToolContext) -> None:
    assert set(ids(find(rated, where=[Where(field="stars", op=">=", value=4)]))) == {"A", "B", "D"}


def test_the_best_rated_comes_first_and_one_rating_is_not_enough(rated: ToolContext) -> None:
    found = find(rated, sort=Sort(field="stars", order="desc"))
    assert ids(found) == ["A", "B", "C", "D"]


def test_a_card_shows_them_and_a_reason_says_whose_they_are(rated: ToolContext) -> None:
    row = find(rated, sort=Sort(field="stars", order="desc")).rows[0]
    assert (row.card.stars, row.card.review_count) == (4.8, 120)
    assert "4.8 of 5 from 120 ratings, as the shop states" in [reason.text for reason in row.card.reasons]


def test_an_order_by_what_nothing_states_shows_the_products_and_says_so(tool_context: ToolContext) -> None:
    found = find(
        tool_context, where=[Where(field="category", value="Kettles")], sort=Sort(field="stars", order="desc")
    )
    assert found.unsorted
    assert found.rows
    assert found.total == 12
