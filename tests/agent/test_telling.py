"""What is told of products on the demo shop: by buyers, by their own fields, by the shop's own pages."""

from __future__ import annotations

import pytest

from agent.assistant import ShoppingAssistant
from agent.toolbox.genuine import SIGNS, asks_if_genuine
from retrieval.reviews.suspicion import WEIGHTS


@pytest.mark.parametrize("asked", ["what do buyers say about the {}?", "reviews of the {}"])
def test_buyers_are_told_of_a_product_called_by_its_title_before_anything_is_shown(
    assistant: ShoppingAssistant, session: str, asked: str
) -> None:
    signals = assistant.shop.reviews.signals
    product = max(assistant.shop.catalog.products(), key=lambda p: signals(p.item_id).review_count)

    reply = assistant.reply(asked.format(product.title), session_id=session)

    assert [card.item_id for card in reply.cards] == [product.item_id]
    assert reply.text.startswith(f"Of {product.title}, ")
    assert "buyers are happy" in reply.text


def test_the_shops_own_page_is_quoted_word_for_word(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("how long does shipping take?", session_id=session)
    documents = [e for e in reply.record.evidence if e.kind == "document"]
    assert documents
    assert f"“{documents[0].text}”" in reply.text
    assert documents[0].source in reply.text


def test_asked_of_a_product_the_shops_page_is_told_as_the_shops(
    assistant: ShoppingAssistant, session: str
) -> None:
    second = assistant.reply("a headlamp", session_id=session).cards[1]
    reply = assistant.reply("does the second one have a warranty?", session_id=session)
    assert reply.text.startswith(f"Of {second.title} itself the shop does not say that; its documents say: “")
    assert "(warranty.md" in reply.text
    assert [card.item_id for card in reply.cards] == [second.item_id]


def test_a_page_on_the_kind_of_product_goes_before_one_on_all(
    assistant: ShoppingAssistant, session: str
) -> None:
    assistant.reply("a tent", session_id=session)
    reply = assistant.reply("how long is the warranty of the first one?", session_id=session)
    assert "tents and backpacks for five years" in reply.text


@pytest.mark.parametrize(
    "question", ["do your headphones have a warranty?", "is there a guarantee on a helmet?"]
)
def test_a_kind_that_no_page_speaks_of_has_what_all_products_have(
    assistant: ShoppingAssistant, session: str, question: str
) -> None:
    assert "All products carry a warranty of two years" in assistant.reply(question, session_id=session).text


@pytest.mark.parametrize(
    ("before", "question", "quoted"),
    [
        ("running shoes", "what size should I take if I am between 42 and 43?", "Running shoes run small."),
        ("a desk lamp", "can i send it back if i dont like it?", "within 30 days"),
        ("a desk lamp", "can I return it if it doesn't fit?", "within 30 days"),
    ],
)
def test_the_page_on_what_is_sought_answers(
    assistant: ShoppingAssistant, session: str, before: str, question: str, quoted: str
) -> None:
    assistant.reply(before, session_id=session)
    assert quoted in assistant.reply(question, session_id=session).text


def test_what_nobody_praises_is_best_at_nothing(assistant: ShoppingAssistant, session: str) -> None:
    assistant.reply("headphones", session_id=session)
    reply = assistant.reply("which of these has the best sound?", session_id=session)
    assert reply.text.startswith("No buyer of these praises it. ")
    assert "first comes" not in reply.text
    assert "no buyer speaks well of its sound and 1 badly" in reply.text


def test_the_worst_reviews_are_looked_for_among_all_shown(assistant: ShoppingAssistant, session: str) -> None:
    shown = assistant.reply("a desk lamp", session_id=session).cards
    reply = assistant.reply("which has the worst reviews", session_id=session)
    assert reply.text.startswith("By what buyers write, ")
    assert {card.item_id for card in reply.cards} == {card.item_id for card in shown}


def test_what_the_shop_says_of_a_product_that_is_called_by_name_comes_first(
    assistant: ShoppingAssistant, session: str
) -> None:
    lamp = assistant.reply("a headlamp", session_id=session).cards[0]
    product = assistant.shop.catalog.product(lamp.item_id)
    assert product is not None
    known = {**product.attributes, "warranty_years": 7}
    assistant.shop.catalog.upsert_products([product.model_copy(update={"attributes": known})])
    reply = assistant.reply(f"does the {product.title} have a warranty?", session_id=f"{session} anew")
    own, said, documents = reply.text.partition(" Its documents say: ")
    assert own == f"About {product.title}, the shop says: warranty 7 years."
    assert said
    assert "two years" in documents


def test_how_long_a_product_takes_is_told_from_its_own_numbers(
    assistant: ShoppingAssistant, session: str
) -> None:
    first = assistant.reply("an electric kettle", session_id=session).cards[0]
    product = assistant.shop.catalog.product(first.item_id)
    assert product is not None
    reply = assistant.reply("how long does the first take to boil", session_id=session)
    assert f"boil {product.attributes['boil_minutes']} minutes" in reply.text


def test_which_is_best_at_something_is_answered_by_what_buyers_say_of_it(
    assistant: ShoppingAssistant, session: str
) -> None:
    assistant.reply("wireless headphones under $100", session_id=session)
    reply = assistant.reply("which of these has the best sound?", session_id=session)
    assert reply.text.startswith("By what buyers write, first comes ")
    assert "of its sound" in reply.text


def test_reviews_are_counted_where_their_number_is_asked_for(
    assistant: ShoppingAssistant, session: str
) -> None:
    shown = assistant.reply("bike helmet", session_id=session).cards
    most = max(shown, key=lambda card: card.review_count)
    reply = assistant.reply("which has the most reviews", session_id=session)
    assert (
        reply.text == f"The one with the most reviews of these is {most.title}: {most.review_count} reviews."
    )
    reply = assistant.reply("how many reviews does the first one have?", session_id=session)
    assert f"{shown[0].review_count} reviews" in reply.text


def test_stars_are_told_where_they_are_asked_for(assistant: ShoppingAssistant, session: str) -> None:
    first = assistant.reply("bike helmet", session_id=session).cards[0]
    reply = assistant.reply("how many stars does the first one have?", session_id=session)
    assert f"{first.stars} of 5 stars" in reply.text


@pytest.mark.parametrize("kind", ["electric toothbrush under $60", "bike helmet", "a tent", "headphones"])
def test_no_advice_praises_an_overall(assistant: ShoppingAssistant, session: str, kind: str) -> None:
    assistant.reply(kind, session_id=session)
    for question in ("compare the first two", "compare the second and the third"):
        assert "its overall" not in assistant.reply(question, session_id=session).text


def test_an_aspect_of_one_product_is_told_as_its_signals_count_it(
    assistant: ShoppingAssistant, session: str
) -> None:
    shown = assistant.reply("wireless headphones", session_id=session).cards
    reviews = assistant.shop.reviews
    place, sound = next(
        (place, sound)
        for place, card in zip(("first", "second", "third", "fourth", "fifth"), shown, strict=True)
        if (sound := reviews.signals(card.item_id).aspect("sound"))
    )
    reply = assistant.reply(f"what do buyers say about the sound of the {place} one", session_id=session)
    assert f"{sound.positive or 'no'} buyer" in reply.text
    assert f"of its sound and {sound.negative or 'none'} badly" in reply.text


def test_the_worst_review_is_no_praise(assistant: ShoppingAssistant, session: str) -> None:
    assistant.reply("an electric kettle", session_id=session)
    reply = assistant.reply("what is the worst review of the first one?", session_id=session)
    assert reply.text.startswith(("What buyers complain about in", "I found no complaint", "Of "))
    assert "happy and" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "are the reviews real?",
        "are those reviews legit or paid for",
        "any fake reviews for the second one?",
        "can i trust these reviews",
        "how many of these are reviews I can believe",
    ],
)
def test_doubts_about_reviews_are_heard(text: str) -> None:
    assert asks_if_genuine(text)


