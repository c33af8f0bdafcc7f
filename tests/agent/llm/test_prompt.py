"""The prompt: rules and shop first and the same every time, the talk behind, and no more than it may cost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.assistant import ShoppingAssistant
from agent.llm.answer import Answer
from agent.llm.profile import CHARACTERS, shop_profile
from agent.llm.prompt import system_prompt
from agent.tools import TOOLS
from agent.tools.langchain import langchain_tools
from tests.agent.llm.conftest import Scripted, Talk, answer, find

Open = Callable[..., ShoppingAssistant]


@pytest.fixture(scope="module")
def assistant(opened: Open) -> ShoppingAssistant:
    return opened(Scripted(script=[find("tent"), answer("Take [P1].", "P1", "P2")]))


def test_the_profile_names_kinds_brands_fields_and_pages(assistant: ShoppingAssistant) -> None:
    profile = shop_profile(assistant.desk)
    assert "600 products" in profile
    assert "Electric kettle" in profile
    assert "waterproof yes/no" in profile
    assert re.search(r"\bweight_g \d+ to \d+\b", profile)
    assert "Simmerfield" in profile
    assert "Shipping" in profile


def test_the_profile_is_bounded_and_says_what_it_leaves_out(assistant: ShoppingAssistant) -> None:
    profile = shop_profile(assistant.desk)
    assert len(profile) <= CHARACTERS
    assert "more (browse)" in profile


def test_the_system_prompt_is_the_same_for_every_turn(talk: Talk) -> None:
    _, first = talk(answer("Hello."))
    _, second = talk(answer("Hello."), text="something else")
    assert first._seen[0][0] == second._seen[0][0]


def test_the_conversation_stands_before_what_holds_now(opened: Open) -> None:
    model = Scripted(script=[find("tent"), answer("Take [P1].", "P1")])
    assistant = opened(model, spans={})
    card = assistant.reply("a tent please", session_id="talk").cards[0]
    model.script[:] = [answer("Yes.")]
    assistant.reply("is it heavy?", session_id="talk")
    said, answered, now = (str(message.content) for message in model._seen[-1][1:])
    assert said == "<shopper>a tent please</shopper>"
    assert card.title[:30] in answered
    assert f"(shown: [P1] {card.title[:30]}" in answered
    assert now.endswith("<shopper>is it heavy?</shopper>")
    assert "Just talked about: [P1]." in now


def test_the_cart_is_told_with_its_total(opened: Open) -> None:
    model = Scripted(script=[find("tent"), answer("Take [P1].", "P1")])
    assistant = opened(model, spans={})
    card = assistant.reply("a tent please", session_id="cart").cards[0]
    assistant.desk.carts.put("session:cart", card.item_id, 2)
    model.script[:] = [answer("Yes.")]
    assistant.reply("what does it come to?", session_id="cart")
    assert card.price is not None
    assert f"In the cart: 2 × [P1], ${2 * card.price:,.2f} in all." in str(model._seen[-1][-1].content)


def test_a_call_in_a_long_conversation_stays_within_its_tokens(opened: Open) -> None:
    model = Scripted(script=[find("tent", limit=5), answer("Take [P1], it is good. " * 5, "P1", "P2", "P3")])
    assistant = opened(model, spans={})
    for turn in range(6):
        model.script[:] = [find("tent", limit=5), answer("Take [P1], it suits. " * 5, "P1", "P2", "P3", "P4")]
        assistant.reply(f"a tent for trip number {turn}, light, dry, and not too dear", session_id="long")
    last = "".join(str(message.content) for message in model._seen[-2])
    assert len(last) / 4 < 2_400
    tools = langchain_tools(tool for name, tool in TOOLS.items() if name not in ("show", "ask"))
    schemas = [convert_to_openai_tool(tool) for tool in (*tools, Answer)]
    assert len(json.dumps(schemas)) / 4.4 < 2_400
    assert len(system_prompt(shop_profile(assistant.desk))) / 4 < 1_500
