"""What is asked for, by the shop's own titles: another kind, or nothing that the shop has."""

from __future__ import annotations

import pytest

from agent.reading.facts import Facts
from agent.reading.kinds import Kinds, naming, sought_thing
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product

TITLES = (
    ("Kyser Short-Cut Capo", "Capos"),
    ("G7th Performance Capo, Silver", "Capos"),
    ("Folding Music Stand with Bag", "Accessories"),
    ("Hercules Guitar Stand (Black)", "Accessories"),
    ("Yamaha Acoustic Guitar with Pickup", "Guitars"),
    ("Pad Controller for Laptops", "Controllers"),
    ("Glass Electric Kettle 1.2 L", "Kettles"),
)


PRODUCTS = tuple(
    Product(item_id=str(n), title=title, category=(category,), price=20.0 + n)
    for n, (title, category) in enumerate(TITLES)
)
FACTS = Facts(count=lambda condition: sum(condition.matches(product, None) for product in PRODUCTS))


@pytest.fixture(scope="module")
def shop() -> Vocabulary:
    return Vocabulary.of(PRODUCTS)


@pytest.fixture(scope="module")
def kinds(shop: Vocabulary) -> Kinds:
    return shop.kinds


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Folding Music Stand with Bag", "stand"),
        ("G7th Performance Capo, Silver", "capo"),
        ("Glass Electric Kettle 1.2 L", "kettle"),
        ("Hercules Guitar Stand (Black)", "stand"),
        ("Pad Controller for Laptops", "controller"),
        ("Beanie", "beany"),
    ],
)
def test_the_head_of_a_title_is_the_noun_it_is_about(title: str, head: str) -> None:
    assert naming(title)[-1] == head


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("a music stand under 60", "music stand"),
        ("any laptops?", "laptops"),
        ("hi, I need a quiet coffee grinder please", "coffee grinder"),
        ("what about a humidifier instead", "humidifier"),
        ("a tent 4 people", "tent"),
        ("iphone 15 stand", "iphone 15 stand"),
        ("best rated kettle that's easy to clean", "kettle"),
        ("guitar stands for a beginner", "guitar stands"),
    ],
)
def test_what_is_asked_for(said: str, phrase: str, kinds: Kinds) -> None:
    found = sought_thing(said, kinds)
    assert found is not None
    assert found.phrase == phrase


@pytest.mark.parametrize(
    "said",
    [
        "something to tune my ukulele",
        "cheaper",
        "the second one",
        "a gift under 25 that is not jewelry",
        "keep my coffee hot",
        "in red please",
        "any brand but Yamaha",
        "with a wooden handle",
        "a bit bigger",
    ],
)
def test_no_thing_is_named(said: str, kinds: Kinds) -> None:
    assert sought_thing(said, kinds) is None


def heard(shop: Vocabulary, *lines: str) -> DialogueState:
    state = DialogueState(session_id="test")
    for line in lines:
        state = state.apply(understand(line, state, shop, FACTS))
    return state


@pytest.mark.parametrize("said", ["a music stand", "music stand", "any laptops?", "I want a drum kit"])
def test_a_thing_that_has_nothing_to_do_with_the_last_one_is_a_new_topic(said: str, shop: Vocabulary) -> None:
    state = heard(shop, "a capo", said)
    assert "capo" not in state.query
    assert not any(c.label == "Capos" for c in state.constraints)


def test_a_thing_that_the_kind_in_force_never_is_starts_a_new_topic(shop: Vocabulary) -> None:
    """Guitar stands there are, but no guitar is one: the kind must not hold them back."""
    state = heard(shop, "an acoustic guitar", "a stand")
    assert not state.in_slot("category")
    assert state.query == "stand"


@pytest.mark.parametrize("said", ["a pickup", "black", "cheaper ones", "with a bag", "for a beginner"])
def test_what_goes_together_in_a_title_stays_one_topic(said: str, shop: Vocabulary) -> None:
    assert "guitar" in heard(shop, "an acoustic guitar", said).query


def test_a_new_topic_keeps_the_price_and_what_is_refused(shop: Vocabulary) -> None:
    state = heard(shop, "a capo under 50, nothing from Kyser", "a music stand")
    assert {c.kind for c in state.constraints} == {"price", "words"}
    assert state.query == "music stand"


def test_two_words_that_the_shop_writes_as_one_are_found() -> None:
    shirts = Vocabulary.of([Product(item_id="1", title="Logo T-Shirt", category=("Tshirts",))])
    backpacks = Vocabulary.of([Product(item_id="2", title="Birk Backpack", category=("Backpacks",))])
    assert [c.label for c in heard(shirts, "a t-shirt under 20").constraints] == ["under $20", "Tshirts"]
    assert [c.label for c in heard(backpacks, "back pack").constraints] == ["Backpacks"]


def test_a_hoodie_is_one_of_the_hoodies() -> None:
    shop = Vocabulary.of([Product(item_id="1", title="Hoodie with Logo", category=("Hoodies",))])
    assert [c.label for c in heard(shop, "a hoodie under 50").constraints] == ["under $50", "Hoodies"]


def test_values_side_by_side_both_hold_where_something_has_both() -> None:
    def of(number: int, *colors: str) -> Product:
        return Product(
            item_id=str(number), title=f"Jacket {number}", category=("Jackets",), options={"Color": colors}
        )

    products = (of(1, "Black", "Leather"), of(2, "Black"), of(3, "Red"), of(4, "Leather"))
    shop = Vocabulary.of(products)
    facts = Facts(count=lambda condition: sum(condition.matches(product, None) for product in products))

    def fitting(*lines: str) -> list[str]:
        state = DialogueState(session_id="test")
        for line in lines:
            state = state.apply(understand(line, state, shop, facts))
        return [product.item_id for product in products if state.filter().matches(product, None)]

    assert fitting("a black leather jacket") == ["1"]
    assert fitting("a black leather jacket", "without the leather") == ["1", "2"]  # as its chip says
    assert fitting("a black or red jacket") == ["1", "2", "3"]
    assert fitting("a black red jacket") == ["1", "2", "3"]  # nothing is both


def test_who_comes_along_is_not_whom_it_is_for() -> None:
    shop = Vocabulary.of(
        Product(item_id=str(n), title=title, category=category)
        for n, (title, category) in enumerate(
            [("Birk Tent", ("Tents",)), ("Play Set", ("Toys", "Kids")), ("Puzzle", ("Toys", "Kids"))]
        )
    )
    assert [c.label for c in heard(shop, "we camp with my two kids and need a tent").constraints] == ["Tents"]
    assert [c.label for c in heard(shop, "my wish: kids toys").constraints] == ["Kids", "Toys"]


@pytest.mark.parametrize(
    ("said", "label"), [("a tent, nothing with small parts", "no small parts"), ("no zips", "no zips")]
)
def test_what_is_denied_goes_with_its_noun(said: str, label: str, shop: Vocabulary) -> None:
    assert label in [c.label for c in heard(shop, said).constraints]
