"""Where a conversation stands: immutable, bounded, undone, kept over a restart, a topic for each errand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text

from agent.conditions import Prefer, Where
from agent.dialogue import (
    MOST_EXCHANGES,
    MOST_HANDLES,
    MOST_LISTS,
    MOST_REJECTED,
    MOST_TOPICS,
    MOST_UNDO,
    DialogueState,
    Exchange,
    Topic,
)
from agent.storage.sessions import DialogueStore
from agent.understanding.changes import without_condition

UNDER_80 = Where(field="price", op="<=", value=80)
NOT_NIKE = Where(field="brand", op="!=", value="Nike")
OVER_60_DB = Where(field="noise_db", op=">=", value=60)
WITH_LACE = Where(field="text", op="has", value="lace")
SHOES, KETTLES = Topic(thing="shoes", kinds=("Shoes",), sure=True), Topic(thing="kettle", kinds=("Kettles",))


def state(*topics: Topic) -> DialogueState:
    made = DialogueState(session_id="s", user_id="u")
    for topic in topics:
        made = made.push(topic)
    return made


def test_survives_json() -> None:
    full = state(SHOES.with_where((UNDER_80, NOT_NIKE)), KETTLES).show(("a", "b"), listed=True)
    assert DialogueState.model_validate_json(full.model_dump_json()) == full


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (UNDER_80, Where(field="price", op="<=", value=50), ["<= 50"]),
        (UNDER_80, Where(field="price", op=">=", value=20), ["<= 80", ">= 20"]),
        (OVER_60_DB, Where(field="noise_db", op="<=", value=70), [">= 60", "<= 70"]),
        (OVER_60_DB, Where(field="noise_db", op="<", value=60), ["< 60"]),
        (Where(field="color", value="red"), Where(field="color", value="blue"), ["= blue"]),
        (NOT_NIKE, Where(field="brand", op="!=", value="Sony"), ["!= Nike", "!= Sony"]),
        (NOT_NIKE, Where(field="brand", value="Nike"), ["= Nike"]),
        (WITH_LACE, Where(field="text", op="has", value="sole"), ["has lace", "has sole"]),
    ],
)  # fmt: skip
def test_a_condition_takes_the_place_of_what_it_competes_with(
    old: Where, new: Where, kept: list[str]
) -> None:
    where = SHOES.with_where((old,)).with_where((new,)).where
    assert [f"{w.op} {w.value}".replace(".0", "") for w in where] == kept


def test_a_wish_for_more_takes_the_place_of_a_wish_for_less() -> None:
    topic = SHOES.with_prefer((Prefer(field="weight_g", aim="low"),))
    assert topic.with_prefer((Prefer(field="weight_g", aim="high"),)).prefer == (
        Prefer(field="weight_g", aim="high"),
    )


@pytest.mark.parametrize(
    ("thing", "query", "wish"),
    [
        ("hat", "a hat that keeps warm", "a hat that keeps warm"),
        ("hat", "that keeps warm", "hat that keeps warm"),
        ("ring", "", "ring"),
        ("", "warm at night", "warm at night"),
    ],
)
def test_a_wish_names_its_thing_once(thing: str, query: str, wish: str) -> None:
    assert Topic(thing=thing, query=query).wish == wish


def test_a_kind_is_a_condition_only_where_it_is_sure() -> None:
    assert [w.value for w in SHOES.conditions()] == ["Shoes"]
    assert KETTLES.conditions() == ()
    assert [w.value for w in KETTLES.kind_guess()] == ["Kettles"]


def test_undo_brings_back_what_was_in_force() -> None:
    before = state(SHOES.with_where((UNDER_80,)))
    after = before.with_topic(before.topic.with_where((NOT_NIKE,)))
    assert after.topic != before.topic
    assert after.undone().topic == before.topic


def test_undo_with_nothing_to_undo_changes_nothing() -> None:
    assert DialogueState().undone() == DialogueState()


def test_undo_of_a_new_topic_goes_back_to_the_one_before() -> None:
    assert state(SHOES, KETTLES).undone().topic == SHOES


def test_undo_goes_on_in_the_topic_that_it_came_back_to() -> None:
    before = state(SHOES)
    bounded = before.with_topic(before.topic.with_where((UNDER_80,)))
    left = bounded.push(KETTLES)
    assert left.undone().topic == bounded.topic
    assert left.undone().undone().topic == SHOES


def test_a_topic_left_by_an_undo_can_be_gone_back_to() -> None:
    assert [topic.thing for topic in state(SHOES, KETTLES).undone().topics] == ["kettle", "shoes"]


def test_only_an_undo_brings_back_what_a_fresh_start_left() -> None:
    fresh = state(SHOES).show(("a", "b"), listed=True).started_over(Topic())
    assert fresh.topics == (Topic(),)
    assert fresh.listed == ()
    back = fresh.push(KETTLES).undone()
    assert back.topic.thing == "shoes"
    assert back.listed == ("a", "b")


def test_going_back_to_a_topic_brings_its_list_back() -> None:
    two = state(SHOES).show(("a", "b"), listed=True).push(KETTLES).show(("k",), listed=True)
    back = two.back_to(0)
    assert back.topic.thing == "shoes"
    assert back.listed == ("a", "b")
    assert [topic.thing for topic in back.topics] == ["kettle", "shoes"]


def test_one_product_shown_is_in_focus() -> None:
    one = state(SHOES).show(("a",), listed=True)
    assert one.focus == "a"
    assert one.show(("a", "b"), listed=True).focus == "a"
    assert one.show(("b", "c"), listed=True).focus is None


def test_a_product_shown_aside_leaves_the_list_on_the_screen() -> None:
    shown = state(SHOES).show(("a", "b"), listed=True).show(("c",), listed=False)
    assert shown.listed == ("a", "b")
    assert shown.focus == "c"


def test_a_rejection_can_be_taken_back() -> None:
    rejected = state(SHOES).reject(("a", "b"))
    assert rejected.rejected == ("a", "b")
    assert rejected.readmit("a").rejected == ("b",)


def test_a_chip_takes_back_its_condition_and_can_be_undone() -> None:
    both = state(SHOES.with_where((UNDER_80, NOT_NIKE)))
    dropped = without_condition(both, UNDER_80.id)
    assert dropped.topic.where == (NOT_NIKE,)
    assert dropped.undone().topic == both.topic


def test_a_chip_takes_back_its_wish_with_its_words() -> None:
    wish = Prefer(field="material", aim="has", value="mesh")
    topic = SHOES.model_copy(update={"prefer": (wish,), "query": "mesh for summer"})
    dropped = without_condition(state(topic), wish.id).topic
    assert (dropped.prefer, dropped.query) == ((), "for summer")


def test_a_chip_takes_back_the_kind() -> None:
    kind = SHOES.kind_where()[0]
    assert without_condition(state(SHOES.with_where((UNDER_80,))), kind.id).topic.conditions() == (UNDER_80,)


def test_a_chip_of_an_earlier_turn_takes_back_nothing_else() -> None:
    both = state(SHOES.with_where((UNDER_80, NOT_NIKE)))
    assert without_condition(both, Where(field="price", op="<=", value=60).id).topic == both.topic


MOVES = st.lists(
    st.one_of(
        st.builds(lambda n: ("push", n), st.integers(0, 20)),
        st.builds(lambda n: ("where", n), st.integers(0, 20)),
        st.builds(lambda n: ("show", n), st.integers(0, 500)),
        st.builds(lambda n: ("reject", n), st.integers(0, 500)),
        st.just(("undo", 0)),
    ),
    max_size=60,
)


def played(moves: list[tuple[str, int]]) -> DialogueState:
    now = DialogueState(session_id="s")
    for name, n in moves:
        match name:
            case "push":
                now = now.push(Topic(thing=f"thing {n}"))
            case "where":
                now = now.with_topic(now.topic.with_where((Where(field="price", op="<=", value=n),)))
            case "show":
                now = now.show((f"i{n}", f"i{n + 1}"), listed=bool(n % 3))
            case "reject":
                now = now.reject((f"i{n}",))
            case "undo":
                now = now.undone()
        now = now.keep(Exchange(said=name), now.handles)
    return now


@given(MOVES)
def test_a_state_is_always_bounded_and_has_a_topic(moves: list[tuple[str, int]]) -> None:
    now = played(moves * 4)
    assert 1 <= len(now.topics) <= MOST_TOPICS
    assert len(now.undo) <= MOST_UNDO
    assert len(now.rejected) <= MOST_REJECTED
    assert len(now.exchanges) <= MOST_EXCHANGES
    assert len(now.handles) <= MOST_HANDLES
    assert all(len(topic.lists) <= MOST_LISTS for topic in now.topics)


@given(MOVES)
def test_a_state_is_never_changed_in_place(moves: list[tuple[str, int]]) -> None:
    now = played(moves)
    before = now.model_dump_json()
    without_condition(now.reject(("x",)).show(("x",), listed=True), "none").undone()
    assert now.model_dump_json() == before


def test_sessions_survive_a_restart(database: str) -> None:
    kept = state(SHOES.with_where((UNDER_80,)))
    DialogueStore(create_engine(database)).save(kept)
    engine = create_engine(database)
    again = DialogueStore(engine)
    assert again.load("s") == kept
    with engine.begin() as connection:
        assert again.forget("u", connection) == 1
    assert again.load("s") is None


@pytest.mark.parametrize("written", ['{"turn": "x"}', "no JSON"])
def test_a_state_that_no_longer_reads_is_no_state(written: str, engine: Engine) -> None:
    store = DialogueStore(engine)
    store.save(DialogueState(session_id="s"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET state = :state"), {"state": written})
    assert store.load("s") is None
