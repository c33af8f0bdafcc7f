"""Long texts and stated ratings answer; what was left out of the import is unknown, not unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.operations.build import build
from agent.operations.commands import import_files
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.context import ToolContext
from agent.tools.product import ProductAnswer, product
from agent.tools.untold import untold

INGREDIENTS = "Aqua, Glycerin, Parfum, Limonene. " + "May contain traces of almond oil and other oils. " * 6
ROWS = [
    "id,title,description,ingredients,rating,rating_count,warranty,weight",
    *(f'p{n},Cream {n},A rich cream for dry skin.,"{INGREDIENTS}{n}",4.5,{30 + n},,' for n in range(12)),
]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    folder = tmp_path_factory.mktemp("cosmetics")
    (folder / "file.csv").write_text("\n".join(ROWS), encoding="utf-8")
    settings = Settings(effort="quick")  # type: ignore[call-arg]
    import_files(folder / "shop", products=folder / "file.csv", settings=settings)
    shop = Shop.open(Path(folder) / "shop", settings)
    build(shop)
    return ToolContext(desk=ShopContext(shop.reopened()), session_id="test")


def ask(context: ToolContext, question: str) -> ProductAnswer:
    return product(context, context.shelf.handle("p3"), question)


def test_a_long_text_answers_by_its_name(context: ToolContext) -> None:
    (passage,) = ask(context, "what are the ingredients?").passages
    assert passage.source == "ingredients"
    assert passage.text.startswith("Aqua, Glycerin, Parfum")


def test_the_rating_that_the_shop_states_is_told_as_such(context: ToolContext) -> None:
    (fact,) = ask(context, "how many stars does it have?").facts
    assert fact.value == "4.5 of 5 from 33 ratings, as the shop states"


def test_what_an_empty_column_could_hold_is_unknown(context: ToolContext) -> None:
    answer = ask(context, "how long is the guarantee?")
    assert not answer.known
    assert answer.untold == "warranty"
    assert "does not say" not in answer.text().replace("not that the shop does not say", "")


def test_what_no_column_could_hold_is_just_not_said(context: ToolContext) -> None:
    assert untold(context.desk, "does it come in yellow?") == ""


@pytest.mark.parametrize("question", ["how heavy is it?", "what does it weigh?", "the weight please"])
def test_a_column_is_found_by_what_it_could_answer(context: ToolContext, question: str) -> None:
    assert untold(context.desk, question) == "weight"
