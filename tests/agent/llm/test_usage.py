"""Tokens and money: counted in the turn record, and limited by the day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.assistant import ShoppingAssistant
from agent.llm.models import ModelError
from agent.llm.usage import Meter, Spending
from tests.agent.llm.conftest import Scripted, Talk, answer, find


def test_tokens_are_counted_in_the_turn_record(talk: Talk) -> None:
    reply, _ = talk(find(), answer("Take [P1].", "P1"), llm_prices=(1.0, 2.0))
    usage = reply.record.usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (2, 100, 10)
    assert usage.cost == pytest.approx(120 / 1e6)


def test_tokens_of_the_prompt_cache_are_counted_apart() -> None:
    meter = Meter()
    meter.add({"input_tokens": 900, "output_tokens": 5, "input_token_details": {"cache_read": 800}}, "m")
    assert meter.usage().cached_tokens == 800


def test_a_cost_without_a_price_is_unknown_not_nothing() -> None:
    assert Meter().usage().cost is None


def test_when_the_money_of_the_day_is_spent_the_planner_answers(
    opened: Callable[..., ShoppingAssistant],
) -> None:
    model = Scripted(script=[find(), answer("Take [P1].", "P1")])
    assistant = opened(model, llm_daily_dollars=5.0, llm_prices=(1.0, 2.0))
    before = assistant.spending.today()
    assistant.spending.add(6.0)
    try:
        reply = assistant.reply("a headlamp under $60")
    finally:
        assistant.spending.add(before - assistant.spending.today())
    assert model._seen == []
    assert reply.cards
    assert "model: the money of the day is spent" in reply.record.guard_actions


def test_money_adds_up_over_turns(opened: Callable[..., ShoppingAssistant]) -> None:
    assistant = opened(Scripted(script=[answer("Hello.")]), llm_prices=(1_000.0, 0.0))
    before = assistant.spending.today()
    assistant.reply("hello")
    assistant.reply("hello")
    assert assistant.spending.today() == pytest.approx(before + 0.2)
    assert Spending(assistant.shop.engine).today() == assistant.spending.today()


def test_a_daily_limit_needs_a_price(opened: Callable[..., ShoppingAssistant]) -> None:
    with pytest.raises(ModelError, match="AISLE_LLM_PRICES"):
        opened(Scripted(script=[answer("Hello.")]), llm_daily_dollars=5.0)
