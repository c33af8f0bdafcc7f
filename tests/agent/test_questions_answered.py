"""What is asked of products and of the shop in people's own words, answered with what the shop says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.assistant import ShoppingAssistant
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from retrieval.records import Product, Review

PRODUCTS = (
    Product(
        item_id="G1",
        title="Dragon Ferry",
        description="Two crews race down the river. A good first game of tactics.",
        category=("Games", "Board Games"),
        price=30.0,
        attributes={"playing_time_min": 50.0, "expansion_included": False},
        options={"Edition": ("English", "French/German")},
        stock=4,
    ),
    Product(
        item_id="G2",
        title="Mountain Post",
        description="Carry letters over the pass before the snow. A sand timer keeps everybody awake.",
        category=("Games", "Board Games"),
        price=44.0,
        attributes={"playing_time_min": 110.0, "expansion_included": True},
        stock=0,
    ),
    Product(
        item_id="B1",
        title="The Salt Road",
        description="A smuggler's daughter walks home.",
        category=("Books", "Novels"),
        price=12.0,
        attributes={"author": "Ines Calder", "pages": 312.0},
        stock=9,
    ),
    Product(
        item_id="S1",
        title="Honey Crisp Bar",
        description="A chewy bar for the train.",
        category=("Food", "Sweets"),
        price=3.5,
        attributes={"ingredients": ("oats", "honey", "butter")},
        stock=70,
    ),
    Product(
        item_id="L1",
        title="Marlin Lantern",
        description="A brass lantern. The dimmer turns down to a glow, and a hook hangs it from a branch.",
        category=("Camping", "Lanterns"),
        price=60.0,
        attributes={"batteries_included": False, "height_cm": 30.0},
        options={"Colour": ("Brass", "Green")},
        stock=0,
    ),
    Product(
        item_id="L2",
        title="Teal Lantern",
        description="A plain tin lantern.",
        category=("Camping", "Lanterns"),
        price=20.0,
        attributes={"batteries_included": True, "height_cm": 22.0},
        stock=6,
    ),
)
PAGES = {
    "delivery.md": "# Delivery\n\nStandard delivery costs $4 and takes 3 working days.\n\n"
    "**Upstairs.** Carrying parcels into your room costs $15 extra.\n",
    "allergies.md": "# Allergies\n\nWe cannot rule out traces of nuts in our sweets.\n",
    "returns.md": "# Returns\n\nYou may return anything within 21 days if it is unopened.\n",
}
REVIEWS = (("G1", 5.0, "My knees never hurt after a whole evening of it."),)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShoppingAssistant]:
    folder = tmp_path_factory.mktemp("questions")
    shop = Shop.create(folder / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    pages = folder / "shop" / "documents"
    pages.mkdir()
    for name, text in PAGES.items():
        (pages / name).write_text(text, encoding="utf-8")
    shop.catalog.upsert_products(PRODUCTS)
    shop.catalog.upsert_reviews(
        [Review(review_id=f"{n}", item_id=i, stars=s, text=t) for n, (i, s, t) in enumerate(REVIEWS)]
    )
    build(shop)
    opened = ShoppingAssistant.open(folder / "shop")
    yield opened
    opened.shop.engine.dispose()


def _said(assistant: ShoppingAssistant, *utterances: str) -> str:
    session = assistant.session(None)
    return [session.reply(text).text for text in utterances][-1]


@pytest.mark.parametrize(
    ("named", "question", "told"),
    [
        ("Dragon Ferry", "how long does one round of it take", "50 minutes"),
        ("Dragon Ferry", "which editions has it got", "English, French/German"),
        ("Dragon Ferry", "does it come in german", "Yes"),
        ("The Salt Road", "who wrote it and how thick is it?", "author Ines Calder and pages 312"),
    ],
)
def test_a_field_answers_in_whatever_words_it_is_asked_for(
    assistant: ShoppingAssistant, named: str, question: str, told: str
) -> None:
    assert told in _said(assistant, named, question)


@pytest.mark.parametrize(
    ("before", "question", "told"),
    [
        ("Marlin Lantern", "is in green also?", "Yes"),
        ("Marlin Lantern", "batteries included?", "No"),
        ("Marlin Lantern", "it takes no batteries, does it?", "batteries"),
    ],
)
def test_whether_something_is_so_is_asked_of_what_is_shown(
    assistant: ShoppingAssistant, before: str, question: str, told: str
) -> None:
    session = assistant.session(None)
    session.reply(before)
    replied = session.reply(question)
    assert "ask_product" in replied.record.understanding["moves"]
    assert told in replied.text


def test_what_is_called_by_its_title_may_be_asked_for_in_stock(assistant: ShoppingAssistant) -> None:
    assert "Mountain Post: out of stock" in _said(assistant, "board games", "is the post one even in stock?")


def test_whether_what_is_named_is_available_is_no_question_on_the_pages(assistant: ShoppingAssistant) -> None:
    assert "Mountain Post: out of stock" in _said(assistant, "is Mountain Post available at the moment?")


def test_a_description_that_nothing_shown_has_may_be_of_another_product(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "The Salt Road", "the lantern with the hook, how tall is it?")
    assert "30 cm" in said


def test_what_the_shop_does_for_its_buyers_is_no_search(assistant: ShoppingAssistant) -> None:
    assert "$15" in _said(assistant, "a lantern", "could your lads carry it up to my room?")


def test_slips_find_the_page_all_the_same(assistant: ShoppingAssistant) -> None:
    assert "21 days" in _said(assistant, "can i send it bak if i dont want it anymor")


def test_what_pages_warn_of_is_told_with_an_allergen(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "Honey Crisp Bar", "are there nuts in it?")
    assert "traces of nuts" in said


def test_what_the_pages_leave_open_is_told_back(assistant: ShoppingAssistant) -> None:
    assert "‘do you rent out tents’" in _said(assistant, "um and do you rent out tents, because mine is torn")


def test_few_reviews_are_read_out_where_none_names_what_is_asked(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "Dragon Ferry", "did anybody find it hard on the back?")
    assert "My knees never hurt" in said


def test_so_many_of_one_are_multiplied(assistant: ShoppingAssistant) -> None:
    assert "$36.00" in _said(assistant, "The Salt Road", "3 of them, how much?")


def test_one_is_compared_with_another_that_is_named(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "Dragon Ferry", "how does that compare with Mountain Post in playing time")
    assert "50" in said
    assert "110" in said


def test_what_one_has_and_the_other_lacks_is_told_of_the_one(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "lanterns", "what does the Marlin have that the Teal hasn't?")
    assert "dimmer" in said
    assert "plain tin" not in said


def test_what_is_asked_beside_a_request_is_told_of_the_first(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "I need a lantern, and how tall is it?")
    assert " cm" in said
