"""After an import without a build: the build's rows answer as the products are now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from retrieval.catalog import Catalog
from retrieval.filtering.table import FilterTable
from retrieval.filtering.updated import UpdatedTable
from retrieval.filters import And, Brand, Filter, InStock, Not, Or, Price, Stars, Words
from retrieval.records import Product


def product(item_id: str, price: float | None, stock: int | None, brand: str = "Acme") -> Product:
    return Product(item_id=item_id, title=f"{brand} kettle", brand=brand, price=price, stock=stock)


BUILT = [product("a", 10, 1), product("b", 20, 1), product("c", 30, 0, "Nord"), product("d", None, None)]
STARS = {"a": (4.5, 3), "c": (2.0, 9)}
TABLE = FilterTable.build(BUILT, STARS)
LEAVES: list[Filter] = [
    Price(max=20), Price(min=15), InStock(), Brand(("Nord",)), Words("nord kettle"), Stars(min=4), And(),
]  # fmt: skip


def test_prices_stock_and_removals_count_at_once() -> None:
    table = UpdatedTable(TABLE, {"a": product("a", 99, 0), "b": None})
    assert [TABLE.item_ids[row] for row in table.rows(Price(max=50))] == ["c"]
    assert not table.mask(InStock()).any()
    assert table.rows(And()).tolist() == [0, 2, 3]
    assert (table.size, len(table)) == (3, 4)
    assert table.price[0] == 99


def test_a_name_that_came_since_is_known() -> None:
    table = UpdatedTable(TABLE, {"a": product("a", 10, 1, "Veltra")})
    assert TABLE.unknown(Brand(("Veltra",)))
    assert not table.unknown(Brand(("Veltra",)))
    assert table.unknown(Brand(("Nobody",)))


conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        inner.map(lambda part: Not(part)),
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, max_size=3)),
    ),
    max_leaves=6,
)
states = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([None, 5.0, 25.0]), st.sampled_from([None, 0, 3]), st.sampled_from(["Acme", "Nord"])
    ),
)


@given(st.dictionaries(st.sampled_from("abcdx"), states), conditions)
def test_the_mask_is_what_the_products_now_say(
    states: dict[str, tuple[float | None, int | None, str] | None], condition: Filter
) -> None:
    changed = {item: product(item, *state) if state else None for item, state in states.items()}
    now = {p.item_id: p for p in BUILT} | {item: p for item, p in changed.items() if item in "abcd"}
    expected = [
        (p := now[old.item_id]) is not None and condition.matches(p, STARS.get(old.item_id)) for old in BUILT
    ]
    table = UpdatedTable(TABLE, changed)
    assert table.mask(condition).tolist() == expected
    first = np.arange(len(BUILT)) < 2
    assert table.count(condition, first) == sum(expected[:2])


def test_the_catalogue_knows_what_changed_since_a_build(tmp_path: Path) -> None:
    catalog = Catalog(create_engine(f"sqlite:///{tmp_path / 'shop.db'}"))
    catalog.upsert_products(BUILT)
    assert catalog.revision() == 0
    catalog.upsert_products([product("a", 12, 1), *BUILT[1:]])
    built = catalog.revision()
    assert set(catalog.changed_since(0)) == {"a"}
    catalog.remove_products(["b", "c"])
    catalog.upsert_products([product("c", 31, 1), product("new", 5, 1)])
    assert catalog.changed_since(built) == {"b": None, "c": product("c", 31, 1)}
    assert catalog.revision() > built
