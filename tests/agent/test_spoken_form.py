"""What a reply sounds like: short, prices and numbers in words, nothing that only an eye can use."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.records import Card, TurnRecord
from agent.spoken_form import MOST_CHARACTERS, spoken_form


def card(title: str, price: float | None) -> Card:
    return Card(handle="P1", item_id=title, title=title, price=price, currency="EUR")


def turn(reply: str, *shown: Card) -> TurnRecord:
    return TurnRecord(
        turn_id="t",
        session_id="s",
        user_id=None,
        time=datetime.now(UTC),
        utterance="",
        reply=reply,
        shown=shown,
    )


def test_prices_and_numbers_are_words() -> None:
    said = spoken_form(
        turn("I'd start with the Wren Tent. The Haze Tent has 4.9 stars and costs $20.00 more.")
    )
    assert said == (
        "I'd start with the Wren Tent.",
        "The Haze Tent has four point nine stars and costs twenty dollars more.",
    )


def test_the_price_of_the_pick_is_said_where_the_reply_says_none() -> None:
    said = spoken_form(turn("The Wren Tent is my pick: it is light.", card("Wren Tent", 239.5)))
    assert said == (
        "The Wren Tent is my pick: it is light.",
        "It costs two hundred thirty-nine euros fifty.",
    )


def test_a_price_that_is_said_is_not_said_twice() -> None:
    assert len(spoken_form(turn("The Wren Tent costs €239.00.", card("Wren Tent", 239)))) == 1


def test_quotes_sources_and_counts_in_brackets_are_left_out() -> None:
    reply = "The shop says: “Parcels arrive within 5 working days.” (shipping.md § Time)"
    assert spoken_form(turn(reply)) == ("The shop says: Parcels arrive within five working days.",)
    assert spoken_form(turn("Buyers dislike its price (2 of 2).")) == ("Buyers dislike its price.",)


def test_a_long_reply_is_cut_at_a_sentence() -> None:
    said = spoken_form(turn("This tent is light and it is dry. " * 20))
    assert 0 < len(" ".join(said)) <= MOST_CHARACTERS
    assert all(sentence.endswith("dry.") for sentence in said)


def test_a_sentence_without_an_end_is_cut_too() -> None:
    (said,) = spoken_form(turn("light and dry and " * 100))
    assert len(said) <= MOST_CHARACTERS


def test_a_german_reply_is_said_in_german() -> None:
    reply = "Wren Tent ist mein Favorit: 4,9 Sterne. Haze Tent kostet 1.020,00\u00a0€ mehr."
    record = turn(reply, card("Wren Tent", 24.99)).model_copy(update={"language": "de"})
    assert spoken_form(record) == (
        "Wren Tent ist mein Favorit: vier Komma neun Sterne.",
        "Haze Tent kostet eintausendzwanzig Euro mehr.",
    )
    record = record.model_copy(update={"reply": "Wren Tent ist mein Favorit."})
    assert spoken_form(record)[1] == "Es kostet vierundzwanzig Euro neunundneunzig."


def test_an_empty_reply_says_nothing() -> None:
    assert spoken_form(turn("")) == ()
