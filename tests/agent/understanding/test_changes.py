"""What an utterance changes: the topic it belongs to, and what then holds there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.dialogue import DialogueState
from agent.shop_context import ShopContext
from agent.tools.labels import label
from agent.understanding.changes import changed
from agent.understanding.interpret import Interpreter
from agent.understanding.labels import MOVES
from agent.understanding.moves import moves_read
from agent.understanding.references import References
from tests.agent.understanding.conftest import marked, shown

Line = tuple[str, str]
SHOES = ("[thing: running shoes] [condition: under 80]", "seek")
KETTLE = ("a [thing: kettle]", "seek")
SHOWN = ("S0", "S1", "S2")


@pytest.fixture(scope="session")
def talk(interpreter: Interpreter) -> Talk:
    return Talk(interpreter)


class Talk:
    """Says marked lines in a row; three shoes are shown after each that looks for something."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._desk: ShopContext = interpreter.desk

    def __call__(self, *lines: Line, state: DialogueState | None = None) -> DialogueState:
        state = state or DialogueState()
        for text, move in lines:
            plain, read = marked(text, move)
            meant = self._interpreter.interpret(plain, read, state)
            references = References(self._desk, state)
            state = changed(state, meant, references, lambda w: label(w, self._desk.schema))
            if move in ("seek", "refine", "more", "reject"):
                state = state.show(SHOWN, listed=True)
        return state


def in_force(state: DialogueState) -> list[str]:
    return [shown(where) for where in state.topic.conditions()]


def test_a_refinement_stays_in_its_topic(talk: Talk) -> None:
    state = talk(SHOES, ("[excluded: Nike]", "refine"))
    assert in_force(state) == ["category = Shoes", "price < 80", "brand != Nike"]
    assert len(state.topics) == 1


def test_a_thing_put_right_keeps_what_was_asked_of_it(talk: Talk) -> None:
    state = talk(SHOES, ("sorry, I meant a [thing: kettle]", "seek"))
    assert in_force(state) == ["category = Kettles", "price < 80"]


def test_another_thing_starts_afresh(talk: Talk) -> None:
    state = talk(SHOES, KETTLE)
    assert in_force(state) == ["category = Kettles"]
    assert [topic.thing for topic in state.topics] == ["running shoes", "kettle"]


def test_back_to_a_thing_restores_what_held_there(talk: Talk) -> None:
    state = talk(SHOES, KETTLE, ("back to the [thing: running shoes]", "undo"))
    assert in_force(state) == ["category = Shoes", "price < 80"]


def test_undo_takes_one_step_back(talk: Talk) -> None:
    before = talk(SHOES)
    assert in_force(talk(("[condition: black]", "refine"), ("undo", "undo"), state=before)) == in_force(
        before
    )


def test_start_over_leaves_nothing(talk: Talk) -> None:
    assert talk(SHOES, ("start over", "start_over")).topic.is_empty


def test_a_condition_taken_back_is_gone_and_the_rest_stays(talk: Talk) -> None:
    state = talk(
        SHOES, ("[condition: black]", "refine"), ("the [taken_back: price] doesn't matter", "refine")
    )
    assert in_force(state) == ["category = Shoes", "color = black"]


def test_cheaper_is_cheaper_than_all_that_is_shown(talk: Talk) -> None:
    state = talk(("[thing: running shoes]", "seek"), ("[order: cheaper]", "refine"))
    assert in_force(state) == ["category = Shoes", "price < 40.5"]


def test_cheaper_than_one_is_cheaper_than_that_one(talk: Talk) -> None:
    state = talk(("[thing: shoes]", "seek"), ("[order: cheaper] than [reference: the third one]", "refine"))
    assert in_force(state) == ["category = Shoes", "price < 50.5"]


def test_a_superlative_orders_and_binds_nothing(talk: Talk) -> None:
    state = talk(("the [order: lightest] [thing: running shoes]", "seek"))
    assert in_force(state) == ["category = Shoes"]
    assert state.topic.sort is not None
    assert (state.topic.sort.field, state.topic.sort.order) == ("weight_g", "asc")


def test_what_is_rejected_is_remembered(talk: Talk) -> None:
    assert talk(SHOES, ("not [reference: the second one]", "reject")).rejected == ("S1",)


def test_like_one_of_them_asks_for_what_resembles_it(talk: Talk) -> None:
    state = talk(SHOES, ("something like [reference: the second one]", "refine"))
    assert state.topic.like == "S1"


@pytest.mark.parametrize("move", ["add_to_cart", "refine"])
def test_i_would_like_one_is_no_likeness(move: str, talk: Talk) -> None:
    assert talk(SHOES, ("I'd like [reference: the second one]", move)).topic.like is None


