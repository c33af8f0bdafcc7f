"""Values in people's own words: with an article, as what is missing, written in two words; a code holds no number."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from agent.conditions import KIND, Where
from agent.operations.build import build
from agent.settings import Settings
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.tools.schema import Field, Schema
from agent.understanding.conditions import Resolver
from agent.understanding.exclusions import _says
from agent.understanding.language.written import as_typed
from agent.understanding.lexicon import Lexicon
from retrieval.records import Product
from tests.agent.understanding.conftest import told

WORN = Field("wearing", "text", {"In-ear": 3, "Over-ear": 2})
SPEAKERS = Field("speakers", "text", {"4": 3, "2": 2})


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    fields = {field.name: field for field in (WORN, SPEAKERS)}
    return Lexicon(cast(Schema, SimpleNamespace(fields=fields, brands={}, field=fields.get)))


@pytest.mark.parametrize(
    ("said", "value"),
    [("sits in the ear", "In-ear"), ("goes inside my ear", "In-ear"), ("over your ear", "Over-ear")],
)
def test_a_value_that_opens_with_a_preposition_is_said_with_an_article(
    said: str, value: str, lexicon: Lexicon
) -> None:
    assert [m.meanings[0].where.value for m in lexicon.find(said)] == [value]


def test_a_value_with_a_number_word_is_known_as_utterances_are_read() -> None:
    layers = Field("layers", "text", {"Two-layer": 4, "Three-layer": 2})
    schema = cast(Schema, SimpleNamespace(fields={"layers": layers}, brands={}, field={"layers": layers}.get))
    assert Lexicon(schema).exactly(as_typed("three-layer"))[0].where.value == "Three-layer"


def test_a_brand_goes_by_its_first_word_where_that_means_nothing_else() -> None:
    brands = {"Sylvanian Families": 4, "Home Basics": 2, "Zorvo Kids": 1, "Zorvo Pro": 1}
    schema = cast(Schema, SimpleNamespace(fields={}, brands=brands, field={}.get))
    found = {match.meanings[0].where.value for match in Lexicon(schema).find("sylvanian or home or zorvo")}
    assert found == {"Sylvanian Families"}


@pytest.mark.parametrize("code", ["4k obvs", "the 940c4", "a 4x"])
def test_a_digit_of_a_code_is_no_value(code: str, lexicon: Lexicon) -> None:
    assert not lexicon.find(code)


@pytest.fixture(scope="module")
def mice(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """The mice of a shop, some of them wireless; of one the title says what no field does."""
    shop = Shop.create(tmp_path_factory.mktemp("mice") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    shop.catalog.upsert_products(
        Product(
            item_id=f"M{n}",
            title=f"Veltra {'Touchscreen' if n == 4 else ''} Mouse {n}",
            brand="Veltra",
            category=("Office", "Mice"),
            price=20.0 + n,
            attributes={
                "link": "Wireless" if n % 2 else "USB",
                "buttons": 3.0 + n % 2,
                "width_cm": 5.0 + n % 3,
            },
        )
        for n in range(8)
    )
    build(shop)
    desk = ShopContext(shop.reopened())
    (compiled,) = Compiler(desk.shop.search, desk.schema).compile([Where(field=KIND, value="Mice")])
    assert compiled.filter is not None
    return Resolver(desk, Lexicon(desk.schema), compiled.filter, known=True)


@pytest.mark.parametrize("said", ["cable", "wires at all", "cord please"])
def test_to_be_without_a_wire_is_to_be_wireless(said: str, mice: Resolver) -> None:
    assert told(mice.exclusions.excluded(said)) == ["link = Wireless"]


def test_a_name_that_ends_in_wireless_is_no_wireless_thing() -> None:
    assert not _says("Verizon Wireless", ["wireless"])
    assert not _says("Wired & Wireless", ["wireless"])
    assert _says("RF Wireless", ["wireless"])


def test_a_measure_beyond_all_that_a_field_states_is_of_another_field(mice: Resolver) -> None:
    assert not [w for w in mice.condition("2 metres").where if w.field == "width_cm"]
    assert told(mice.condition("6 cm")) == ["width_cm = 6"]


def test_two_words_are_found_where_texts_write_one(mice: Resolver) -> None:
    assert told(mice.condition("touch screen")) == ["text has touchscreen"]


@pytest.fixture(scope="module")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    """Memory sticks whose unit stands in the titles alone; other things of the shop have capacities in litres."""
    shop = Shop.create(tmp_path_factory.mktemp("sticks") / "shop", Settings(effort="quick"))  # type: ignore[call-arg]
    sizes = (4, 8, 16, 32, 64, 128)
    sold = [(f"S{n}", f"Veltra USB Stick {n} GB", ("Office", "USB sticks"), n) for n in sizes]
    sold += [(f"B{n}", f"Norda Bucket {n} L", ("Home", "Buckets"), n) for n in sizes]
    shop.catalog.upsert_products(
        Product(item_id=i, title=t, category=c, price=9.0 + n, attributes={"capacity": float(n)})
        for i, t, c, n in sold
    )
    build(shop)
    desk = ShopContext(shop.reopened())
    (compiled,) = Compiler(desk.shop.search, desk.schema).compile([Where(field=KIND, value="USB sticks")])
    assert compiled.filter is not None
    return Resolver(desk, Lexicon(desk.schema), compiled.filter, known=True)


def test_a_measure_is_in_the_unit_that_the_kinds_titles_write(sticks: Resolver) -> None:
    assert told(sticks.condition("4 terabyte")) == ["capacity = 4096"]
    assert told(sticks.condition("at least 32 GB")) == ["capacity >= 32"]
