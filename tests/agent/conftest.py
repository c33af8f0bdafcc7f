"""A small shop of known products, for everything that needs words and facts but no build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.meaning import Understanding
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product
from retrieval.filters import Filter

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
def vocabulary(products: tuple[Product, ...]) -> Vocabulary:
    return Vocabulary.of(products, aspects=("comfort", "noise", "battery life"))


@pytest.fixture(scope="session")
def facts(products: tuple[Product, ...]) -> Facts:
    by_id = {product.item_id: product for product in products}

    def count(condition: Filter) -> int:
        return sum(condition.matches(product, (4.0, 9)) for product in products)

    return Facts(product=by_id.get, count=count)


Say = Callable[..., tuple[Understanding, DialogueState]]


@pytest.fixture(scope="session")
def say(vocabulary: Vocabulary, facts: Facts, products: tuple[Product, ...]) -> Say:
    """Say several things in a row; what fits is shown after each. Gives the last meaning and the state."""

    def talk(*lines: str, state: DialogueState | None = None) -> tuple[Understanding, DialogueState]:
        state = state or DialogueState(session_id="test")
        for line in lines:
            meant = understand(line, state, vocabulary, facts)
            state = state.apply(meant)
            if meant.act in ("ask", "refine", "critique", "answer", "undo", "reject"):
                fits = [p.item_id for p in products if state.filter().matches(p, (4.0, 9))]
                state = state.show(fits[:5])
        return meant, state

    return talk


@pytest.fixture(scope="module")
def assistant(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> ShoppingAssistant:
    import shutil

    folder = tmp_path_factory.mktemp("talk") / "shop"
    return ShoppingAssistant.open(Path(shutil.copytree(demo_shop, folder)))


@pytest.fixture
def session(assistant: ShoppingAssistant, request: pytest.FixtureRequest) -> str:
    return f"session of {request.node.name}"
