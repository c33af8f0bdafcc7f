"""The dialogue state: immutable, bounded, undone, kept over a restart."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import create_engine, text

from agent.meaning import Act, Understanding
from agent.state import DialogueState, PendingQuestion, SessionStore
from retrieval.catalog import Product
from tests.agent.conftest import Say


def test_survives_json(say: Say) -> None:
    _, state = say("red shoes under 80, not Nike", "cheaper", "like the first but in blue")
    assert DialogueState.model_validate_json(state.model_dump_json()) == state


def test_filter_denies_what_was_rejected(say: Say, products: tuple[Product, ...]) -> None:
    _, state = say("running shoes")
    first = state.last_shown()[0]
    _, state = say("don't show me the first one again", state=state)
    assert first in state.rejected
    assert not any(state.filter().matches(p) for p in products if p.item_id == first)


def test_undo_brings_back_what_was_in_force(say: Say) -> None:
    _, before = say("red shoes under 80")
    _, after = say("not Nike", "undo", state=before)
    assert after.constraints == before.constraints
    assert after.query == before.query


def test_undo_with_nothing_to_undo_changes_nothing(say: Say) -> None:
    assert say("undo")[1].constraints == ()


def test_start_over_forgets_wishes_and_can_be_undone(say: Say) -> None:
    _, state = say("red shoes under 80", "start over")
    assert state.constraints == ()
    assert len(say("undo", state=state)[1].constraints) == 3


def test_dropping_by_chip_is_undone_too(say: Say) -> None:
    _, state = say("shoes under 80")
    chip = next(chip for chip in state.chips() if chip.label == "under $80")
    assert chip.constraint_id is not None
    dropped = state.drop(chip.constraint_id)
    assert not dropped.in_slot("price")
    assert say("undo", state=dropped)[1].in_slot("price")


def test_dropping_an_unknown_id_changes_nothing(say: Say) -> None:
    _, state = say("shoes under 80")
    assert state.drop("nothing") is state


def test_constraints_know_their_turn(say: Say) -> None:
    _, state = say("shoes", "under 80")
    assert {c.label: c.origin_turn for c in state.constraints} == {"Shoes": 1, "under $80": 2}


def test_ids_are_unique_over_a_session(say: Say) -> None:
    _, state = say("shoes under 80", "not Nike", "not Adidas", "in red", "in blue")
    ids = [c.constraint_id for c in state.constraints]
    assert len(ids) == len(set(ids))


def test_one_product_shown_is_in_focus() -> None:
    state = DialogueState(turn=1).show(["A"])
    assert state.focus == "A"
    assert state.show(["A", "B"]).focus == "A"
    assert state.show(["B", "C"]).focus is None


def test_questions_in_a_row_are_counted_until_something_is_said() -> None:
    question = PendingQuestion(slot="price", text="?", options=())
    state = DialogueState().ask(question).apply(Understanding(act=Act.ANSWER)).ask(question)
    assert state.asked_in_row == 2
    assert state.apply(Understanding(act=Act.REFINE)).asked_in_row == 0


def test_long_sessions_stay_small_and_fast(say: Say) -> None:
    _, state = say("running shoes")
    lines = [
        "under 90",
        "not Nike",
        "in red",
        "cheaper",
        "undo",
        "show me more",
        "any price is fine",
        "start over, shoes",
    ]
    started = time.perf_counter()
    for turn in range(200):
        _, state = say(lines[turn % len(lines)], state=state)
    assert state.turn == 201
    assert len(state.model_dump_json()) < 60_000
    assert time.perf_counter() - started < 20


def test_sessions_survive_a_restart(say: Say, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    _, state = say("red shoes under 80")
    state = state.model_copy(update={"session_id": "s", "user_id": "u"})
    SessionStore(create_engine(url)).save(state)
    engine = create_engine(url)
    again = SessionStore(engine)
    assert again.load("s") == state
    with engine.begin() as connection:
        assert again.forget("u", connection) == 1
    assert again.load("s") is None


def test_a_state_that_no_longer_reads_is_no_state(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    store = SessionStore(engine)
    store.save(DialogueState(session_id="s"))
    with engine.begin() as connection:
        connection.execute(text('UPDATE sessions SET state = \'{"turn": "x"}\''))
    assert store.load("s") is None
