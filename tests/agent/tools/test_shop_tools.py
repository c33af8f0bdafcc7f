"""The shop's pages, explanations, what goes together, what it sells, what is shown and asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent.assistant import ShoppingAssistant
from agent.conditions import Avoid, Where
from agent.tools.advice import GENERAL, advice
from agent.tools.ask import ask
from agent.tools.browse import browse
from agent.tools.context import ToolContext
from agent.tools.find import find
from agent.tools.goes_with import goes_with
from agent.tools.pages import pages
from agent.tools.recommend import recommend
from agent.tools.show import show

Handle = Callable[[str], str]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("do u ship to germany", "We do not ship to other countries."),
        ("whats the postage", "$4.90"),
        ("what if i don't like it, can it go back", "30 days"),
        ("how long is the guarantee on a kettle", "three years"),
    ],
)
def test_pages_answer_natural_questions_word_for_word(context: ToolContext, question: str, told: str) -> None:
    passage = pages(context, question).passages[0]
    assert told in passage.text
    assert passage.evidence.evidence_id in context.shelf.evidence


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("how many kettles do you sell?", "4"),
        ("how many kettles are there", "4"),
        ("How many products do you have", "8"),
    ],
)
def test_how_many_there_are_is_counted(shop_assistant: ShoppingAssistant, question: str, count: str) -> None:
    assert f"There are {count} " in shop_assistant.reply(question).text


def test_a_number_of_what_more_is_said_about_is_not_told(shop_assistant: ShoppingAssistant) -> None:
    for question in ("how many red kettles do you sell?", "how many kettles do you have for camping?"):
        assert "There are 4 " not in shop_assistant.reply(question).text


def test_how_many_of_something_else_is_a_question_to_the_pages(shop_assistant: ShoppingAssistant) -> None:
    assert "30 days" in shop_assistant.reply("how many days do I have to return it?").text


def test_what_the_pages_do_not_say_is_told_with_what_they_are_about(context: ToolContext) -> None:
    found = pages(context, "do you plant a tree for every order")
    assert not found.passages
    assert "Shipping" in found.text()


def test_an_explanation_comes_from_the_shops_own_texts(context: ToolContext) -> None:
    found = advice(context, "what does the kestrel step mean")
    assert found.known
    assert "called the kestrel step" in found.passages[0].text


def test_a_term_of_the_trade_is_told_as_general_knowledge(context: ToolContext) -> None:
    found = advice(context, "what is the drop of a running shoe")
    assert (found.passages[0].source, "heel" in found.passages[0].text) == (GENERAL, True)


def test_what_no_text_explains_is_not_known(context: ToolContext) -> None:
    found = advice(context, "what is quantum chromodynamics")
    assert not found.known


def test_what_shoppers_took_together_goes_with_a_product(context: ToolContext, handle: Handle) -> None:
    found = goes_with(context, handle("K1"))
    assert found.together
    assert found.rows[0].item_id == "C1"
    assert "5 shoppers" in found.rows[0].card.reasons[0].text


def test_what_goes_with_a_product_keeps_to_the_price_that_was_said(
    context: ToolContext, handle: Handle
) -> None:
    limited = replace(context, said=(Where(field="price", op="<=", value=5.0),))
    assert "C1" not in [row.item_id for row in goes_with(limited, handle("K1")).rows]


def test_nothing_ruled_out_is_recommended(context: ToolContext) -> None:
    found = recommend(context, avoid=[Where(field="brand", value="Nordhall")])
    assert found.rows
    assert all(row.card.brand != "Nordhall" for row in found.rows)
    assert found.basis == "popular"


def test_browsing_tells_departments_with_counts_and_prices(context: ToolContext) -> None:
    found = browse(context)
    assert {entry.name: entry.count for entry in found.entries} == {"Kitchen": 6, "Clothing": 2}


def test_browsing_a_field_tells_its_values(context: ToolContext) -> None:
    assert "ceramic" in [entry.name for entry in browse(context, "material").entries]


def test_browsing_what_does_not_exist_tells_what_does(context: ToolContext) -> None:
    assert browse(context, "spaceships").problem


def test_showing_refuses_what_the_shopper_ruled_out(context: ToolContext, handle: Handle) -> None:
    strict = replace(context, said=(Where(field="price", op="<=", value=30.0),))
    shown = show(strict, [handle("K1"), handle("K2")])
    assert [card.item_id for card in shown.cards] == ["K1"]
    assert shown.refused == (handle("K2"),)


def test_a_product_asked_about_is_shown_beside_the_list(context: ToolContext, handle: Handle) -> None:
    show(context, [handle("K1")])
    show(context, [handle("K2")], aside=True)
    assert [card.item_id for card in context.shelf.cards] == ["K1", "K2"]


def test_showing_an_unknown_handle_tells_those_that_exist(context: ToolContext, handle: Handle) -> None:
    handle("K1")
    assert "P1" in show(context, ["P9"]).problem


def test_a_question_puts_its_answers_out_as_chips(context: ToolContext) -> None:
    ask(context, "Glass or steel?", ["Glass", "Steel"])
    assert [chip.utterance for chip in context.shelf.chips] == ["Glass", "Steel"]


def test_one_question_a_turn(context: ToolContext) -> None:
    ask(context, "Glass or steel?")
    assert ask(context, "Large or small?").problem


def test_what_is_to_be_avoided_is_told_by_the_field_that_states_it(context: ToolContext) -> None:
    found = find(
        context, where=[Where(field="category", value="Shoes")], avoid=[Avoid(field="Color", value="Black")]
    )
    assert [row.item_id for row in found.rows] == ["S2"], "its color is blue, whatever else its text names"


def test_what_is_made_for_a_product_speaks_of_its_kind(context: ToolContext, handle: Handle) -> None:
    alone = replace(context, said=(Where(field="price", op="<=", value=5.0),))
    kettle = context.desk.shop.product("K1")
    assert kettle is not None
    spoken = " ".join(kettle.category[-1:]).lower().rstrip("s")
    for row in goes_with(alone, handle("K1")).rows:
        product = context.desk.shop.product(row.item_id)
        assert product is not None
        assert spoken in f"{product.title} {product.description}".lower()
