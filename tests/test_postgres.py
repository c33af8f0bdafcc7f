"""A whole shop on a PostgreSQL server: imported, built, talked to, changed, and a shopper forgotten."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.assistant import ShoppingAssistant
from agent.operations import commands
from agent.settings import Settings

SAID = "a mug for my zebra harp lantern"
KINDS = ("Red", "Blue", "Tall", "Small", "Steel", "Glass", "Travel", "Camping")


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def settings(postgres: str) -> Settings:
    return Settings(database=postgres, effort="quick")  # type: ignore[call-arg]


@pytest.fixture
def assistant(settings: Settings, tmp_path: Path) -> ShoppingAssistant:
    """The assistant of a shop of eight mugs that Ann and Bob bought and reviewed."""
    products = [
        {"item_id": f"p{n}", "title": f"{kind} mug {n}", "category": "Kitchen", "price": 5 + n}
        for n, kind in enumerate(KINDS)
    ]
    reviews = [
        {
            "review_id": f"{user}-{n}",
            "item_id": f"p{n}",
            "user_id": user,
            "stars": 5,
            "text": f"{user} loves it.",
        }
        for user in ("ann", "bob")
        for n in range(3)
    ]
    events = [
        {"user_id": user, "item_id": f"p{n}", "kind": "purchase", "time": f"2026-02-0{n + 1}"}
        for user in ("ann", "bob")
        for n in range(5)
    ]
    shop = tmp_path / "shop"
    commands.import_files(
        shop,
        products=write_rows(tmp_path / "products.csv", products),
        reviews=write_rows(tmp_path / "reviews.csv", reviews),
        events=write_rows(tmp_path / "events.csv", events),
        settings=settings,
    )
    commands.build(shop, settings=settings)
    return ShoppingAssistant.open(shop, settings=settings)


def rows_that_name(assistant: ShoppingAssistant, secret: str) -> dict[str, int]:
    """Rows of each table that hold a text anywhere; turn records are compressed, but name their shopper."""
    tables = sa.MetaData()
    tables.reflect(assistant.shop.engine)
    with assistant.shop.engine.connect() as connection:
        found = {
            name: sum(secret in str(tuple(row)) for row in connection.execute(sa.select(table)))
            for name, table in tables.tables.items()
        }
    return {name: count for name, count in found.items() if count}


@pytest.mark.slow
def test_a_shop_on_a_server_is_talked_to_changed_and_a_shopper_forgotten(
    assistant: ShoppingAssistant, settings: Settings, tmp_path: Path
) -> None:
    assert not (assistant.shop.folder / "shop.db").exists()
    reply = assistant.reply("a mug under $8", user_id="ann", session_id="s")
    assert sorted(card.item_id for card in reply.cards) == ["p0", "p1", "p2"]
    reply = assistant.reply("put the first one in my cart", user_id="ann", session_id="s")
    assert assistant.desk.carts.items("user:ann") == {reply.record.shown[0].item_id: 1}
    assistant.reply(SAID, user_id="ann", session_id="s")

    dearer = write_rows(tmp_path / "dearer.csv", [{"item_id": "p0", "title": "Red mug 0", "price": 99}])
    commands.import_files(assistant.shop.folder, products=dearer, settings=settings)
    reply = assistant.reply("a mug under $8", user_id="bob", session_id="t")
    assert sorted(card.item_id for card in reply.cards) == ["p1", "p2"]

    assert {"sessions", "turns", "cart_lines", "events", "reviews"} <= rows_that_name(assistant, "ann").keys()
    erasure = assistant.forget_shopper("ann")
    assert rows_that_name(assistant, "ann") == {}
    assert rows_that_name(assistant, "zebra") == {}
    assert {"events", "reviews"} <= rows_that_name(assistant, "bob").keys()
    assert any("VACUUM FULL" in line for line in erasure.remains)
    assert assistant.reply("a mug under $8", user_id="bob", session_id="t").cards
