"""What is not judged (health, safety), what was forgotten, and which corrections are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.reading.query import says_other_things


@pytest.fixture(scope="module")
def assistant(demo_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> ShoppingAssistant:
    folder = tmp_path_factory.mktemp("caution") / "shop"
    return ShoppingAssistant.open(Path(shutil.copytree(demo_shop, folder)))


@pytest.fixture
def session(request: pytest.FixtureRequest) -> str:
    return f"session of {request.node.name}"


def test_a_medical_question_is_declined_with_advice_and_searches_nothing(
    assistant: ShoppingAssistant, session: str
) -> None:
    text = "I have chest pain after using the massager, which painkiller should I take"
    reply = assistant.reply(text, session_id=session)
    assert not reply.cards
    assert "doctor" in reply.text
    assert not reply.record.tool_calls


def test_whether_a_product_is_safe_is_never_judged(assistant: ShoppingAssistant, session: str) -> None:
    text = "is the kettle safe for a baby with peanut allergy?"
    first = assistant.reply(text, session_id=session)
    assistant.reply("an electric kettle", session_id=session)
    second = assistant.reply(text, session_id=session)
    for reply in (first, second):
        assert reply.record.understanding["act"] == "ask_product"
        assert "ask the shop or a professional" in reply.text
        assert not any(call.name == "search" for call in reply.record.tool_calls)


def test_forgetting_tells_what_was_done(assistant: ShoppingAssistant, session: str) -> None:
    for user_id in (None, "someone-new"):
        assistant.reply("I'm vegan", user_id=user_id, session_id=f"{session} {user_id}")
        reply = assistant.reply("forget that I'm vegan", user_id=user_id, session_id=f"{session} {user_id}")
        assert "no longer go by “vegan”" in reply.text
        assert not [chip for chip in reply.chips if chip.kind == "constraint"]


def test_a_misspelt_filler_is_corrected_without_a_word() -> None:
    assert not says_other_things("somthing warm wnat", "something warm want")
    assert says_other_things("headphnes", "headphones")