@pytest.mark.parametrize(
    ("line", "gift"),
    [
        ("[thing: shoes] for [recipient: my dad]", True),
        ("a gift: [thing: shoes]", True),
        ("[thing: shoes] for [recipient: myself]", False),
        ("[thing: shoes]", False),
    ],
)
def test_what_is_for_somebody_else_is_known(line: str, gift: bool, talk: Talk) -> None:
    assert talk((line, "seek")).topic.gift is gift


@pytest.mark.parametrize("move", ["ask_product", "compare", "ask_shop", "social", "add_to_cart", "show_cart"])
def test_a_question_changes_nothing_that_is_in_force(move: str, talk: Talk) -> None:
    before = talk(SHOES)
    after = talk(("what about [reference: the second one]", move), state=before)
    assert after.topic == before.topic
    assert after.focus == "S1"


LINES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "[thing: running shoes]",
                "[thing: kettle] [condition: under 40]",
                "[condition: black]",
                "[excluded: Nike]",
                "[order: cheaper]",
                "[order: quietest]",
                "[reference: the second one]",
                "[taken_back: black]",
                "[wish: good for rain]",
                "hm",
            ]
        ),
        st.sampled_from([str(move) for move in MOVES]),
    ),
    max_size=8,
)


@given(lines=LINES)
def test_any_conversation_keeps_one_topic_in_force_and_contradicts_itself_nowhere(
    lines: list[Line], talk: Talk
) -> None:
    state = talk(*lines)
    assert state.turn == len(lines)
    said = [w for w in state.topic.where if not w.is_negative]
    assert len({(w.field, w.op) for w in said}) == len(said) or any(w.op == "has" for w in said)


def test_two_things_are_looked_for_at_once(talk: Talk) -> None:
    topic = talk(("[thing: running shoes] and a [thing: kettle] [condition: under 80]", "seek")).topic
    assert [part.thing for part in topic.parts] == ["running shoes", "kettle"]
    assert topic.shared
    assert "price < 80" in in_force(
        talk(("[thing: running shoes] and a [thing: kettle] [condition: under 80]", "seek"))
    )


def test_a_budget_for_each_is_not_shared(talk: Talk) -> None:
    topic = talk(("[thing: running shoes] and a [thing: kettle] [condition: under 80 each]", "seek")).topic
    assert topic.parts
    assert not topic.shared


def test_one_of_several_things_is_taken_up_by_its_name(talk: Talk) -> None:
    state = talk(
        ("[thing: running shoes] and a [thing: kettle]", "seek"),
        ("which kettles are [condition: under 30]", "refine"),
    )
    assert in_force(state) == ["category = Kettles", "price < 30"]


def test_a_kind_that_was_named_wrongly_keeps_what_else_was_said(talk: Talk) -> None:
    state = talk(
        ("a [thing: kettle] [condition: under 60]", "seek"), ("sorry, I meant [thing: shoes]", "refine")
    )
    assert in_force(state) == ["category = Shoes", "price < 60"]


def test_another_value_takes_the_place_of_the_one_said_by_mistake(talk: Talk) -> None:
    state = talk(
        ("[condition: red] [thing: shoes]", "seek"),
        ("sorry, [condition: blue] I meant, not [excluded: red]", "refine"),
    )
    assert in_force(state) == ["category = Shoes", "color = blue"]


def test_forgetting_a_condition_forgets_nothing_of_the_shopper() -> None:
    text, read = marked("forget [taken_back: the colour]", "forget")
    assert moves_read(read, text) == ("refine",)
    text, read = marked("forget [taken_back: everything you know about me]", "forget")
    assert moves_read(read, text) == ("forget",)


def test_an_allergy_told_with_a_question_holds_in_later_topics(talk: Talk) -> None:
    state = talk(("I'm allergic to nuts. [asked: do you deliver on Saturdays]?", "ask_shop"), KETTLE)
    assert "text lacks nuts" in in_force(state)


def test_an_allergy_of_somebody_else_is_no_condition_of_the_talk(talk: Talk) -> None:
    state = talk(("is that safe for people with a nut allergy?", "ask_shop"), KETTLE)
    assert "text lacks nuts" not in in_force(state)


def test_what_does_harm_holds_in_later_topics_however_it_is_told(talk: Talk) -> None:
    state = talk(
        KETTLE,
        ("sorry, should have said, [taken_back: almonds] = hospital for me", "refine"),
        ("[thing: shoes]", "seek"),
    )
    assert "text lacks almonds" in in_force(state)
