"""Answers in words: the field that is asked for, what differs, buyers, the shop's pages, and a plain no."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.assistant import ShoppingAssistant
from agent.knowledge.glossary import glossary
from agent.operations.build import build
from agent.planner.size_ends import size_rank
from agent.settings import Settings
from agent.shop import Shop
from agent.tools.asked import unnamed
from agent.tools.pages import as_read
from retrieval.records import Product, Review

PRODUCTS = (
    Product(
        item_id="T1",
        title="Flip Extending Table",
        description="Seats four every day: the leaf stored inside extends it from 120 to 160 cm.",
        category=("Dining", "Tables"),
        price=399.0,
        attributes={"width_cm": 120.0, "height_cm": 75.0, "regular_price": 450.0},
        options={"Colour": ("Oak", "White")},
    ),
    Product(
        item_id="T2",
        title="Carrara Marble Table",
        description="Real marble on slender legs.",
        category=("Dining", "Tables"),
        price=489.0,
        attributes={"width_cm": 100.0},
    ),
    Product(
        item_id="L1",
        title="Glow Portable Lamp",
        description="A cordless lamp: 20 hours from one charge. Splash-proof in any weather.",
        category=("Lighting", "Lamps"),
        price=59.0,
        attributes={"usb_ports_quantity": 3.0, "dimmable": True},
    ),
    Product(
        item_id="K1",
        title="Corvo Kettle",
        category=("Kitchen", "Kettles"),
        price=40.0,
        attributes={"power": 2200.0, "capacity_l": 0.8},
    ),
    Product(
        item_id="K2",
        title="Dunlin Kettle",
        category=("Kitchen", "Kettles"),
        price=30.0,
        attributes={"power": 900.0, "capacity_l": 0.8},
    ),
    Product(
        item_id="R1",
        title="Wash-It Rug",
        category=("Rugs",),
        price=99.0,
        attributes={"size": ("80 x 150", "160 x 230", "120 x 170")},
    ),
    Product(
        item_id="S1",
        title="Plover Tee",
        category=("Clothing", "Tees"),
        price=20.0,
        options={"Size": ("S", "M", "L", "XL")},
    ),
)
PAGES = {
    "shipping.md": """# Delivery

| Service | Price | Time |
|---|---|---|
| Standard (UK) | £3.95 | 2 to 4 working days |

