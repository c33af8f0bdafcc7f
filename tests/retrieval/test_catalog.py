"""The catalogue: what an upsert does, what it never does, and what it gives back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Engine, create_engine

from retrieval.catalog import BATCH, Catalog
from retrieval.records import Product, Review, UpsertCounts

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def catalog(engine: Engine) -> Catalog:
    return Catalog(engine)


def product(item_id: str = "a", title: str = "Kettle", updated_at: datetime | None = None) -> Product:
    return Product(item_id=item_id, title=title, updated_at=updated_at)


def test_new_products_are_added_and_known_ones_unchanged(catalog: Catalog) -> None:
    assert catalog.upsert_products([product("a"), product("b")]) == UpsertCounts(added=2)
    assert catalog.upsert_products([product("a"), product("b")]) == UpsertCounts(unchanged=2)
    assert catalog.count() == 2


def test_a_changed_product_is_updated(catalog: Catalog) -> None:
    catalog.upsert_products([product(title="Kettle")])
    assert catalog.upsert_products([product(title="Kettle 2 L")]) == UpsertCounts(updated=1)
    found = catalog.product("a")
    assert found is not None
    assert found.title == "Kettle 2 L"


def test_an_older_row_never_overwrites_a_newer_one(catalog: Catalog) -> None:
    catalog.upsert_products([product(title="new", updated_at=MARCH)])
    older = product(title="old", updated_at=MARCH - timedelta(days=1))
    assert catalog.upsert_products([older]) == UpsertCounts(unchanged=1)
    assert catalog.product("a") == product(title="new", updated_at=MARCH)


def test_a_row_without_a_date_overwrites(catalog: Catalog) -> None:
    catalog.upsert_products([product(title="dated", updated_at=MARCH)])
    assert catalog.upsert_products([product(title="undated")]).updated == 1


def test_times_are_kept_in_utc(catalog: Catalog) -> None:
    local = datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    catalog.upsert_products([product(updated_at=local)])
    found = catalog.product("a")
    assert found is not None
    assert found.updated_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert Review(review_id="r", item_id="a", time=datetime(2026, 3, 1)).time == MARCH


def test_products_come_back_whole_and_in_order_over_many_pages(catalog: Catalog) -> None:
    count = 2 * BATCH + 3
    catalog.upsert_products(product(f"p{i:05d}") for i in reversed(range(count)))
    assert [p.item_id for p in catalog.products()] == [f"p{i:05d}" for i in range(count)]


def test_every_field_survives_the_database(catalog: Catalog) -> None:
    full = Product(
        item_id="a",
        title="Tent",
        description="Two\nlines",
        brand="B",
        category=("Outdoor", "Tents"),
        price=9.5,
        price_max=12.0,
        currency="EUR",
        attributes={"weight_kg": 2.5, "waterproof": True, "color": "green", "seasons": ("a", "b")},
        tags=("x",),
        options={"Size": ("S", "M")},
        image_url="images/a.svg",
        url="https://shop.example/a",
        stock=0,
        updated_at=MARCH,
    )
    catalog.upsert_products([full])
    assert catalog.product("a") == full


def test_a_snapshot_stays_as_it_was_over_many_passes(catalog: Catalog, tmp_path: Path) -> None:
    catalog.upsert_products([product("a", "Line\u2028one\nline two"), product("b")])
    snapshot = catalog.snapshot(tmp_path / "products.jsonl")
    catalog.upsert_products([product("c"), product("b", "Changed")])
    assert len(snapshot) == 2
    assert [list(snapshot), list(snapshot)] == [[product("a", "Line\u2028one\nline two"), product("b")]] * 2


def test_a_missing_product_is_none(catalog: Catalog) -> None:
    assert catalog.product("nothing") is None
    assert catalog.unknown(["nothing"]) == {"nothing"}


def test_reviews_are_found_by_product(catalog: Catalog) -> None:
    catalog.upsert_reviews(Review(review_id=f"r{i}", item_id="ab"[i % 2], text="t") for i in range(7))
    assert [r.review_id for r in catalog.reviews("b")] == ["r1", "r3", "r5"]
    assert len(list(catalog.reviews())) == catalog.review_count() == 7


def test_reviews_come_back_over_many_pages(catalog: Catalog) -> None:
    count = BATCH + 5
    catalog.upsert_reviews(Review(review_id=f"r{i}", item_id="a") for i in range(count))
    assert len({r.review_id for r in catalog.reviews()}) == count


def test_the_content_hash_changes_exactly_when_products_do(catalog: Catalog) -> None:
    empty = catalog.content_hash()
    catalog.upsert_products([product("a"), product("b")])
    filled = catalog.content_hash()
    catalog.upsert_reviews([Review(review_id="r", item_id="a")])
    catalog.upsert_products([product("b"), product("a")])
    assert catalog.content_hash() == filled != empty
    catalog.upsert_products([product("a", "other")])
    assert catalog.content_hash() != filled


def test_the_reviews_hash_is_independent_of_the_products(catalog: Catalog) -> None:
    empty = catalog.reviews_hash()
    catalog.upsert_products([product()])
    assert catalog.reviews_hash() == empty
    catalog.upsert_reviews([Review(review_id="r", item_id="a")])
    assert catalog.reviews_hash() != empty


def test_sql_in_a_title_is_a_title(catalog: Catalog) -> None:
    title = "'); DROP TABLE products; --"
    catalog.upsert_products([product(item_id=title, title=title)])
    found = catalog.product(title)
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    "fields", [{"item_id": ""}, {"title": ""}, {"price": -1}, {"price": float("nan")}, {"stock": -1}]
)
def test_a_product_that_can_not_be_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Product.model_validate({"item_id": "a", "title": "t", **fields})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.integers(0, 3)), max_size=12
    )
)
def test_the_newest_row_of_an_id_wins_in_any_order(rows: list[tuple[str, str, int]]) -> None:
    catalog = Catalog(create_engine("sqlite://"))
    newest: dict[str, tuple[int, str]] = {}
    for item_id, title, day in rows:
        catalog.upsert_products([product(item_id, title, MARCH + timedelta(days=day))])
        if item_id not in newest or day >= newest[item_id][0]:
            newest[item_id] = (day, title)
    assert {p.item_id: p.title for p in catalog.products()} == {i: t for i, (_, t) in newest.items()}
