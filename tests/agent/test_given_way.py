"""What had to give way is told of the thing sought, and never as its own name again."""

from __future__ import annotations

from agent.conditions import ANYWHERE, BRAND, PRICE, TITLE, Where
from agent.planner.finding import given_way
from agent.tools.results import Found, Loosened

BERET = Loosened(where=Where(field=TITLE, op="has", value="berets"), label="berets")
PRICED = Loosened(where=Where(field=PRICE, op="<=", value=20.0), label="at most $20")
KNIT = Loosened(where=Where(field=ANYWHERE, op="has", value="cable knit"), label="cable knit")


def test_a_name_does_not_stand_beside_itself() -> None:
    assert (
        given_way(Found(loosened=(BERET,)), "berets") == "I have no berets like that, so these come closest."
    )


def test_what_else_gave_way_is_told() -> None:
    said = given_way(Found(loosened=(BERET, PRICED)), "berets")
    assert "at most $20" in said
    assert said.count("berets") == 1


def test_other_words_of_texts_are_told() -> None:
    assert "with cable knit" in given_way(Found(loosened=(KNIT,)), "berets")


def test_nothing_gave_way() -> None:
    assert given_way(Found(), "berets") == ""


def test_values_a_maker_and_a_price_that_gave_way_are_one_sentence() -> None:
    maker = Loosened(where=Where(field=BRAND, value="Tavo"), label="Tavo")
    said = given_way(Found(loosened=(PRICED, maker, KNIT)), "hats")
    assert said == "I have no hats with cable knit from Tavo at most $20, so these come closest."


def test_what_must_not_be_is_told_as_such() -> None:
    refused = Loosened(where=Where(field="material", op="!=", value="tin"), label="not tin")
    without = Loosened(where=Where(field=ANYWHERE, op="lacks", value="lids"), label="without lids")
    assert "no tubs other than tin, so" in given_way(Found(loosened=(refused,)), "tubs")
    assert "no tubs without lids, so" in given_way(Found(loosened=(without,)), "tubs")
