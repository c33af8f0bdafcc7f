"""A maker that no field holds is refused by the titles that name it."""

from __future__ import annotations

import pytest

from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.understanding.conditions import Resolver
from agent.understanding.lexicon import Lexicon
from retrieval.records import Product
from tests.agent.understanding.conftest import told

NAMES = ("Zoltrix", "Zoltrix", "Pearl", "Pearl", "Marbek", "Marbek")


@pytest.fixture(scope="module")
def mixers(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """The resolver of a shop that tells no brands."""
    products = [
        Product(
            item_id=f"M{at}", title=f"{name} {at + 4} Channel Mixer", category=("Mixers",), price=50.0 + at
        )
        for at, name in enumerate(NAMES)
    ]
    shop = Shop.create(tmp_path_factory.mktemp("mixers") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    shop.catalog.upsert_products(products)
    build(shop)
    desk = ShopContext(shop.reopened())
    return Resolver(desk, Lexicon(desk.schema), known=True)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("zoltrix", ["title lacks zoltrix"]),
        ("a Pearl", ["title lacks pearl"]),
        ("marbek ones", ["title lacks marbek"]),
        ("Harbinger", []),
    ],
)
def test_a_name_is_refused_by_titles(phrase: str, expected: list[str], mixers: Resolver) -> None:
    assert told(mixers.exclusions.excluded(phrase)) == expected
