"""Hard constraints: what each condition means, and that columns and Chroma agree with that meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from benchmarks.chroma_where import compile_where
from retrieval.filtering.row_metadata import RowMetadata
from retrieval.filtering.table import FilterTable
from retrieval.filters import (
    And,
    Attribute,
    Brand,
    Category,
    Filter,
    InStock,
    Items,
    Not,
    Or,
    Price,
    Stars,
    Tags,
    Words,
)
from retrieval.records import Product
from retrieval.vector_index import VectorCollection
from tests.retrieval.shop_samples import PRODUCTS, STARS

TABLE = FilterTable.build(PRODUCTS, STARS)


def matching(condition: Filter, table: FilterTable = TABLE) -> set[str]:
    return {table.item_ids[row] for row in table.rows(condition)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Price(max=39), {"mug", "doorbell", "pipe"}),
        (Price(min=100), {"boot"}),
        (Price(max=39, currency="USD"), {"doorbell", "pipe"}),
        (Price(max=39, currency="JPY"), set()),
        (Brand(("nike", "CHIMECO")), {"trainer", "doorbell"}),
        (Brand(("levis kitchen",)), {"mug"}),
        (Category(("shoe",)), {"boot", "trainer"}),
        (Category(("hiking boot",)), {"boot"}),
        (Category(("Shoes > Running",)), {"trainer"}),
        (Category(("Boots",)), set()),
        (Attribute("Color", ("black",)), {"boot"}),
        (Attribute("waterproof", ("yes",)), {"boot"}),
        (Attribute("waterproof"), {"boot", "trainer"}),
        (Attribute("weight", max=1), {"trainer"}),
        (Attribute("weight", min=1), {"boot"}),
        (Attribute("size", ("42",)), {"boot"}),
        (Tags(("gift",)), {"mug"}),
        (Stars(min=4.5), {"boot", "mug"}),
        (Stars(min=4.5, min_count=5), {"boot"}),
        (InStock(), {"boot", "mug"}),
        (Words("leather"), {"boot", "doorbell"}),
        (Words("boots leather"), {"boot"}),
        (Items(("mug", "unknown")), {"mug"}),
        (Or(()), set()),
    ],
)
def test_a_condition_finds_just_these(condition: Filter, expected: set[str]) -> None:
    assert matching(condition) == expected


def test_an_unknown_value_satisfies_no_condition_and_every_negation() -> None:
    unknown_price = "mystery"
    assert unknown_price not in matching(Price(max=50)) | matching(Price(min=50))
    assert unknown_price in matching(Not(Price(max=50)))
    assert unknown_price in matching(Not(Brand(("Nike",))))
    assert unknown_price not in matching(InStock())


def test_no_condition_holds_always() -> None:
    assert matching(And(())) == {product.item_id for product in PRODUCTS}


def test_operators_build_the_tree() -> None:
    assert Price(max=5) & ~Brand(("Nike",)) == And((Price(max=5), Not(Brand(("Nike",)))))
    assert InStock() | Tags(("a",)) == Or((InStock(), Tags(("a",))))


def test_unknown_names_are_reported_with_the_nearest_known() -> None:
    unknown = TABLE.unknown(
        And((Brand(("Nikee",)), Attribute("colour"), Category(("Shose",)), Brand(("Nike",))))
    )
    assert [(name.kind, name.nearest[0]) for name in unknown] == [
        ("brand", "Nike"),
        ("attribute", "color"),
        ("category", "Shoes"),
    ]
    assert str(unknown[0]) == "This shop has nothing by Nikee. The nearest it has: Nike."


def test_what_is_not_in_the_shop_is_told_in_a_shoppers_words_without_far_fetched_names() -> None:
    (unknown,) = TABLE.unknown(Tags(("vegan",)))
    assert str(unknown) == "Nothing in this shop is marked vegan."


def test_an_unknown_value_of_a_known_attribute_is_reported() -> None:
    (unknown,) = TABLE.unknown(Attribute("color", ("gren",)))
    assert unknown.nearest[0] == "Green"


def test_the_vocabulary_counts_the_shops_own_names() -> None:
    assert TABLE.vocabulary.brands["Nordvik"] == 3
    assert TABLE.vocabulary.categories["Shoes"] == 2
    assert TABLE.vocabulary.attributes["Size"] == {"41": 1, "42": 1, "43": 1}
    assert TABLE.vocabulary.currencies == {"USD": 7, "EUR": 1}


def test_a_saved_table_answers_the_same(tmp_path: Path) -> None:
    TABLE.save(tmp_path / "table")
    opened = FilterTable.open(tmp_path / "table")
    for condition in (Price(max=50), Words("leather"), Attribute("weight", max=1), Category(("shoes",))):
        assert matching(condition, opened) == matching(condition)
    assert opened.vocabulary == TABLE.vocabulary


def test_an_empty_shop_has_no_matches() -> None:
    empty = FilterTable.build(())
    assert empty.mask(Price(max=5)).shape == (0,)


NAMES = st.sampled_from(
    ["Nike", "nikes", "Nordvik", "Shoes", "shoe", "Red", "outdoor", "leather", "42", "yes", "x"]
)
BOUNDS = st.one_of(st.none(), st.sampled_from([0.0, 0.6, 1.2, 3.2, 14.5, 39.0, 60.0, 80.0, 200.0]))
NAME_LISTS = st.lists(NAMES, max_size=2).map(tuple)
LEAVES = st.one_of(
    st.builds(Price, min=BOUNDS, max=BOUNDS, currency=st.sampled_from([None, "USD", "EUR", "JPY"])),
    st.builds(Brand, names=NAME_LISTS),
    st.builds(Category, names=NAME_LISTS),
    st.builds(
        Attribute,
        name=st.sampled_from(["color", "Size", "weight", "waterproof", "no"]),
        values=NAME_LISTS,
        min=BOUNDS,
        max=BOUNDS,
    ),
    st.builds(Tags, names=NAME_LISTS),
    st.builds(Stars, min=BOUNDS, max=BOUNDS, min_count=st.integers(0, 9)),
    st.just(InStock()),
    st.builds(Words, text=st.sampled_from(["leather", "leather boot", "", "the", "copper pipe 0.5 inch"])),
    st.builds(Items, item_ids=st.lists(st.sampled_from(["boot", "mug", "?"]), max_size=2).map(tuple)),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(And, parts=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, parts=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, part=inner),
    ),
    max_leaves=6,
)
GENERATED_PRODUCTS = st.builds(
    Product,
    item_id=st.just("p"),
    title=st.sampled_from(["Leather boots", "1/2 in. copper pipe", "Mug"]),
    brand=st.sampled_from([None, "Nike", "NORDVIK", ""]),
    category=st.sampled_from([(), ("Shoes",), ("Home", "Shoe")]),
    more_categories=st.sampled_from([(), (("Red",), ("Home", "Shoe"))]),
    price=st.one_of(st.none(), st.sampled_from([0.6, 14.5, 39.0, 80.0])),
    currency=st.sampled_from(["USD", "EUR"]),
    attributes=st.dictionaries(
        st.sampled_from(["color", "Color", "weight", "waterproof"]),
        st.one_of(st.booleans(), st.sampled_from([1.2, 42.0, "Red / x", "0.6 kg", "yes", ("Red", "42")])),
        max_size=3,
    ),
    tags=st.lists(NAMES, max_size=2).map(tuple),
    options=st.dictionaries(st.just("Size"), st.just(("42", "x")), max_size=1),
    stock=st.sampled_from([None, 0, 5]),
)

RATINGS = st.sampled_from([None, (3.2, 4), (0.0, 0), (4.9, 1)])


@settings(max_examples=150, deadline=None)
@given(FILTERS, st.lists(st.tuples(GENERATED_PRODUCTS, RATINGS), max_size=6))
def test_columns_agree_with_the_meaning_product_by_product(
    condition: Filter, rated: list[tuple[Product, tuple[float, int] | None]]
) -> None:
    products = [product.model_copy(update={"item_id": str(n)}) for n, (product, _) in enumerate(rated)]
    stars = {str(n): rating for n, (_, rating) in enumerate(rated) if rating}
    table = FilterTable.build(products, stars)
    met = [condition.matches(product, stars.get(product.item_id)) for product in products]
    assert table.mask(condition).tolist() == met
    assert table.count(condition, np.arange(len(products)) < 3) == sum(met[:3])


@settings(max_examples=100)
@given(FILTERS)
def test_filters_survive_json(condition: Filter) -> None:
    adapter: TypeAdapter[Filter] = TypeAdapter(Filter)
    assert adapter.validate_json(adapter.dump_json(condition)) == condition


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> VectorCollection:
    vectors = np.eye(len(PRODUCTS), 16, dtype=np.float32)
    return VectorCollection.create(tmp_path_factory.mktemp("chroma"), "filters", vectors, RowMetadata(TABLE))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(condition=FILTERS)
def test_chroma_agrees_wherever_a_filter_compiles(collection: VectorCollection, condition: Filter) -> None:
    where = compile_where(condition, TABLE)
    if where is None:
        return
    rows, _ = collection.query(np.ones(16, dtype=np.float32) / 4, len(PRODUCTS), where)
    assert {TABLE.item_ids[row] for row in rows} == matching(condition)


def test_price_brand_and_category_compile_and_words_do_not() -> None:
    assert compile_where(Price(max=5) & Not(Brand(("Nike",))) & Category(("shoes",)), TABLE) is not None
    assert compile_where(Words("leather"), TABLE) is None
