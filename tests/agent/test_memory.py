"""Lasting preferences: recognised, kept, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from agent.meaning import Act, MemoryStatement
from agent.memory import MemoryStore, asks_to_list, find_forgotten
from retrieval.catalog import Product
from tests.agent.conftest import Say


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("I'm vegan", "diet", "vegan"),
        ("i am a vegetarian", "diet", "vegetarian"),
        ("my shoe size is 44", "size:shoe", "44"),
        ("I wear shoe size 44", "size:shoe", "44"),
        ("my shirt size: M", "size:shirt", "M"),
        ("never show me leather", "avoid:leather", "leather"),
        ("I'm allergic to wool", "avoid:wool", "wool"),
    ],
)
def test_recognises(text: str, key: str, value: str, say: Say) -> None:
    meant, _ = say(text)
    assert meant.act is Act.REMEMBER
    assert [(m.key, m.value) for m in meant.memory] == [(key, value)]


@pytest.mark.parametrize(
    "text",
    [
        "vegan shoes",
        "size 44 please",
        "t-shirt size M",
        "I need a shirt size 42",
        "don't show me leather",
        "I'm looking for wool",
    ],
)
def test_a_wish_for_now_is_no_lasting_preference(text: str, say: Say) -> None:
    assert say(text)[0].memory == ()


def test_what_is_never_wanted_holds_at_once(say: Say, products: tuple[Product, ...]) -> None:
    _, state = say("never show me leather")
    leather = [p for p in products if p.attributes.get("material") == "leather"]
    assert leather
    assert not any(state.filter().matches(p) for p in leather)


def test_forgetting_frees_it(say: Say) -> None:
    meant, state = say("I'm vegan", "forget that I'm vegan")
    assert meant.act is Act.FORGET
    assert state.constraints == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("forget that I'm vegan", ("vegan",)),
        ("forget my shoe size", ("shoe size",)),
        ("forget everything about me", ("*",)),
        ("I'm no longer vegan", ("vegan",)),
        ("show me shoes", ()),
    ],
)
def test_what_is_to_be_forgotten(text: str, what: tuple[str, ...]) -> None:
    assert find_forgotten(text) == what


def test_asks_to_list() -> None:
    assert asks_to_list("what do you know about me?")
    assert not asks_to_list("what do you know about shoes?")


@pytest.fixture
def store(tmp_path: Path) -> MemoryStore:
    return MemoryStore(create_engine(f"sqlite:///{tmp_path / 'shop.db'}"))


def test_keeps_text_source_and_date(store: MemoryStore) -> None:
    store.remember("u", MemoryStatement(key="diet", value="vegan", text="I'm vegan"), source="turn 7")
    (memory,) = store.list("u")
    assert (memory.key, memory.text, memory.source) == ("diet", "I'm vegan", "turn 7")
    assert memory.time.tzinfo is not None


def test_a_new_size_takes_the_old_ones_place(store: MemoryStore) -> None:
    for size in ("43", "44"):
        store.remember(
            "u", MemoryStatement(key="size:shoe", value=size, text=f"shoe size {size}"), source="t"
        )
    assert [memory.value for memory in store.list("u")] == ["44"]


def test_forgets_by_words_and_only_of_this_shopper(store: MemoryStore) -> None:
    for user in ("u", "v"):
        store.remember(user, MemoryStatement(key="diet", value="vegan", text="I'm vegan"), source="t")
        store.remember(user, MemoryStatement(key="size:shoe", value="44", text="shoe size 44"), source="t")
    assert [m.key for m in store.forget("u", "vegan")] == ["diet"]
    assert [m.key for m in store.list("u")] == ["size:shoe"]
    assert len(store.list("v")) == 2
    store.forget("u")
    assert store.list("u") == ()
