"""Lasting preferences: kept, replaced, forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from agent.conditions import Where
from agent.storage.memories import MemoryStatement, MemoryStore


@pytest.fixture
def store(engine: Engine) -> MemoryStore:
    return MemoryStore(engine)


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


def test_what_is_ruled_out_for_good_is_told_once(store: MemoryStore) -> None:
    leather = Where(field="material", op="!=", value="leather")
    for key in ("avoid", "vegan"):
        statement = MemoryStatement(key=key, value=key, text="never leather", avoid=(leather,))
        store.remember("u", statement, source="t")
    assert store.lasting("u") == (leather,)
    assert store.lasting("v") == ()