| Ireland and EU | £9.50 | 5 to 8 working days |
""",
    "contact.md": "# Contact\n\n"
    "**Phone**: 0113 496 0155, Monday to Friday from 9 am to 5 pm.\n\n"
    "Open on Saturday from 9 am to 6 pm. Closed on Sunday.\n",
    "returns.md": "# Returns\n\nReturning parcels costs £4, which is taken off your refund. "
    "You may return anything within 30 days.\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShoppingAssistant]:
    folder = tmp_path_factory.mktemp("words")
    shop = Shop.create(folder / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    pages = folder / "shop" / "documents"
    pages.mkdir()
    for name, text in PAGES.items():
        (pages / name).write_text(text, encoding="utf-8")
    shop.catalog.upsert_products(PRODUCTS)
    shop.catalog.upsert_reviews(_reviews())
    build(shop)
    opened = ShoppingAssistant.open(folder / "shop")
    yield opened
    opened.shop.engine.dispose()


def _reviews() -> list[Review]:
    told = (("K1", 5.0, "Boils in no time, I love it."), ("K2", 2.0, "The lid broke after a week."))
    return [
        Review(review_id=f"{item}-{n}", item_id=item, text=text, stars=stars)
        for item, stars, text in told
        for n in range(3)
    ]


def _said(assistant: ShoppingAssistant, *utterances: str) -> str:
    session = assistant.session(None)
    return [session.reply(text).text for text in utterances][-1]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("what colours does the Flip Extending Table come in?", "Oak, White"),
        ("how long does the Flip Extending Table get when it's fully out?", "160 cm"),
        ("how many usb sockets does the Glow Portable Lamp have?", "3"),
        ("how long does the Glow Portable Lamp last before it's dead?", "20 hours"),
        ("is the Flip Extending Table reduced?", "£51.00"),
        ("what's the largest size the Wash-It Rug comes in?", "160 x 230"),
    ],
)
def test_a_fact_is_told_wherever_the_shop_states_it(
    assistant: ShoppingAssistant, question: str, told: str
) -> None:
    said = _said(assistant, question).replace("$", "£")
    assert told in said


def test_that_it_is_called_what_it_is_called_answers_nothing(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "can the Glow Portable Lamp stay out when it pours down?")
    assert "sold as" not in said
    assert "any weather" in said


def test_two_named_with_or_between_them_are_compared(assistant: ShoppingAssistant) -> None:
    session = assistant.session(None)
    replied = session.reply("I spill wine. The Carrara or the Flip extending one?")
    assert "compare" in [call.name for call in replied.record.tool_calls], replied.record.understanding
    assert {card.title for card in replied.cards} == {"Carrara Marble Table", "Flip Extending Table"}


def test_a_number_stands_for_what_no_field_states(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "Corvo or Dunlin, which boils faster?")
    assert "Corvo Kettle should be" in said
    assert "2200" in said
    assert "900" in said


def test_whose_buyers_are_happier_their_stars_tell(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "who's happier, Corvo buyers or Dunlin buyers?")
    assert "5.0" in said
    assert "2.0" in said


def test_a_country_is_met_by_what_it_belongs_to(assistant: ShoppingAssistant) -> None:
    assert "9.50" in _said(assistant, "how much is it to send to Spain and how many days?")


def test_a_short_question_after_the_pages_goes_on_with_them(assistant: ShoppingAssistant) -> None:
    assert "Closed on Sunday" in _said(assistant, "when are you open?", "sundays?")


def test_who_wants_a_person_is_given_the_number(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "can I talk to a human")
    assert "program" in said
    assert "0113 496 0155" in said


def test_nobody_can_look_into_an_order(assistant: ShoppingAssistant) -> None:
    said = _said(assistant, "where is my order 1234")
    assert "can't look into orders" in said


def test_a_return_is_no_search(assistant: ShoppingAssistant) -> None:
    session = assistant.session(None)
    replied = session.reply("The lamp you brought last week is dreadful. What will sending it back cost me?")
    assert "find" not in [call.name for call in replied.record.tool_calls]
    assert "£4" in replied.text


@pytest.mark.parametrize("question", ["do you sell garden hoses?", "no socks either I suppose?"])
def test_what_is_not_sold_is_denied_plainly(assistant: ShoppingAssistant, question: str) -> None:
    session = assistant.session(None)
    replied = session.reply(question)
    assert "no " in replied.text.lower()
    assert not replied.cards


def test_a_question_loses_only_the_name_of_its_product(assistant: ShoppingAssistant) -> None:
    lamp = assistant.desk.shop.product("L1")
    assert lamp is not None
    left = unnamed(assistant.desk, lamp, "is the Glow lamp dimmable?")
    assert "dimmable" in left
    assert "Glow" not in left
    assert unnamed(assistant.desk, lamp, "Glow Portable Lamp") == "Glow Portable Lamp"


@pytest.mark.parametrize(
    ("sizes", "first", "last"),
    [
        (["M", "XL", "XS"], "XS", "XL"),
        (["160 x 230", "80 x 150"], "80 x 150", "160 x 230"),
        (["100 ml", "50 ml"], "50 ml", "100 ml"),
    ],
)
def test_sizes_are_ordered_by_how_much_they_are(sizes: list[str], first: str, last: str) -> None:
    ordered = sorted(sizes, key=size_rank)
    assert (ordered[0], ordered[-1]) == (first, last)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("what's the difference between a soft shell and a hard shell", "hardshell vs softshell"),
        ("is there any point in Cat6 over Cat5e?", "Cat 6 vs Cat 5e"),
    ],
)
def test_terms_are_found_written_apart_or_together(question: str, entry: str) -> None:
    assert [found.name for found in glossary().find(question)] == [entry]


def test_a_passage_is_read_without_the_marks_of_its_layout() -> None:
    assert as_read("| Post | £4 |\n|---|---|\n| **Fast** | £9 |") == "Post, £4; Fast, £9"


def test_a_letter_before_a_number_is_no_term() -> None:
    assert glossary().find("a two or a 3 person tent?") == ()


def test_who_writes_german_is_told_once_in_german_what_is_read_best(assistant: ShoppingAssistant) -> None:
    session = assistant.session(None)
    first, second = (
        session.reply(text).text for text in ("Ich suche eine Lampe für den Balkon", "Haben Sie auch Tische?")
    )
    assert "vor allem Englisch" in first
    assert "vor allem Englisch" not in second


def test_each_question_on_a_product_is_answered(assistant: ShoppingAssistant) -> None:
    told = _said(
        assistant, "how long does the Glow Portable Lamp last, and how many usb sockets does it have?"
    )
    assert "20 hours" in told
    assert "usb ports quantity" in told


def test_what_is_not_stated_is_told_of_the_question_alone(assistant: ShoppingAssistant) -> None:
    told = _said(assistant, "what does the Corvo Kettle cost and is it made in Italy?")
    assert "$40.00" in told
    assert "is it made in Italy" in told


def test_a_comparison_answers_each_thing_asked_the_better_one_first(assistant: ShoppingAssistant) -> None:
    told = _said(assistant, "Corvo Kettle or Dunlin Kettle: which one costs less and which is better rated?")
    assert "Dunlin Kettle is the cheaper one: $30.00" in told
    assert "Corvo Kettle is the better rated one: 5.0 stars" in told


def test_the_cheapest_of_several_kinds_are_summed(assistant: ShoppingAssistant) -> None:
    told = _said(assistant, "what would the cheapest kettle and the cheapest lamp come to together?")
    assert "$89.00" in told


def test_trouble_is_answered_by_the_sentence_that_tells_of_it(assistant: ShoppingAssistant) -> None:
    told = _said(assistant, "did anyone have trouble with the lid on the Dunlin Kettle snapping?")
    assert "The lid broke after a week." in told


def test_the_sizes_of_what_is_sought_are_listed(assistant: ShoppingAssistant) -> None:
    assert "S, M, L and XL" in _said(assistant, "tees", "which sizes do you have?")


def test_a_size_that_is_not_made_is_a_plain_no_with_the_largest(assistant: ShoppingAssistant) -> None:
    told = _said(assistant, "tees", "he is a big man, do you have XXL?")
    assert told.startswith("No, not in XXL: the largest is XL.")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("VA or watts, which do I go by?", "real power"),
        ("what's a tank compared with a tee?", "sleeves"),
        ("nylon or steel strings for a beginner?", "Beginners find nylon easier"),
    ],
)
def test_sorts_of_things_are_weighed_by_the_glossary(
    assistant: ShoppingAssistant, question: str, told: str
) -> None:
    assert told in _said(assistant, "kettle", question)


@pytest.mark.parametrize(
    "question", ["do you price match?", "can I cancel my order?", "can you gift wrap it"]
)
def test_a_page_on_another_subject_answers_nothing(assistant: ShoppingAssistant, question: str) -> None:
    assert "“" not in _said(assistant, question)