@pytest.mark.parametrize(
    "text",
    [
        "is real leather mentioned in the reviews of it?",
        "how reliable is it according to reviews",
        "do the reviews say it is reliable",
        "what do the reviews say",
    ],
)
def test_a_question_to_reviews_is_no_doubt_about_them(text: str) -> None:
    assert not asks_if_genuine(text)


def test_every_sign_of_suspicion_has_words() -> None:
    assert set(SIGNS) == set(WEIGHTS)


def test_a_doubt_about_reviews_is_answered_by_the_signs_found(
    assistant: ShoppingAssistant, session: str
) -> None:
    signals, products = assistant.shop.reviews.signals, assistant.shop.catalog.products()
    product = next(p for p in products if signals(p.item_id).suspicious_reasons == {"copy": 1})
    of = signals(product.item_id).review_count

    reply = assistant.reply(f"are the reviews of the {product.title} real?", session_id=session)

    assert f"1 of {of} reviews looks suspicious and weighs less (1 copies another)" in reply.text


def test_reviews_without_a_sign_are_not_doubted(assistant: ShoppingAssistant, session: str) -> None:
    signals, products = assistant.shop.reviews.signals, assistant.shop.catalog.products()
    product = max(
        (p for p in products if not signals(p.item_id).suspicious),
        key=lambda p: signals(p.item_id).review_count,
    )

    reply = assistant.reply(f"are the reviews of the {product.title} fake?", session_id=session)

    assert f"none of {signals(product.item_id).review_count} reviews looks suspicious" in reply.text


@pytest.mark.parametrize(
    "asked",
    [
        "which of these is quietest according to buyers?",
        "which of these is quietest according to the reviews?",
        "which of these do buyers call the quietest?",
    ],
)
def test_quietest_according_to_buyers_is_told_by_their_words_though_the_shop_has_a_number(
    assistant: ShoppingAssistant, session: str, asked: str
) -> None:
    assistant.reply("show me coffee grinders", session_id=session)
    by_shop = assistant.reply("which of these is the quietest?", session_id=session).text
    assistant.reply("show me coffee grinders", session_id=session)
    by_buyers = assistant.reply(asked, session_id=session).text

    assert " dB" in by_shop
    assert by_buyers.startswith("By what buyers write, first comes ")
    assert " dB" not in by_buyers
