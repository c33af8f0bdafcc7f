"""What is sought is found by its name, however it is marked, joined or spelt; what nobody has is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.dialogue import DialogueState
from agent.understanding.interpret import Interpreter
from agent.understanding.interpretation import Interpretation
from agent.understanding.language.abbreviations import abbreviated
from agent.understanding.language.repairs import repaired
from agent.understanding.things import _is_written, is_beside
from agent.understanding.utterance import is_vague
from tests.agent.understanding.conftest import marked


def read(interpreter: Interpreter, text: str, *moves: str) -> Interpretation:
    plain, spans = marked(text, *moves)
    return interpreter.interpret(plain, spans, DialogueState(session_id="s"))


@pytest.mark.parametrize(
    "text",
    [
        "[thing: shoes] and a [wish: kettle]",
        "[thing: shoes] for [wish: running] and some [condition: kettle]",
        "[thing: shoes n kettle] please",
        "[thing: shoes] plus [excluded: kettle] only",
    ],
)
def test_a_kind_behind_a_joint_is_sought_as_well(text: str, interpreter: Interpreter) -> None:
    plain, spans = marked(text)
    doubted = tuple(
        s if s.label != "excluded" else s.__class__(s.label, s.start, s.end, s.text, 0.3) for s in spans.spans
    )
    found = interpreter.interpret(plain, spans.__class__(spans.moves, doubted), DialogueState(session_id="s"))
    assert len(found.parts) == 2


def test_a_part_of_a_thing_is_no_second_thing(interpreter: Interpreter) -> None:
    assert not read(interpreter, "[thing: shoes] with a lamp and a [wish: kettle]").parts


@pytest.mark.parametrize("name", ["Pedalix 15 Pro", "blorfen"])
def test_a_name_that_nobody_has_is_told(name: str, interpreter: Interpreter) -> None:
    assert read(interpreter, f"do you have the [reference: {name}]").unmet == (name,)


def test_long_names_are_those_that_shops_write_short() -> None:
    assert abbreviated("play compact discs") == "play cd"


@pytest.mark.parametrize("text", ["over a thousand?! I want a kettle", "300 dollars?! No way."])
def test_a_price_said_in_surprise_is_no_condition(text: str) -> None:
    assert not any(c.isdigit() for c in repaired(text))
    assert "thousand" not in repaired(text)
    assert len(repaired(text)) == len(text)


def test_knowing_nothing_about_a_thing_denies_nothing(interpreter: Interpreter) -> None:
    found = read(interpreter, "I know nothing about black [thing: shoes]")
    assert not any(w.is_negative for w in found.where)


def test_what_stands_for_a_thing_is_no_kind(interpreter: Interpreter) -> None:
    assert not read(interpreter, "my nephew collects the [thing: pirate ones]").thing


@pytest.mark.parametrize(
    ("word", "title", "beside"),
    [
        ("handles", "Roasting Tray with Handles", True),
        ("mirror", "Lamp for Mirror and Wall", True),
        ("mirror", "Wall Mirror with Shelf", False),
    ],
)
def test_what_a_product_comes_with_is_not_what_it_is(word: str, title: str, beside: bool) -> None:
    assert is_beside(word, title) is beside


def test_beside_a_thing_that_is_nothing_here_all_words_tell(interpreter: Interpreter) -> None:
    found = read(interpreter, "my [thing: fingertips] sting when I boil water")
    assert "boil water" in found.words


@pytest.mark.parametrize("name", ["somthing", "somethng nice", "anythin", "a soft thing to", "the red one"])
def test_what_is_only_called_a_thing_is_vague_however_it_is_spelt(name: str) -> None:
    assert is_vague(name)


def test_a_misspelt_something_is_not_said_to_be_missing(interpreter: Interpreter) -> None:
    assert read(interpreter, "[thing: somethng] for my [recipient: aunt]").unmet == ()


def test_a_thing_only_called_so_must_be_as_it_is_called(interpreter: Interpreter) -> None:
    found = read(interpreter, "I want a [thing: Nike thing]")
    assert [(w.field, w.value) for w in found.where] == [("brand", "Nike")]


def test_a_thing_of_a_material_is_called_as_in_english(interpreter: Interpreter) -> None:
    found = read(interpreter, "I search [thing: shoes of leather]")
    assert found.thing == "leather shoes"
    assert [(w.field, w.value) for w in found.where] == [("material", "leather")]


@pytest.mark.parametrize(
    ("words", "names", "written"),
    [
        (["office"], ["officer's shirt"], False),
        (["keyboards"], ["keyboard stand"], True),
        (["sofa"], ["couch cover"], True),
    ],
)
def test_a_word_that_is_only_like_a_name_is_not_meant(
    words: list[str], names: list[str], written: bool
) -> None:
    assert _is_written(words, names) is written


def test_what_the_reader_doubts_is_not_said_to_be_missing(interpreter: Interpreter) -> None:
    plain, sure = marked("[thing: shoes] that keep [condition: singing]")
    doubted = tuple(s if s.label != "condition" else replace(s, confidence=0.4) for s in sure.spans)
    state = DialogueState(session_id="s")
    assert interpreter.interpret(plain, sure, state).unmet == ("singing",)
    assert interpreter.interpret(plain, replace(sure, spans=doubted), state).unmet == ()


@pytest.mark.parametrize(
    "text",
    [
        "[thing: shoes] I can [wish: wear at work], and a [wish: kettle]",
        "[thing: shoes] that [condition: fit wide feet], and a [wish: kettle]",
        "[thing: shoes] I can [wish: run in and a kettle]",
        "[thing: plan C], then: [thing: shoes] and a [thing: kettle]",
    ],
)
def test_a_kind_is_sought_beside_one_of_which_something_is_told(text: str, interpreter: Interpreter) -> None:
    assert len(read(interpreter, text).parts) == 2


def test_what_a_thing_has_is_not_sought_itself(interpreter: Interpreter) -> None:
    assert read(interpreter, "[thing: shoes] with a big [thing: kettle]").thing == "shoes"


@pytest.mark.parametrize("thing", ["shoes where the", "shoes of", "shoes and"])
def test_words_that_lead_on_are_no_part_of_a_name(thing: str, interpreter: Interpreter) -> None:
    assert read(interpreter, f"any [thing: {thing}] soles are soft").thing == "shoes"


@pytest.mark.parametrize("text", ["[thing: anythin]", "[thing: zipper] thingies", "[thing: green things]"])
def test_what_is_only_called_a_thing_is_not_what_is_sought(text: str, interpreter: Interpreter) -> None:
    found = read(interpreter, f"have you {text} to [wish: keep tea hot]")
    assert not found.thing
    assert not found.unmet


def test_an_everyday_word_that_names_no_product_tells_the_need(interpreter: Interpreter) -> None:
    assert not read(interpreter, "same [thing: idea again], a [thing: plan] [wish: for boiling water]").thing


@pytest.mark.parametrize(("confidence", "told"), [(0.4, ()), (0.9, ("moonlit",))])
def test_what_is_hardly_a_condition_is_not_told_to_be_missing(
    confidence: float, told: tuple[str, ...], interpreter: Interpreter
) -> None:
    plain, found = marked("[thing: shoes], [condition: moonlit]")
    spans = tuple(
        s if s.label != "condition" else s.__class__(s.label, s.start, s.end, s.text, confidence)
        for s in found.spans
    )
    doubted = interpreter.interpret(plain, found.__class__(found.moves, spans), DialogueState(session_id="s"))
    assert doubted.unmet == told
