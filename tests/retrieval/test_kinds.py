"""What words for a thing mean in a shop: by name, other name, misspelling; an accessory is not its thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.filters import Category, Items
from retrieval.kinds import LIKELY, SURE, KindMatch
from retrieval.naming.needs import known_needs
from retrieval.naming.thesaurus import ThesaurusError, phrase_of, read_thesaurus, thesaurus
from retrieval.records import Product
from retrieval.search import SearchEngine
from retrieval.search_build import build_search
from tests.retrieval.shop_samples import HashingEncoder


def product(item_id: str, title: str, *category: str, price: float = 20.0) -> Product:
    return Product(item_id=item_id, title=title, category=category, price=price)


PRODUCTS = (
    product("kettle-1", "Nord Glass Kettle 1.2 L", "Kitchen", "Electric kettle"),
    product("kettle-2", "Tavo Steel Kettle 1.7 L", "Kitchen", "Electric kettle"),
    product("vacuum", "Dune Bagged Vacuum Cleaner", "Home", "Vacuum cleaner", price=120),
    product("filter", "Filter for Vacuum Cleaners", "Home", "Spare parts", price=8),
    product("jumper", "Iris V-neck Merino Sweater", "Clothing", "Knitwear"),
    product("coat", "Linden Winter Coat", "Clothing", "Coats & Jackets"),
    product("jacket", "Rove Rain Jacket", "Clothing", "Coats & Jackets"),
    product("laptop-1", "Acer TravelMate Notebook Silver 35 cm", price=700),
    product("laptop-2", "HP Pavilion Laptop 15 inch", price=650),
    product("sleeve", "Laptop Sleeve 15 inch, black", price=15),
    product("stand", "Stand for Laptops", price=25),
    product("backpack", "Fjell 38 L Hiking Backpack", "Outdoor", "Backpacks"),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    folder = tmp_path_factory.mktemp("kinds") / "search"
    build_search(PRODUCTS, folder, encoder=HashingEncoder())
    return SearchEngine.open(folder, encoder=HashingEncoder(), reranker="none")


def items_of(engine: SearchEngine, match: KindMatch | None) -> set[str]:
    assert match is not None
    filters = [engine.kinds.filter_of(name) for name in match.names]
    assert all(filters)
    return {item for condition in filters if condition for item in engine.matching(condition)}


@pytest.mark.parametrize(
    ("phrase", "items"),
    [
        ("kettle", {"kettle-1", "kettle-2"}),
        ("an electric kettle", {"kettle-1", "kettle-2"}),
        ("kettles", {"kettle-1", "kettle-2"}),
        ("hoover", {"vacuum"}),
        ("hikking bagpack", {"backpack"}),
        ("jumper", {"jumper"}),
        ("rucksack", {"backpack"}),
        ("back pack", {"backpack"}),
        ("coat", {"coat"}),
        ("laptop", {"laptop-1", "laptop-2"}),
        ("laptop sleeve", {"sleeve"}),
    ],
)
def test_a_phrase_means_the_products_of_its_kind(engine: SearchEngine, phrase: str, items: set[str]) -> None:
    match = engine.kinds.resolve(phrase)
    assert items_of(engine, match) == items
    assert match is not None
    assert match.exact
    assert match.confidence >= LIKELY


def test_a_kind_known_by_its_category_is_named_by_it(engine: SearchEngine) -> None:
    match = engine.kinds.resolve("kettle")
    assert match is not None
    assert match.names == ("Electric kettle",)
    assert engine.kinds.filter_of("Electric kettle") == Category(("Electric kettle",))


def test_a_kind_without_category_is_named_as_titles_call_it(engine: SearchEngine) -> None:
    match = engine.kinds.resolve("sleeve")
    assert match is not None
    assert engine.kinds.filter_of(match.names[0]) == Items(("sleeve",))


def test_what_follows_for_is_not_the_thing(engine: SearchEngine) -> None:
    assert items_of(engine, engine.kinds.resolve("a stand for my laptop")) == {"stand"}


def test_another_machine_is_not_the_machine_asked_for(engine: SearchEngine) -> None:
    match = engine.kinds.resolve("washing machine")
    assert match is None or match.confidence < SURE


def test_what_is_not_sold_is_told_from_what_is(engine: SearchEngine) -> None:
    assert engine.kinds.sells("lawn mower petrol") < 0.2
    assert engine.kinds.sells("kettle") > engine.kinds.sells("sewing machine")


def test_what_the_shop_itself_calls_a_category_is_sold_whatever_its_titles_say(engine: SearchEngine) -> None:
    assert engine.kinds.sells("spare parts") == 1.0
    assert engine.kinds.called("spare parts") == ("Spare parts",)


def test_words_that_name_no_thing_are_neither_sold_nor_not(engine: SearchEngine) -> None:
    assert engine.kinds.sells("something nice") == 0.5


def test_a_name_of_no_kind_has_no_filter(engine: SearchEngine) -> None:
    assert engine.kinds.filter_of("submarine") is None


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_phrase_is_resolved_to_kinds_that_can_be_filtered_by_or_none(
    engine: SearchEngine, phrase: str
) -> None:
    match = engine.kinds.resolve(phrase)
    assert match is None or items_of(engine, match)
    assert 0 <= engine.kinds.sells(phrase) <= 1


def test_no_meaning_is_asked_for_where_only_names_count(tmp_path: Path) -> None:
    build_search(PRODUCTS, tmp_path / "search", encoder=HashingEncoder())
    counting = HashingEncoder()
    kinds = SearchEngine.open(tmp_path / "search", encoder=counting, reranker="none").kinds
    assert kinds.by_name("gleaming nonsense") is None
    assert counting.asked == []
    kettle = kinds.by_name("kettle")
    assert kettle is not None
    assert kettle == kinds.resolve("kettle")


def test_a_name_calls_the_kinds_that_it_is_resolved_to_surely_and_by_name(engine: SearchEngine) -> None:
    names = [name for need in known_needs() for name in need.names]
    resolved = {name: engine.kinds.resolve(name) for name in names}
    sure = {name: m.names for name, m in resolved.items() if m and m.exact and m.confidence >= SURE}
    assert sure
    assert {name: kinds for name in names if (kinds := engine.kinds.called(name))} == sure
    assert engine.kinds.called("") == ()


def test_search_puts_the_thing_before_what_goes_with_it(engine: SearchEngine) -> None:
    found = [hit.item_id for hit in engine.search("laptop", k=4).hits]
    assert set(found[:2]) == {"laptop-1", "laptop-2"}


def test_a_name_of_few_that_are_unlike_the_others_is_left_out(tmp_path: Path) -> None:
    notebooks = [
        product(f"n{n}", f"Acer TravelMate {n} Notebook Silver 35 cm", price=500 + n) for n in range(30)
    ]
    stray = product("stray", "Zorvo Firewire Expansion Card Laptop", price=20)
    build_search([*notebooks, stray], tmp_path / "search", encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path / "search", encoder=HashingEncoder(), reranker="none")
    match = engine.kinds.resolve("laptop")
    assert match is not None
    assert match.names == ("notebook",)


def test_a_shop_of_nothing_knows_no_kinds(tmp_path: Path) -> None:
    build_search((), tmp_path / "search", encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path / "search", encoder=HashingEncoder(), reranker="none")
    assert engine.kinds.resolve("kettle") is None
    assert engine.kinds.sells("kettle") < 0.5


def test_names_stand_for_each_other_with_what_stands_before() -> None:
    known = read_thesaurus("hoover, vacuum cleaner\nbag: tote bag")
    assert known.variants(phrase_of("cordless hoover")) == [(phrase_of("cordless vacuum cleaner"), 1.0)]
    assert known.variants(phrase_of("tote bag")) == []


def test_a_line_without_a_second_name_is_refused_with_its_place() -> None:
    with pytest.raises(ThesaurusError, match=r"line 2.*expected `a, b`"):
        read_thesaurus("hoover, vacuum cleaner\nkettle")


def test_the_thesaurus_that_ships_can_be_read() -> None:
    assert len(thesaurus().others) > 1000


@pytest.mark.parametrize(
    ("phrase", "items"),
    [
        ("shiny hoover", {"vacuum"}),
        ("grey raincoat", {"jacket"}),
        ("silver laptop", {"laptop-1", "laptop-2"}),
    ],
)
def test_a_kind_under_another_name_may_be_described(
    engine: SearchEngine, phrase: str, items: set[str]
) -> None:
    assert items_of(engine, engine.kinds.resolve(phrase)) == items


@pytest.mark.parametrize("phrase", ["comfortable backpack", "light backpack", "cold kettle"])
def test_an_adjective_makes_no_other_thing_though_a_noun_shares_its_stem(
    engine: SearchEngine, phrase: str
) -> None:
    match = engine.kinds.resolve(phrase)
    assert match is not None
    assert match.exact
    assert match.confidence >= SURE


def test_several_words_may_stand_for_a_whole_department() -> None:
    found = read_thesaurus("clothes, garment: shirt, coat")
    assert found.others[phrase_of("garment")] == found.others[phrase_of("clothes")]
    assert not found.others.get(phrase_of("shirt"))


def test_a_pronoun_is_no_product_that_is_called_so(tmp_path: Path) -> None:
    shop = (product("one", "Moto One"), product("kettle", "Nord Kettle"))
    build_search(shop, tmp_path / "search", encoder=HashingEncoder())
    engine = SearchEngine.open(tmp_path / "search", encoder=HashingEncoder(), reranker="none")
    match = engine.kinds.resolve("new one")
    assert match is None or not match.exact


def test_the_end_of_a_name_alone_may_name_no_thing(engine: SearchEngine) -> None:
    assert engine.kinds.is_thing("roll neck")
    assert not engine.kinds.is_thing("neck")
    assert engine.kinds.is_thing("boiler")
