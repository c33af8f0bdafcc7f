"""Qualities that people want and do not call by their names."""

from __future__ import annotations

import pytest

from agent.conditions import KIND, Where
from agent.dialogue import DialogueState
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.tools.schema import Field
from agent.understanding.conditions import Resolver
from agent.understanding.interpret import Interpreter
from agent.understanding.lexicon import Lexicon
from agent.understanding.qualities import _entries, is_denied, qualities_of
from retrieval.filters import And
from retrieval.records import Product
from tests.agent.understanding.conftest import marked, told

SAYS = {
    0: "Rechargeable by any plug, and waterproof down to a metre.",
    1: "Takes three AA cells. A print of poppies, floral all over.",
    2: "Shuts with a click and says nothing more.",
    3: "For the desk.",
}


@pytest.fixture(scope="module")
def lanterns(tmp_path_factory: pytest.TempPathFactory) -> ShopContext:
    """Lanterns of which texts, a flag and ranges tell what sets them apart; and the pans of the shop."""
    shop = Shop.create(tmp_path_factory.mktemp("lanterns") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    shop.catalog.upsert_products(
        Product(
            item_id=f"L{n}",
            title=f"Veltra Lantern {n}",
            description=text,
            category=("Camp", "Lanterns"),
            price=20.0 + n,
            attributes={
                "alcohol_fuelled": n == 2,
                "bulb_count": ("Dual bulb", "Single bulb")[n % 2],
                "players": ("1-2", "2-4", "2-8", "4-12")[n],
            },
        )
        for n, text in SAYS.items()
    )
    build(shop)
    return ShopContext(shop.reopened())


@pytest.fixture(scope="module")
def sought(lanterns: ShopContext) -> Resolver:
    (compiled,) = Compiler(lanterns.shop.search, lanterns.schema).compile(
        [Where(field=KIND, value="Lanterns")]
    )
    assert compiled.filter is not None
    return Resolver(lanterns, Lexicon(lanterns.schema), compiled.filter, known=True)


@pytest.mark.parametrize(
    ("wish", "meant"),
    [
        ("I don't want to buy any more batteries for it", "has text rechargeable"),
        ("it may fall into the lake and get wet", "has text waterproof"),
    ],
)
def test_a_wish_means_the_quality_that_texts_of_the_kind_say(wish: str, meant: str, sought: Resolver) -> None:
    assert told(sought.values.wish(wish)) == [meant]


def test_a_quality_that_nothing_of_the_kind_has_is_no_wish(sought: Resolver) -> None:
    assert not sought.values.quality("I do everything with my left hand").prefer


def test_words_of_texts_are_met_by_the_quality_they_mean(sought: Resolver) -> None:
    assert told(sought.values.phrase("with poppies and flowers on it"))[0].endswith("text floral")


def test_a_value_that_is_surely_denied_is_ruled_out(sought: Resolver) -> None:
    assert told(sought.values.wish("isnt alcohol fuelled")) == ["alcohol_fuelled != True"]


def test_two_of_what_a_field_counts_are_its_double_value(sought: Resolver) -> None:
    assert told(sought.condition("with two bulbs")) == ["bulb_count = Dual bulb"]


@pytest.mark.parametrize(("count", "fitting"), [(1, ["L0"]), (3, ["L1", "L2"]), (9, ["L3"])])
def test_an_amount_is_met_by_a_range_that_spans_it(
    count: float, fitting: list[str], lanterns: ShopContext
) -> None:
    (compiled,) = Compiler(lanterns.shop.search, lanterns.schema).compile(
        [Where(field="players", op="=", value=count)]
    )
    assert compiled.filter is not None
    assert sorted(lanterns.shop.search.matching(And((compiled.filter,)))) == fitting


def test_a_group_says_for_how_many_it_must_be(lanterns: ShopContext) -> None:
    text, read = marked("we are eight friends, a [thing: lantern] please")
    found = Interpreter(lanterns).interpret(text, read, DialogueState())
    assert [(w.field, w.op, w.value) for w in found.where] == [("players", ">=", 8.0)]


def test_the_range_of_a_field_reaches_to_the_ends_of_its_ranges() -> None:
    assert Field("players", "number", {"2-8": 1, "3": 2}).range == (2.0, 8.0)


def test_a_value_of_what_is_owned_is_no_wish(lanterns: ShopContext) -> None:
    for had, wished in (
        ("that single bulb lamp annoys me, a", False),
        ("single bulb would be fine, a", True),
    ):
        text, read = marked(f"{had} [thing: lantern] please")
        found = Interpreter(lanterns).interpret(text, read, DialogueState())
        assert any(p.field == "bulb_count" for p in found.prefer) is wished


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I dropped the last one in the lake, so one that can get wet", "waterproof"),
        ("our bathroom is damp, it must not let water in", "waterproof"),
        ("I write with the left hand", "left-handed"),
        ("no more buying batteries", "rechargeable"),
        ("should be put away folded flat", "foldable"),
        ("a coating that flakes off I do not want", "uncoated"),
        ("something with blossoms and flowers on it", "floral"),
        ("I can't read small letters any more", "large print"),
    ],
)
def test_a_quality_is_meant_without_its_name(said: str, name: str, lanterns: ShopContext) -> None:
    encoder = lanterns.shop.encoder
    assert name in [names[0] for names in qualities_of(encoder).meant(said, encoder)]


@pytest.mark.parametrize("said", ["no flowers", "without a lid", "for my uncle", "leather", "a birthday"])
def test_what_is_denied_or_something_else_means_no_quality(said: str, lanterns: ShopContext) -> None:
    encoder = lanterns.shop.encoder
    assert not qualities_of(encoder).meant(said, encoder)


@pytest.mark.parametrize(
    ("said", "denies"), [("doesnt drink", True), ("w/o booze", True), ("drinks tea", False)]
)
def test_a_denial_needs_no_apostrophe(said: str, denies: bool) -> None:
    assert is_denied(said) == denies


def test_no_quality_is_to_be_free_of_something() -> None:
    """Its words stand apart in texts ("rich fragrance, gluten free"): what is not in a thing is never told by likeness."""
    assert not [name for names, _ in _entries() for name in names if "free" in name or "vegan" in name]
