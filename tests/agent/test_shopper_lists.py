"""What a shopper keeps: marks, options, conversations, ratings; each shopper's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from agent.storage.lists import ShopperLists


@pytest.fixture
def lists(engine: sa.Engine) -> ShopperLists:
    return ShopperLists(engine)


def test_marks_are_the_newest_first_and_of_one_shopper(lists: ShopperLists) -> None:
    for item in ("a", "b"):
        lists.mark("anna", item, "saved", "s")
    lists.mark("anna", "a", "compared", "s")
    assert lists.marks("anna") == {"saved": ("b", "a"), "unwanted": (), "compared": ("a",)}
    assert lists.marks("ben")["saved"] == ()


def test_a_mark_taken_back_tells_where_it_was_made(lists: ShopperLists) -> None:
    lists.mark("anna", "a", "saved", "s1")
    assert lists.unmark("anna", "a", "unwanted") is None
    assert lists.unmark("anna", "a", "saved") == "s1"
    assert lists.marks("anna")["saved"] == ()


def test_conversations_are_listed_last_used_first(lists: ShopperLists) -> None:
    for session in ("s1", "s2"):
        lists.begin("anna", session, f"about {session}")
    lists.use("s1")
    assert [c.session_id for c in lists.conversations("anna")] == ["s1", "s2"]
    assert lists.owns("anna", "s1")
    assert not lists.owns("ben", "s1")


def test_only_its_shopper_ends_a_conversation(lists: ShopperLists) -> None:
    lists.begin("anna", "s1", "tents")
    assert not lists.end("ben", "s1")
    assert lists.end("anna", "s1")
    assert lists.conversations("anna") == ()


def test_a_rating_can_be_changed_and_taken_back(lists: ShopperLists) -> None:
    lists.rate("anna", "t", "up")
    lists.rate("anna", "t", "down")
    assert lists.ratings("anna") == {"t": "down"}
    lists.rate("ben", "t", None)
    assert lists.ratings("anna") == {"t": "down"}
    lists.rate("anna", "t", None)
    assert lists.ratings("anna") == {}


def test_nobody_changes_the_rating_of_another(lists: ShopperLists) -> None:
    lists.rate("anna", "t", "up")
    lists.rate("ben", "t", "down")
    assert lists.ratings("anna") == {"t": "up"}


def test_a_shopper_who_is_forgotten_leaves_nothing(lists: ShopperLists) -> None:
    engine = lists._engine
    for owner in ("anna", "ben"):
        lists.mark(owner, "a", "saved", "s")
        lists.begin(owner, f"{owner}-s", "tents")
        lists.rate(owner, f"{owner}-t", "up")
        lists.pose(f"{owner}-visitor", owner)
    with engine.begin() as connection:
        assert lists.forget("anna", connection) == 4
    assert lists.marks("anna")["saved"] == ()
    assert lists.conversations("anna") == ()
    assert lists.posing("anna-visitor") is None
    assert lists.marks("ben")["saved"] == ("a",)
    assert lists.posing("ben-visitor") == "ben"


def test_conversations_not_used_since_a_time_are_pruned(lists: ShopperLists) -> None:
    lists.begin("anna", "old", "tents")
    lists.rate("anna", "t", "up")
    between = datetime.now(UTC)
    lists.begin("anna", "new", "lamps")
    with lists._engine.begin() as connection:
        lists.prune(between, connection)
    assert [c.session_id for c in lists.conversations("anna")] == ["new"]
    assert lists.ratings("anna") == {}
