"""What buyers say, and how products compare."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.tools.buyer_questions import asked_about, without_name
from agent.tools.buyers import buyers
from agent.tools.compare import compare
from agent.tools.context import ToolContext
from retrieval.records import Product

Handle = Callable[[str], str]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("", "verdict"),
        ("what do people say about it", "verdict"),
        ("what do buyers moan about", "against"),
        ("what do people love", "for"),
        ("how is the battery life", "topic"),
        ("are these reviews fake", "genuine"),
    ],
)
def test_what_is_wanted_of_buyers_is_told_apart(question: str, wanted: str) -> None:
    assert asked_about(question)[0] == wanted


def test_buyers_of_several_are_put_in_order_by_what_they_say(context: ToolContext, handle: Handle) -> None:
    said = buyers(context, [handle("K1"), handle("K2")], "which is quiet")
    assert [opinion.card.item_id for opinion in said.heard] == ["K2", "K1"]


def test_complaints_are_counted_and_quoted(context: ToolContext, handle: Handle) -> None:
    said = buyers(context, [handle("K1")], "what do they complain about")
    (opinion,) = said.opinions
    assert said.wanted == "against"
    assert opinion.negative == 1
    assert opinion.quotes[0].side == "negative"
    assert opinion.quotes[0].evidence.evidence_id in context.shelf.evidence


def test_a_product_that_nobody_reviewed_has_no_opinion(context: ToolContext, handle: Handle) -> None:
    (opinion,) = buyers(context, [handle("C1")]).opinions
    assert opinion.review_count == 0
    assert "nobody has reviewed" in opinion.tally


def test_what_no_buyer_mentions_is_said_to_be_unmentioned(context: ToolContext, handle: Handle) -> None:
    said = buyers(context, [handle("K2")], "radio reception")
    assert not said.heard
    assert "No review found that judges radio reception" in said.text()


def test_unknown_handles_are_told(context: ToolContext, handle: Handle) -> None:
    said = buyers(context, [handle("K1"), "P9"])
    assert len(said.opinions) == 1
    assert "P9" in said.problem


def test_a_comparison_names_the_winner_by_the_shops_own_number(context: ToolContext, handle: Handle) -> None:
    found = compare(context, [handle("K1"), handle("K2")], "which is quieter")
    assert (found.by, found.asked, found.winners) == ("field", "noise", (handle("K2"),))
    assert [side.value for side in found.sides] == [71.0, 54.0]


def test_a_product_that_does_not_state_what_is_asked_is_named(context: ToolContext, handle: Handle) -> None:
    found = compare(context, [handle("K1"), handle("K2"), handle("K4")], "which is the quietest")
    assert found.silent == (handle("K4"),)


def test_equal_products_both_win(context: ToolContext, handle: Handle) -> None:
    found = compare(context, [handle("S1"), handle("S1"), handle("S2")], "which weighs less")
    assert found.winners == (handle("S2"),)
    assert len(found.sides) == 2


def test_values_are_told_where_no_order_is_asked(context: ToolContext, handle: Handle) -> None:
    found = compare(context, [handle("K1"), handle("K2")], "what do they cost")
    assert found.asked == "price"
    assert not found.winners


def test_a_comparison_takes_two(context: ToolContext, handle: Handle) -> None:
    assert "two handles" in compare(context, [handle("K1")]).problem


def test_the_table_holds_what_differs(context: ToolContext, handle: Handle) -> None:
    table = compare(context, [handle("K1"), handle("K2")]).table
    assert table is not None
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Noise"] == ("71 dB", "54 dB")
    assert rows["Material"] == ("glass", "stainless steel")
    assert context.shelf.table == table


@pytest.mark.parametrize(
    "question", ["complaints", "complaints about the noise", "what do people moan about"]
)
def test_asked_for_complaints_no_praise_is_quoted(
    context: ToolContext, handle: Callable[[str], str], question: str
) -> None:
    (opinion,) = buyers(context, [handle("K1")], question).opinions
    assert opinion.quotes
    assert "positive" not in [quote.side for quote in opinion.quotes]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("how good is the camera", "how good is the camera"),
        ("how good is the nova touch", "how good is the"),
        ("is the screen protector of the Nova any good", "is the of the any good"),
        ("the camera of the nova phone", "the camera of the"),
    ],
)
def test_a_part_that_the_title_names_is_asked_about_and_the_name_is_not(question: str, left: str) -> None:
    title = "Acme Nova Touch Phone, 48MP Camera"
    phone = Product(item_id="N", title=title, brand="Acme", category=("Screen Protectors",))
    assert without_name(question, phone, ("camera", "touch", "screen protector")).split() == left.split()


def test_what_counts_are_of_is_told_with_them(context: ToolContext, handle: Handle) -> None:
    def tally(question: str) -> str:
        return buyers(context, [handle("K2")], question).opinions[0].tally

    assert tally("") == "3 buyers are happy and none not"
    assert tally("how is the quality") == "2 buyers speak well of its quality and none badly"
    assert "who mentions that" in tally("how solid is the handle to hold")
