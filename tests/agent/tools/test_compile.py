"""What the conditions of a call bind."""

from __future__ import annotations

import pytest

from agent.conditions import KIND, Where
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from retrieval.records import Product


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> ShopContext:
    """Laptops, half of which only a field calls so, and adapters that fit one; no categories."""
    shop = Shop.create(tmp_path_factory.mktemp("laptops") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    laptops = [
        Product(
            item_id=f"L{n}",
            title=f"Veltra Air {n}" if n % 2 else f"Veltra {n} Laptop",
            price=500.0 + n,
            attributes={"device": "Laptop"},
        )
        for n in range(8)
    ]
    adapters = [
        Product(
            item_id=f"A{n}",
            title=f"Tavo Power Adapter {n}",
            price=20.0 + n,
            attributes={"suitable_for": "Laptop"},
        )
        for n in range(8)
    ]
    shop.catalog.upsert_products([*laptops, *adapters])
    build(shop)
    return ShopContext(shop.reopened())


def test_a_kind_is_what_titles_or_fields_call_so_and_not_what_fits_one(desk: ShopContext) -> None:
    (kind,) = Compiler(desk.shop.search, desk.schema).compile([Where(field=KIND, value="laptop")])
    assert kind.filter is not None
    assert set(desk.shop.search.matching(kind.filter)) == {f"L{n}" for n in range(8)}
