"""Everything said comes from one catalogue, complete in every language, with numbers as the language writes them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.assistant import ShoppingAssistant
from agent.money import price
from agent.wording import FALLBACK, FOLDER, languages, listed, one_stop, say, speaking, written
from tests.conftest import ROOT

LEFT_TO_THE_LANGUAGE = {"reason.best_of": {"best"}, "reason.better": {"better"}}
"""Words of English that grade; a language may say the place instead."""


def entries(language: str) -> dict[str, object]:
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)["assistant"]
    return found


def places(entry: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", json.dumps(entry)))


def test_english_and_german_are_there() -> None:
    assert {"en", "de"} <= set(languages())


def test_a_quote_that_ends_in_a_stop_gets_no_second_one() -> None:
    assert one_stop("A buyer says “So warm.”. It is “light”.") == "A buyer says “So warm.” It is “light”."


@pytest.mark.parametrize("language", languages())
def test_a_language_has_every_entry_with_its_places(language: str) -> None:
    english, other = entries(FALLBACK), entries(language)
    assert set(other) == set(english)
    for key, entry in english.items():
        assert type(other[key]) is type(entry), key
        assert places(entry) - places(other[key]) <= LEFT_TO_THE_LANGUAGE.get(key, set()), key
        assert places(other[key]) <= places(entry), key


@pytest.mark.parametrize(
    "path", sorted((ROOT / "agent" / "planner").glob("*.py")), ids=lambda path: path.name
)
def test_the_planner_holds_no_sentence_of_its_own(path: Path) -> None:
    assert [text for text in texts_of(path) if len(re.findall(r"[a-z']{2,} ", f"{text} ")) > 2] == []


def texts_of(path: Path) -> Iterator[str]:
    """Strings of a module that are neither docstrings nor patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in told else None
        if isinstance(text, str) and "\\b" not in text and "(?" not in text:
            yield text


def test_numbers_and_prices_are_written_as_the_language_writes_them() -> None:
    assert (written(2100), written(4.0), price(1219.5)) == ("2,100", "4.0", "$1,219.50")
    with speaking("de"):
        assert (written(2100), written(4.0)) == ("2.100", "4,0")
        assert price(1219.5).replace("\xa0", " ") == "1.219,50 $"


def test_a_count_takes_its_plural() -> None:
    assert (say("count.review", count=1), say("count.review", count=2)) == ("1 review", "2 reviews")
    with speaking("de"):
        assert (say("count.review", count=1), say("count.review", count=2)) == (
            "1 Bewertung",
            "2 Bewertungen",
        )


def test_a_list_ends_with_the_word_of_the_language() -> None:
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")
    with speaking("de"):
        assert listed(["a", "b"], "or") == "a oder b"


def test_a_language_without_a_file_is_answered_in_english() -> None:
    with speaking("xx"):
        assert say("yes") == "yes"


def test_an_answer_its_reasons_and_chips_are_german(assistant: ShoppingAssistant, session: str) -> None:
    reply = assistant.reply("a tent under $300", session_id=session, language="de")
    told = " ".join([reply.text, *(r.text for card in reply.cards for r in card.reasons)])
    assert re.search(r"\b(Ich würde|Meine Empfehlung|Hier würde)\b", reply.text)
    assert "unter 300,00 $" in [chip.label.replace("\xa0", " ") for chip in reply.chips]
    assert not re.search(r"\b(stars|within your|buyers?|is my pick|Its description)\b", told)


def test_who_writes_german_is_told_once_that_english_is_read_better(
    assistant: ShoppingAssistant, session: str
) -> None:
    note = "verstehe ich Englisch deutlich besser"
    asked = "Ich suche ein leichtes Zelt für zwei Personen und es soll nicht teuer sein"
    first = assistant.reply(asked, session_id=session, language="de")
    second = assistant.reply(asked, session_id=session, language="de")
    assert note in first.text
    assert note not in second.text
    assert note not in assistant.reply("a tent", session_id=f"{session} 2", language="de").text


def test_the_language_of_a_turn_ends_with_it(assistant: ShoppingAssistant, session: str) -> None:
    for _ in assistant.stream("a tent", session_id=session, language="de"):
        assert say("yes") == "yes"  # also between its pieces
    assert say("yes") == "yes"


def test_the_shop_names_the_language_where_a_visitor_does_not(
    assistant: ShoppingAssistant, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = assistant.shop.storefront.model_copy(update={"language": "de"})
    monkeypatch.setitem(vars(assistant.shop), "storefront", german)
    assert "Warenkorb ist leer" in assistant.reply("what is in my cart?", session_id=session).text
