"""Whole turns on the demo shop with the offline planner: what a shopper sees, and what is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event

from agent.assistant import ShoppingAssistant
from agent.errors import AisleError
from agent.records import Reply
from agent.tools.compile import Compiler

REGULAR = "shopper-019"
ASKS = (
    "a headlamp under $60",
    "an electric kettle, not Tavo Nord",
    "tent for 3 people under $300",
    "wireless headphones",
    "recommend me something",
)


def evidence_ids(reply: Reply) -> set[str]:
    return {evidence.evidence_id for evidence in reply.record.evidence}


@pytest.mark.parametrize("text", ASKS)
def test_every_product_shown_meets_every_condition_in_force(
    assistant: ShoppingAssistant, session: str, text: str
) -> None:
    reply = assistant.reply(text, session_id=session)
    desk = assistant.desk
    conditions = assistant.state(session, None).topic.conditions()
    compiled = Compiler(assistant.shop.search, desk.schema).compile(conditions)
    products = desk.products(card.item_id for card in reply.cards)
    assert products
    assert all(desk.fits(one.filter, product) for product in products for one in compiled if one.filter)


@pytest.mark.parametrize("text", ASKS)
@pytest.mark.parametrize("user_id", [None, REGULAR])
def test_every_card_has_one_to_three_reasons_bound_to_evidence_of_the_turn(
    assistant: ShoppingAssistant, session: str, text: str, user_id: str | None
) -> None:
    reply = assistant.reply(text, user_id=user_id, session_id=session)
    for card in reply.cards:
        assert 1 <= len(card.reasons) <= 3
        for reason in (*card.reasons, *((card.drawback,) if card.drawback else ())):
            assert reason.evidence_ids
            assert set(reason.evidence_ids) <= evidence_ids(reply)


def test_the_cards_do_not_all_give_the_same_reason(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("a headlamp under $60", session_id=session)
    assert len({card.reasons[0].text for card in reply.cards}) >= 3


@pytest.mark.parametrize("text", ASKS)
def test_the_reply_names_no_product_that_is_not_shown(
    assistant: ShoppingAssistant, session: str, text: str
) -> None:
    reply = assistant.reply(text, user_id=REGULAR, session_id=session)
    shown = {card.item_id for card in reply.cards}
    others = (p.title for p in assistant.shop.catalog.products() if p.item_id not in shown)
    assert not [title for title in others if title in reply.text]


def test_the_pieces_of_a_stream_are_the_reply(assistant: ShoppingAssistant, session: str) -> None:
    deltas = list(assistant.stream("a headlamp under $60", session_id=session))
    assert deltas[0].status
    assert deltas[-1].reply is not None
    assert "".join(delta.text for delta in deltas) == deltas[-1].reply.text


def test_the_async_api_answers_the_same(assistant: ShoppingAssistant) -> None:
    async def both() -> tuple[Reply, str]:
        reply = await assistant.areply("a headlamp under $60", session_id="async one")
        stream = assistant.astream("a headlamp under $60", session_id="async two")
        return reply, "".join([delta.text async for delta in stream])

    reply, said = asyncio.run(both())
    assert reply.text == said


def test_an_async_stream_that_is_left_early_frees_its_session(assistant: ShoppingAssistant) -> None:
    async def leave() -> None:
        stream = assistant.astream("a headlamp under $60", session_id="left early")
        async for _ in stream:
            break
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(leave())
    assert assistant.reply("a headlamp under $60", session_id="left early").cards


def test_a_session_goes_on_after_a_restart(assistant: ShoppingAssistant, session: str) -> None:
    first = assistant.reply("a headlamp under $60", session_id=session)
    again = ShoppingAssistant.open(assistant.shop.reopened())
    reply = again.reply("what do buyers say about the second one?", session_id=session)
    assert [card.item_id for card in reply.cards] == [first.cards[1].item_id]


def test_nobody_enters_the_session_of_somebody_else(assistant: ShoppingAssistant, session: str) -> None:
    assistant.reply("a headlamp under $60", user_id=REGULAR, session_id=session)
    assert assistant.state(session, "shopper-001").topic.is_empty


def test_cheaper_is_cheaper(assistant: ShoppingAssistant, session: str) -> None:
    before = assistant.reply("a headlamp", session_id=session)
    after = assistant.reply("cheaper", session_id=session)
    highest = max(card.price for card in before.cards if card.price is not None)
    assert after.cards
    assert all(card.price is not None and card.price < highest for card in after.cards)


def test_like_the_second_one_is_not_the_second_one(assistant: ShoppingAssistant, session: str) -> None:
    second = assistant.reply("a headlamp", session_id=session).cards[1]
    reply = assistant.reply("something like the second one", session_id=session)
    assert reply.cards
    assert {card.category for card in reply.cards} == {second.category}
    assert second.item_id not in {card.item_id for card in reply.cards}


def test_what_is_for_somebody_else_does_not_go_by_the_shoppers_history(
    assistant: ShoppingAssistant, session: str
) -> None:
    record = assistant.reply("a headlamp for my dad", user_id=REGULAR, session_id=session).record
    assert record.considered
    assert all("cf" not in candidate.scores for candidate in record.considered)


def test_a_comparison_has_a_column_a_product(assistant: ShoppingAssistant, session: str) -> None:
    shown = assistant.reply("a headlamp", session_id=session).cards
    reply = assistant.reply("compare the first two", session_id=session)
    assert reply.table is not None
    assert reply.table.columns == (shown[0].title, shown[1].title)
    assert all(len(row) == 1 + len(reply.table.columns) for row in reply.table.rows)


def test_two_shoppers_with_other_histories_get_other_recommendations(assistant: ShoppingAssistant) -> None:
    replies = [assistant.reply("recommend me something", user_id=u) for u in (REGULAR, "shopper-435")]
    first, second = ({card.item_id for card in reply.cards} for reply in replies)
    assert first != second
    reasons = [reason for card in replies[0].cards for reason in card.reasons if reason.kind == "history"]
    assert reasons
    titles = [p.title for p in assistant.shop.catalog.products()]
    assert all(any(title[:40] in reason.text for title in titles) for reason in reasons)


def test_what_was_bought_is_not_recommended_again(assistant: ShoppingAssistant) -> None:
    owned = assistant.desk.profiles.load(REGULAR).owned
    reply = assistant.reply("recommend me something", user_id=REGULAR)
    assert owned
    assert owned.isdisjoint(card.item_id for card in reply.cards)


def test_a_gift_neither_uses_nor_changes_the_shoppers_own_history(
    assistant: ShoppingAssistant, session: str
) -> None:
    before = assistant.shop.events.history(REGULAR)
    reply = assistant.reply("a gift for my brother, a headlamp", user_id=REGULAR, session_id=session)
    assert reply.cards
    assert all("cf" not in candidate.scores for candidate in reply.record.considered)
    assert not [r for card in reply.cards for r in card.reasons if r.kind in ("history", "shoppers")]
    assert assistant.shop.events.history(REGULAR) == before


def test_every_score_of_every_candidate_is_in_the_turn_record(
    assistant: ShoppingAssistant, session: str
) -> None:
    record = assistant.reply("a headlamp under $60", user_id=REGULAR, session_id=session).record
    assert {card.item_id for card in record.shown} <= {c.item_id for c in record.considered}
    assert all({"search", "cf", "reviews", "popularity"} <= set(c.scores) for c in record.considered)


def test_a_turn_is_kept_and_can_be_read_again(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("a headlamp; mail me at jane.doe@example.org", session_id=session)
    (kept,) = assistant.turns.turns(session)
    assert kept.reply == reply.text
    assert "jane.doe" not in kept.model_dump_json()


def test_a_dropped_chip_takes_its_condition_back(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("a headlamp under $25", session_id=session)
    price = next(chip for chip in reply.chips if chip.kind == "constraint" and "25" in chip.label)
    again = assistant.drop_constraint(str(price.constraint_id), user_id=None, session_id=session)
    assert price.label not in [chip.label for chip in again.chips if chip.kind == "constraint"]
    assert any(card.price and card.price >= 25 for card in again.cards)


def test_a_dropped_chip_of_a_wish_takes_the_wish_back(assistant: ShoppingAssistant, session: str) -> None:
    assistant.reply("a headlamp", session_id=session)
    reply = assistant.reply("ideally light", session_id=session)
    wish = next(chip for chip in reply.chips if chip.kind == "preference")
    again = assistant.drop_constraint(str(wish.constraint_id), user_id=None, session_id=session)
    assert wish.label not in [chip.label for chip in again.chips]
    assert again.cards


def test_a_chip_that_is_gone_changes_nothing(assistant: ShoppingAssistant, session: str) -> None:
    before = assistant.reply("a headlamp under $25", session_id=session)
    again = assistant.drop_constraint("nothing", user_id=None, session_id=session)
    assert again.chips == before.chips


def test_a_disliked_product_is_not_shown_again(assistant: ShoppingAssistant, session: str) -> None:
    first = assistant.reply("a headlamp", session_id=session).cards[0]
    assistant.feedback(first.item_id, "dislike", user_id=None, session_id=session)
    again = assistant.reply("show me headlamps", session_id=session)
    assert first.item_id not in {card.item_id for card in again.cards}


def test_a_dislike_that_is_taken_back_lets_the_product_in_again(
    assistant: ShoppingAssistant, session: str
) -> None:
    first = assistant.reply("a headlamp", session_id=session).cards[0]
    for take_back in (False, True):
        assistant.feedback(first.item_id, "dislike", user_id=None, session_id=session, take_back=take_back)
    assert assistant.state(session, None).rejected == ()


def test_a_like_that_is_taken_back_leaves_no_event(assistant: ShoppingAssistant, session: str) -> None:
    card = assistant.reply("a headlamp", user_id="wavering", session_id=session).cards[0]
    for take_back in (False, True):
        assistant.feedback(card.item_id, "like", user_id="wavering", session_id=session, take_back=take_back)
    assert assistant.shop.events.history("wavering") == ()


def test_a_like_is_an_event_of_the_shopper(assistant: ShoppingAssistant, session: str) -> None:
    card = assistant.reply("a headlamp", user_id="new shopper", session_id=session).cards[0]
    assistant.feedback(card.item_id, "like", user_id="new shopper", session_id=session)
    assert [(e.item_id, e.kind) for e in assistant.shop.events.history("new shopper")] == [
        (card.item_id, "like")
    ]


def test_feedback_about_nothing_is_an_error_a_person_can_read(
    assistant: ShoppingAssistant, session: str
) -> None:
    with pytest.raises(AisleError, match="no product"):
        assistant.feedback("nothing", "like", user_id=None, session_id=session)
    with pytest.raises(AisleError, match="`like` or `dislike`"):
        assistant.feedback("nothing", "buy", user_id=None, session_id=session)


def test_history_is_not_used_once_the_shopper_says_no(assistant: ShoppingAssistant, session: str) -> None:
    assistant.consent("shopper-298", "personalise", False)
    record = assistant.reply("recommend me something", user_id="shopper-298", session_id=session).record
    assert all("cf" not in candidate.scores for candidate in record.considered)
    assert "history" in record.reply


def test_exposure_is_logged_only_with_consent(assistant: ShoppingAssistant) -> None:
    assistant.reply("a headlamp", user_id="shopper-100", session_id="exposure 1")
    assert assistant.turns.exposures("shopper-100") == []
    assistant.consent("shopper-100", "exposure", True)
    cards = assistant.reply("a headlamp", user_id="shopper-100", session_id="exposure 1").cards
    assert [item for _, item, _ in assistant.turns.exposures("shopper-100")] == [c.item_id for c in cards]


def test_a_lasting_preference_is_kept_only_after_a_yes(assistant: ShoppingAssistant, session: str) -> None:
    asked = assistant.reply("I'm vegan", user_id="shopper-101", session_id=session)
    assert assistant.desk.memories.list("shopper-101") == ()
    yes = next(chip.utterance for chip in asked.chips if chip.kind == "answer")
    assistant.reply(str(yes), user_id="shopper-101", session_id=session)
    assert [memory.text for memory in assistant.desk.memories.list("shopper-101")] == ["I'm vegan"]


def test_what_is_ruled_out_for_good_is_kept_from_every_later_conversation(
    assistant: ShoppingAssistant, session: str
) -> None:
    assistant.consent("shopper-102", "remember", True)
    assistant.reply(
        "remember that I never want anything from Nomadry", user_id="shopper-102", session_id=session
    )
    cards = assistant.reply("a headlamp", user_id="shopper-102", session_id=f"{session}, later").cards
    assert cards
    assert "Nomadry" not in {card.brand for card in cards}
    gift = assistant.reply(
        "headlamp for my dad", user_id="shopper-102", session_id=f"{session}, a gift"
    ).cards
    assert "Nomadry" in {card.brand for card in gift}


def test_what_is_taken_lies_in_the_cart(assistant: ShoppingAssistant, session: str) -> None:
    from agent.storage.carts import cart_owner

    shown = assistant.reply("a headlamp", session_id=session).cards
    assistant.reply("I'll take the second one", session_id=session)
    assert assistant.desk.carts.items(cart_owner(None, session)) == {shown[1].item_id: 1}


@pytest.mark.parametrize("text", ["", "   ", "\x00", "?!", "x" * 10_000, "👍", "<script>alert(1)</script>"])
def test_any_text_gets_an_answer(assistant: ShoppingAssistant, session: str, text: str) -> None:
    assert assistant.reply(text, session_id=session).text.strip()


def test_a_room_that_breaks_does_not_end_the_conversation(
    assistant: ShoppingAssistant, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the index is gone")

    monkeypatch.setattr(assistant.shop.search, "search", broken)
    reply = assistant.reply("a headlamp", session_id=session)
    assert reply.cards == ()
    assert "sorry" in reply.text.lower()
    assert reply.record.tool_calls[0].error == "RuntimeError: the index is gone"


def test_opening_a_folder_without_a_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AisleError, match="no shop in"):
        ShoppingAssistant.open(tmp_path)


def test_a_turn_is_one_transaction(assistant: ShoppingAssistant, session: str) -> None:
    """State and record together: one wait for the disk, and a crash leaves both or neither."""
    commits: list[object] = []
    note = commits.append
    event.listen(assistant.shop.engine, "commit", note)
    try:
        reply = assistant.reply("a headlamp under $60", session_id=session)
    finally:
        event.remove(assistant.shop.engine, "commit", note)
    assert len(commits) == 1
    kept = assistant.turns.last(session)
    assert kept is not None
    assert kept.turn_id == reply.record.turn_id
    assert assistant.state(session, None).turn == 1


def test_a_record_that_cannot_be_kept_leaves_the_state_as_it_was(
    assistant: ShoppingAssistant, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.reply("a headlamp under $60", session_id=session)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(assistant.turns, "save", full)
    with pytest.raises(AisleError, match="no space"):
        assistant.reply("under $40", session_id=session)
    assert assistant.state(session, None).turn == 1
