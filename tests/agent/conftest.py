"""A small built shop of known products, and the demo shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.context import ToolContext
from retrieval.records import Product
from tests.conftest import copy_shop

COLORS = ("black", "white", "red", "blue")
BRANDS = ("Nike", "Adidas", "Veltra", "Home", "Sony")


def shoe(number: int) -> Product:
    brand, color = BRANDS[number % 3], COLORS[number % 4]
    return Product(
        item_id=f"S{number}",
        title=f"{brand} Runner {number} Running Shoes",
        brand=brand,
        category=("Clothing", "Shoes"),
        price=40.5 + 5 * number,
        attributes={
            "color": color,
            "material": ("leather", "mesh")[number % 2],
            "weight_g": 200.0 + 10 * number,
            "waterproof": number % 3 == 0,
        },
        options={"Size": ("42", "43", "44")},
        tags=("running", "sport"),
        stock=number,
    )


def kettle(number: int) -> Product:
    brand = BRANDS[2 + number % 3]
    return Product(
        item_id=f"K{number}",
        title=f"{brand} Kettle {number}",
        brand=brand,
        category=("Kitchen", "Kettles"),
        price=20.5 + 3 * number,
        attributes={
            "capacity_l": 1.0 + 0.25 * number,
            "material": ("glass", "steel")[number % 2],
            "noise_db": 80.0 - number,
        },
        tags=("tea",),
        stock=5,
    )


@pytest.fixture(scope="session")
def products() -> tuple[Product, ...]:
    ring = Product(
        item_id="J1", title="Silver Ring", brand="Veltra", category=("Jewelry",), price=25.5, tags=("gift",)
    )
    return (*(shoe(n) for n in range(12)), *(kettle(n) for n in range(12)), ring)


@pytest.fixture(scope="session")
def small_shop(products: tuple[Product, ...], tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """These products as a built shop."""
    shop = Shop.create(tmp_path_factory.mktemp("small") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    shop.catalog.upsert_products(products)
    build(shop)
    return shop.reopened()


@pytest.fixture(scope="session")
def shop_context(small_shop: Shop) -> ShopContext:
    return ShopContext(small_shop)


@pytest.fixture
def tool_context(shop_context: ShopContext) -> ToolContext:
    """A turn in which nothing was said before."""
    return ToolContext(desk=shop_context, session_id="test")


@pytest.fixture(scope="module")
def assistant(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShoppingAssistant]:
    """An assistant of a copy of the demo shop, one for each file of tests."""
    opened = ShoppingAssistant.open(copy_shop(demo_shop, tmp_path_factory.mktemp("talk") / "shop"))
    yield opened
    opened.shop.engine.dispose()


@pytest.fixture
def session(assistant: ShoppingAssistant, request: pytest.FixtureRequest) -> str:
    return f"session of {request.node.name}"
