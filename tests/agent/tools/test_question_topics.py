"""What everyday questions are about, and which fields tell it."""

from __future__ import annotations

import pytest

from agent.tools.materials import asks_material
from agent.tools.question_topics import asked_topics, speaks_of, states_amount


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("how long does it run before it dies", "battery life"),
        ("how long before I have to plug it in again", "runtime"),
        ("how long does it need on the charger", "charging time"),
        ("how far does it reach", "maximum operating range"),
        ("how loud is it on the spin", "noise level"),
        ("how much water goes in", "water tank capacity"),
        ("has it got a number pad", "numeric keypad"),
        ("can I hang it on the wall", "vesa mounting"),
        ("could I take it in the shower", "waterproof"),
        ("does it come off in the water", "water resistant"),
        ("is it original hp", "type original"),
        ("how long does a round take", "playing time"),
        ("how long will it keep them going", "time"),
        ("who wrote that one", "author"),
        ("who's it by", "artist"),
        ("how thick is the novel", "pages"),
    ],
)
def test_a_field_tells_what_is_asked_in_other_words(question: str, label: str) -> None:
    assert any(topic.rank(label) is not None for topic in asked_topics(question))


def test_a_name_that_is_told_whole_is_no_part_of_another() -> None:
    assert all(topic.rank("delivery time") is None for topic in asked_topics("how long does it last"))


def test_charging_is_no_running() -> None:
    assert [topic.name for topic in asked_topics("how long does it take to charge")] == ["charging"]


def test_the_more_telling_field_comes_first() -> None:
    (topic,) = asked_topics("how long does the battery last")
    assert topic.rank("battery life") < topic.rank("standby time")  # type: ignore[operator]


def test_a_sentence_states_an_amount_or_only_speaks_of_it() -> None:
    assert states_amount("how long does it last", "Plays for 12 hours.")
    assert not states_amount("is it waterproof", "Rain does it no harm.")
    assert speaks_of("is it waterproof", "Rain does it no harm.")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("is that real leather or just vinyl", True),
        ("what wood is the frame", True),
        ("is it the real thing", False),
        ("which colour is proper for a hall", False),
    ],
)
def test_whether_it_really_is_a_material_asks_for_it(question: str, asks: bool) -> None:
    assert asks_material(question) == asks


def test_what_is_measured_is_no_tape_measure() -> None:
    asked = {
        q: [topic.name for topic in asked_topics(q)]
        for q in ("what does it measure", "is a tape measure in it")
    }
    assert list(asked.values()) == [["dimensions"], []]
