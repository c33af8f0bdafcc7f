"""Graded adjectives weigh, said strictly they bind; properties bind, in the texts where no field has them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.language.graded import find_graded
from agent.meaning import Understanding
from agent.reading.easing import eased
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product
from retrieval.filters import Filter
from tests.agent.conftest import Say

Hear = Callable[[str], Understanding]


def hearing(*products: Product) -> Hear:
    """What an utterance means in a shop of these products."""
    vocabulary = Vocabulary.of(products)
    by_id = {product.item_id: product for product in products}

    def count(condition: Filter) -> int:
        return sum(condition.matches(product, None) for product in products)

    facts = Facts(product=by_id.get, count=count)

    def hear(text: str) -> Understanding:
        state = DialogueState(session_id="test")
        return eased(understand(text, state, vocabulary, facts), state, facts)

    return hear


def of(item_id: str, title: str, *category: str, **rest: object) -> Product:
    return Product.model_validate(
        {"item_id": item_id, "title": title, "category": category, "price": 20.0} | rest
    )


@pytest.fixture(scope="module")
def tagged_shop() -> Hear:
    """As a Shopify export: kinds and properties are tags, and no attribute has a number."""
    return hearing(
        of("A", "Rustin Jacket", tags=("jackets", "quiet")),
        of("B", "Roumanoff Waterproof Jacket", "Outerwear", tags=("jackets",)),
        of("C", "Keirin Headset", "Headsets", tags=("parts",)),
        of("D", "Pure Bell", "Bells", tags=("Bike", "vegan")),
        of("E", "Wool Blanket", tags=("blankets",)),
    )


@pytest.fixture(scope="module")
def music_shop() -> Hear:
    """As musical instruments: categories and titles only."""
    return hearing(
        of("A", "Honey Tone Mini Amp, whisper quiet", "Combo Amps"),
        of("B", "Mustang Combo Amp", "Combo Amps"),
        of("C", "Ernie Ball Regular Slinky Strings", "Guitar Strings"),
        of("D", "Martin Light Acoustic Strings", "Guitar Strings"),
    )


@pytest.fixture(scope="module")
def measured_shop() -> Hear:
    """A shop with numbers, where another kind of product is tagged "quiet"."""
    grinders = [of(f"G{n}", f"Grinder {n}", "Grinders", attributes={"noise_db": 60.0 + n}) for n in range(8)]
    return hearing(*grinders, of("F", "Desk Fan", "Fans", tags=("quiet",)))


def labels(meant: Understanding) -> list[str]:
    return [constraint.label for constraint in meant.constraints]


def test_a_tag_of_another_kind_does_not_empty_the_answer(measured_shop: Hear) -> None:
    meant = measured_shop("a quiet grinder under $80")
    assert sorted(labels(meant)) == ["Grinders", "under $80"]
    assert next((p.kind, p.key, p.direction) for p in meant.preferences) == ("attribute", "noise_db", -1.0)


def test_said_strictly_it_asks_for_the_better_half(measured_shop: Hear) -> None:
    assert "quiet (noise at most 63 dB)" in labels(measured_shop("a grinder, it must be really quiet"))
    assert "quiet (noise at most 63 dB)" in labels(measured_shop("only quiet grinders"))


def test_denied_it_weighs_the_other_way(measured_shop: Hear) -> None:
    preference = measured_shop("a grinder that is not loud").preferences[0]
    assert (preference.key, preference.direction, preference.label) == ("noise_db", -1.0, "not loud")


@pytest.mark.parametrize("shop", ["tagged_shop", "music_shop"])
def test_without_numbers_the_word_in_the_text_weighs(shop: str, request: pytest.FixtureRequest) -> None:
    meant = request.getfixturevalue(shop)("something quiet")
    assert labels(meant) == []
    assert [(p.kind, p.label) for p in meant.preferences] == [("condition", "quiet")]


def test_a_property_counts_in_the_text_of_what_has_no_field_for_it(tagged_shop: Hear) -> None:
    meant = tagged_shop("waterproof jacket")
    assert set(labels(meant)) == {"waterproof", "jackets"}


def test_a_property_that_none_has_stays_binding(tagged_shop: Hear) -> None:
    assert "vegan" in labels(tagged_shop("vegan headset"))


def test_a_tag_that_files_weighs_beside_a_kind(tagged_shop: Hear) -> None:
    meant = tagged_shop("a bike headset")
    assert labels(meant) == ["Headsets"]
    assert [p.label for p in meant.preferences] == ["Bike"]


def test_a_tag_that_alone_says_what_is_sought_stays(tagged_shop: Hear) -> None:
    assert "blankets" in labels(tagged_shop("a blanket under $5"))


def test_a_name_the_shop_has_no_field_for_is_denied_by_its_words(music_shop: Hear) -> None:
    meant = music_shop("guitar strings, not Ernie Ball")
    assert any(c.negative and "ernie" in c.label for c in meant.constraints)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a quiet coffee grinder", ["quiet"]),
        ("something light and sturdy", ["light", "sturdy"]),
        ("a light so that cars see me", []),
        ("a bike light", []),
        ("a blender for my small kitchen", []),
        ("headphones with a long cable", []),
        ("looking for a warm jacket", ["warm"]),
        ("how long does it take", []),
        ("fast shipping", []),
        ("lighter than that", []),
    ],
)
def test_graded_words_describe_what_is_sought(text: str, words: list[str]) -> None:
    assert [graded.word for graded in find_graded(text)] == words


@pytest.mark.parametrize(
    ("wished", "freed"),
    [
        ("a light shoe", "heavy ones are fine"),
        ("a light shoe", "weight doesn't matter"),
        ("a light shoe", "it can be heavy"),
        ("a quiet kettle", "noise doesn't matter"),
        ("a quiet kettle", "I don't mind if it's loud"),
        ("a sturdy shoe", "durability doesn't matter"),
        ("a shoe, must be light", "heavy is ok"),
    ],
)
def test_what_no_longer_matters_frees_the_wish(say: Say, wished: str, freed: str) -> None:
    _, before = say(wished)
    assert before.preferences or any("weight" in c.slot for c in before.constraints)
    _, after = say(freed, state=before)
    assert after.preferences == ()
    assert not any("weight" in c.slot for c in after.constraints)


def test_another_wish_stays(say: Say) -> None:
    _, state = say("a light and comfortable shoe", "weight doesn't matter")
    assert {preference.label for preference in state.preferences} >= {"comfortable"}
    assert not any(preference.label.startswith("light") for preference in state.preferences)
