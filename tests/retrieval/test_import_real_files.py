"""Real exports, read as they are. Skipped where the data is not at hand (``AISLE_DATA``)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DATA
from tests.retrieval.importing import Target

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data at {DATA}; set AISLE_DATA")


def imported(target: Target, **files: Any) -> Any:
    return target.run(
        **{kind: DATA / name if isinstance(name, str) else name for kind, name in files.items()}
    )


def test_a_shopify_export_of_6618_rows_is_1186_published_products(target: Target) -> None:
    summary = imported(target, products="shopify_export/products_export_1.csv")
    counts = summary.files[0]
    assert (counts.read, counts.added, counts.rejected) == (6618, 1186, 0)
    products = list(target.catalog.products())
    assert sum(p.price is not None for p in products) == 1186 - 92
    assert max(p.price_max for p in products if p.price_max) < 100_000
    assert not any("demonstration store" in p.description for p in products)
    assert not any("<" in p.description and ">" in p.description for p in products if "</" in p.description)
    text = " ".join(summary.notices)
    assert "58 products were left out: unpublished (hidden)" in text
    assert "products have only a placeholder price" in text
    again = imported(target, products="shopify_export/products_export_1.csv")
    assert (again.files[0].added, again.files[0].updated, again.files[0].unchanged) == (0, 0, 1186)


@pytest.mark.parametrize("name", ["apparel", "home-and-garden", "jewelery"])
def test_shopify_samples(target: Target, name: str) -> None:
    summary = imported(target, products=f"formats/{name}.csv")
    assert (summary.files[0].format, summary.files[0].added, summary.files[0].rejected) == ("shopify", 20, 0)
    assert all(p.price for p in target.catalog.products())


def test_the_woocommerce_sample(target: Target) -> None:
    summary = imported(target, products="formats/woocommerce_sample_products.csv")
    assert (summary.files[0].format, summary.files[0].read, summary.files[0].added) == ("woocommerce", 24, 14)
    hoodie = target.catalog.product("cc-hoodie")
    assert hoodie is not None
    assert (hoodie.price, hoodie.price_max) == (42.0, 45.0)
    assert hoodie.options == {"Color": ("Blue", "Green", "Red"), "Logo": ("Yes", "No")}


def test_musical_instruments_with_their_ratings(target: Target) -> None:
    summary = imported(
        target, products="musical_instruments/meta_5.csv", events="musical_instruments/anshuv_5.csv"
    )
    assert [file.added for file in summary.files] == [900, 10261]
    assert len({event.user_id for event in target.events.values()}) == 1429
    assert not any("&quot;" in title for title in target.titles().values())
    assert sum(p.price is None for p in target.catalog.products()) == 2


def test_digital_music_with_reviews_that_are_ratings(target: Target) -> None:
    summary = imported(
        target, products="digital_music/meta.jsonl.gz", reviews="digital_music/reviews.jsonl.gz"
    )
    assert [file.added for file in summary.files] == [382, 6908]
    assert len(target.events) == 6908
    assert all(p.price for p in target.catalog.products())


def test_scientific_items_and_sequences(target: Target) -> None:
    summary = imported(
        target, products="scientific/Scientific.item.json", events="scientific/Scientific.inter.json"
    )
    assert [file.added for file in summary.files] == [4344, 58492]
    assert sum(file.rejected for file in summary.files) == 0
    assert all(len(p.category) > 1 for p in target.catalog.products() if p.category)


def test_phones_with_nested_reviews(target: Target) -> None:
    summary = imported(target, products="phones/data_subset.json")
    assert summary.files[0].added == 100
    assert target.catalog.review_count() == 4993
    assert sum(p.price is not None for p in target.catalog.products()) == 76
    phone = target.catalog.product("B00GANEUQG")
    assert phone is not None
    assert (phone.brand, phone.attributes["operating_system"]) == ("Nokia", "Windows Phone")


def test_magazines_whose_titles_are_markup_are_reported(target: Target) -> None:
    summary = imported(
        target,
        products="magazines/meta_Magazine_Subscriptions.json.gz",
        reviews="magazines/Magazine_Subscriptions_5.json.gz",
    )
    products, reviews = summary.files
    assert products.read == 3385
    assert products.added + products.duplicates + products.rejected == 3385
    assert not any("<" in title or "/>" in title for title in target.titles().values())
    assert (reviews.added, reviews.unchanged) == (2333, 42)
    assert {row["field"] for row in target.rejected()} == {"title"}


def test_a_magento_catalogue_is_its_configurable_products(target: Target) -> None:
    summary = imported(
        target, products="magento_luma/products.csv", reviews="magento_luma/products_reviews.csv"
    )
    assert (summary.files[0].added, summary.files[0].rejected) == (147, 0)
    products = list(target.catalog.products())
    assert all(p.options.keys() & {"Size", "Color"} for p in products)
    hoodie = target.catalog.product("MH01")
    assert hoodie is not None
    assert (hoodie.title, hoodie.price, hoodie.stock) == ("Chaz Kangeroo Hoodie", 52.0, 1500)
    assert hoodie.category == ("Men", "Tops", "Hoodies & Sweatshirts")
    assert hoodie.more_categories == (("Collections", "Eco Friendly"),)
    assert (hoodie.attributes["material"], hoodie.attributes["eco_collection"]) == ("Wool", True)
    assert sum(1 for _ in target.catalog.reviews("MJ01"))
    assert target.catalog.review_count() == 498


def test_icecat_in_one_command(target: Target) -> None:
    summary = imported(target, products="icecat/products.jsonl.gz", minor_units=True)
    counts = summary.files[0]
    assert (counts.added, counts.rejected, counts.format) == (19406, 0, "jsonl")
    toner = target.catalog.product("3920564")
    assert toner is not None
    assert (toner.brand, toner.price, toner.attributes["quantity_per_pack"]) == ("Xerox", 49.95, 6.0)
    assert toner.image_url is not None
    assert toner.image_url.startswith("http://images.icecat.biz/img/gallery/")
    assert {column.column for column in target.catalog.left_out()} == {"img_low", "img_500x500", "img_thumb"}
