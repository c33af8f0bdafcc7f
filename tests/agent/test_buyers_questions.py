"""Questions to buyers of many products on the demo shop: of a kind, of all shown, of one part."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.meaning import Act
from agent.toolbox import by_buyers
from agent.toolbox.sides import tally_of
from retrieval.reviews.answers import BuyersAnswer


def test_a_kind_is_told_by_its_buyers_before_anything_is_shown(
    assistant: ShoppingAssistant, session: str
) -> None:
    reply = assistant.reply("which kettle do buyers call quietest", session_id=session)

    assert "By what buyers write, first comes " in reply.text
    assert reply.text.split("first comes ")[1].startswith(reply.cards[0].title)
    assert {card.category[-1] for card in reply.cards} == {"Electric kettle"}
    assert " dB" not in reply.text.split("By what buyers write")[1]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("do any reviews of the backpack mention rain?", "Hiking backpack"),
        ("has anyone complained that the tent leaks", "Tent"),
        ("what do people say about the battery of earbuds", "Earbuds"),
        ("what do people dislike about coffee grinders", "Coffee grinder"),
        ("what are the main complaints about tents?", "Tent"),
        ("which steel kettle do people find easiest to clean", "Electric kettle"),
    ],
)
def test_the_kind_that_a_question_names_is_looked_at(
    assistant: ShoppingAssistant, session: str, asked: str, kind: str
) -> None:
    assistant.reply("a bike helmet", session_id=session)
    reply = assistant.reply(asked, session_id=session)
    assert {card.category[-1] for card in reply.cards} == {kind}


def test_what_is_said_of_no_product_is_said_to_be_so(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("do any reviews of kettles mention submarines?", session_id=session)
    assert "Nobody mentions that in the reviews" in reply.text


def test_complaints_of_a_kind_are_counted_over_all_its_products(
    assistant: ShoppingAssistant, session: str
) -> None:
    reply = assistant.reply("what do customers complain about most with coffee grinders", session_id=session)
    reviews = assistant.shop.reviews
    grinders = [p for p in assistant.shop.catalog.products() if p.category[-1] == "Coffee grinder"]
    prices = [a for p in grinders if (a := reviews.signals(p.item_id).aspect("price"))]
    against, judged = sum(a.negative for a in prices), sum(a.positive + a.negative for a in prices)
    assert f"price ({against} of {judged} who judge it)" in reply.text


def test_a_large_kind_is_read_in_part_and_that_is_said(
    assistant: ShoppingAssistant, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_buyers, "MOST_READ", 2)
    reply = assistant.reply("which kettle do buyers call quietest", session_id=session)
    assert "I read the reviews of the 2 that rank first." in reply.text


def test_of_three_that_are_pointed_at_no_other_is_told(assistant: ShoppingAssistant, session: str) -> None:
    shown = assistant.reply("show me tents", session_id=session).cards
    reply = assistant.reply("do people like the first, the second and the third?", session_id=session)
    assert {card.item_id for card in reply.cards} == {card.item_id for card in shown[:3]}


def test_they_are_all_that_is_shown(assistant: ShoppingAssistant, session: str) -> None:
    shown = assistant.reply("show me tents", session_id=session).cards
    reply = assistant.reply("has anyone complained that they are submarines", session_id=session)
    assert reply.text == "Nobody mentions it in the reviews of these that I read."
    assert [card.item_id for card in reply.cards] == [card.item_id for card in shown]


def test_the_name_of_the_kind_is_not_what_is_asked(assistant: ShoppingAssistant, session: str) -> None:
    assistant.reply("show me kettles", session_id=session)
    kind = assistant.reply("do people like the kettles", session_id=session).text
    it = assistant.reply("do people like these", session_id=session).text
    assert kind == it


@pytest.mark.parametrize("asked", ["is the zip of the second one sturdy?", "is the zip sturdy on the second"])
def test_a_part_of_a_product_is_asked_about_and_not_sought(
    assistant: ShoppingAssistant, session: str, asked: str
) -> None:
    second = assistant.reply("a hiking backpack", session_id=session).cards[1]
    reply = assistant.reply(asked, session_id=session)
    assert reply.record.understanding["act"] == Act.ASK_PRODUCT
    assert [card.item_id for card in reply.cards] == [second.item_id]


def test_what_the_shop_does_not_say_of_a_part_its_buyers_may(
    assistant: ShoppingAssistant, session: str
) -> None:
    reviews = assistant.shop.reviews
    shown = assistant.reply("a hiking backpack", session_id=session).cards
    place = next(n for n, card in enumerate(shown) if reviews.signals(card.item_id).aspect("zip"))
    word = ("first", "second", "third", "fourth", "fifth")[place]
    reply = assistant.reply(f"is the zip of the {word} one good?", session_id=session)
    assert reply.text.startswith(f"The shop does not say that about {shown[place].title}. Of ")
    assert "of its zip" in reply.text


@pytest.mark.parametrize(("aspect", "of"), [("battery", "its battery"), (None, "it"), ("overall", "it")])
def test_buyers_who_take_no_side_are_told_as_such(aspect: str | None, of: str) -> None:
    answer = BuyersAnswer(item_id="a", aspect=aspect, neutral=2, mentioned=True)
    assert tally_of(answer) == f"no buyer speaks well or badly of {of}"
