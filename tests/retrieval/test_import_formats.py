"""Whose export it is: Shopify, WooCommerce and the Amazon sets; reviews and events of any table."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from retrieval.importers import ImportFileError
from retrieval.records import Product
from tests.retrieval.importing import Target

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Variant Compare At Price,Variant Grams,Image Src,Google Shopping / Gender,Status\n"
)
TEE = (
    'tee,Tee,<p>Soft</p>,Acme,Apparel > Tops,Shirts,"cotton, summer",SIZE,S,Color,Red,shopify,3,deny,'
    "20,30,150,https://x.example/1.jpg,female,active\n"
    "tee,,,,,,,,M,,Red,shopify,-2,deny,25,,150,,,\n"
    "tee,,,,,,,,,,,,,,,,,https://x.example/2.jpg,,\n"
)
WOO = (
    "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Sale price,Regular price,"
    "Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
)


def one(target: Target, item_id: str) -> Product:
    found = target.catalog.product(item_id)
    assert found is not None
    return found


def test_shopify_variants_are_one_product_with_options_and_a_price_range(target: Target) -> None:
    summary = target.read(SHOPIFY + TEE)
    assert (summary.files[0].format, summary.files[0].read, summary.files[0].added) == ("shopify", 3, 1)
    tee = one(target, "tee")
    assert (tee.title, tee.description, tee.brand) == ("Tee", "Soft", "Acme")
    assert (tee.price, tee.price_max, tee.stock) == (20.0, 25.0, 3)
    assert tee.options == {"Size": ("S", "M"), "Color": ("Red",)}
    assert tee.category == ("Apparel", "Tops", "Shirts")
    assert tee.tags == ("cotton", "summer")
    assert (tee.image_url, tee.more_images) == ("https://x.example/1.jpg", ("https://x.example/2.jpg",))
    assert tee.attributes == {"gender": "female", "regular_price": 30.0, "weight_kg": 0.15}


def test_shopify_drafts_are_left_out_with_a_notice(target: Target) -> None:
    summary = target.read(SHOPIFY + TEE.replace(",active", ",draft"))
    assert target.titles() == {}
    assert any("1 product was left out: drafts" in notice for notice in summary.notices)


def test_shopify_rows_torn_apart_are_put_together(target: Target) -> None:
    first, second, _ = TEE.splitlines(keepends=True)
    other = first.replace("tee,Tee", "cap,Cap")
    target.read(SHOPIFY + first + other + second)
    assert set(target.titles()) == {"tee", "cap"}
    assert one(target, "tee").options["Size"] == ("S", "M")
    assert not target.rejected()


def test_a_default_title_is_no_option(target: Target) -> None:
    target.read(SHOPIFY + TEE.splitlines()[0].replace("SIZE,S,Color,Red", "Title,Default Title,,") + "\n")
    assert one(target, "tee").options == {}


def test_woocommerce_variations_join_their_parent_wherever_they_stand(target: Target) -> None:
    rows = (
        '2,variation,hood-r,"Hoodie Red",1,,,1,4,42,45,,,,hood,Color,Red\n'
        '1,variable,hood,Hoodie,1,Warm.,Long text.,1,,,,"Clothing > Hoodies, Sale",,https://x.example/h.png,,'
        'Color,"Red, Blue"\n'
        '3,variation,hood-b,"Hoodie Blue",1,,,1,1,,45,,,,id:1,Color,Blue\n'
        "4,simple,cap,Cap,1,,,0,,16,18,Clothing,,,,Color,Gray\n"
        "5,variation,lost,Lost,1,,,1,,,9,,,,nobody,,\n"
        "6,simple,secret,Secret,-1,,,1,,,9,,,,,,\n"
    )
    summary = target.read(WOO + rows)
    hoodie = one(target, "hood")
    assert (hoodie.price, hoodie.price_max, hoodie.stock) == (42.0, 45.0, 5)
    assert hoodie.options == {"Color": ("Red", "Blue")}
    assert hoodie.category == ("Clothing", "Hoodies")
    assert hoodie.tags == ("Sale",)
    assert hoodie.description == "Warm.\nLong text."
    cap = one(target, "cap")
    assert (cap.price, cap.stock, cap.attributes["regular_price"], cap.attributes["Color".lower()]) == (
        16.0, 0, 18.0, "Gray",
    )  # fmt: skip
    assert target.rejected()[0]["field"] == "Parent"
    assert "secret" not in target.titles()
    assert summary.files[0].format == "woocommerce"


def test_amazon_metadata_of_2014_2018_and_2023(target: Target) -> None:
    rows = [
        {"asin": "A1", "title": "One", "price": 9.49, "imUrl": "http://x.example/1.jpg",
         "description": "Old.", "categories": [["CDs", "Pop", "Dance"], ["Music", "Soul"]]},
        {"asin": "A2", "title": "Two", "price": "$12.99", "also_buy": [], "main_cat": "Toys",
         "brand": "by\n  Acme", "category": ["Toys", "Games"], "description": ["First.", "Second."],
         "feature": ["Fun"], "details": {"Format:": "Print", "ASIN:": "A2"}, "image": ["http://x.example/2.jpg"]},
        {"parent_asin": "A3", "title": "Three", "price": None, "main_category": "Beauty", "store": "Shop",
         "images": [{"large": "http://x.example/3.jpg"}, {"thumb": "http://x.example/4.jpg"}],
         "details": {"Color": "Red"}, "features": []},
        {"asin": "A4", "title": "Four", "price": ".a-box{color:red}", "main_cat": "Toys"},
    ]  # fmt: skip
    summary = target.read("\n".join(map(json.dumps, rows)), "meta.json")
    assert summary.files[0].format == "amazon"
    first, second, third = (one(target, item_id) for item_id in ("A1", "A2", "A3"))
    assert (first.category, first.tags, first.price) == (("CDs", "Pop", "Dance"), ("Soul",), 9.49)
    assert (second.price, second.brand, second.description) == (12.99, "Acme", "First.\nSecond.\nFun")
    assert second.attributes == {"format": "Print"}
    assert (third.brand, third.category, third.image_url) == ("Shop", ("Beauty",), "http://x.example/3.jpg")
    assert third.more_images == ("http://x.example/4.jpg",)
    assert one(target, "A4").price is None
    assert any("price that is no price" in notice for notice in summary.notices)


def test_a_format_that_the_file_is_not_is_told(target: Target) -> None:
    with pytest.raises(ImportFileError, match="not a shopify export, which has Handle"):
        target.read("id,title\na,Kettle\n", format="shopify")
    with pytest.raises(ImportFileError, match="no such format"):
        target.read("id,title\na,Kettle\n", format="opencart")


def test_a_reduced_price_is_the_price(target: Target) -> None:
    target.read("sku,name,price,sale_price\na,Kettle,20,15\nb,Tent,30,\n")
    assert (one(target, "a").price, one(target, "a").attributes) == (15.0, {"regular_price": 20.0})
    assert one(target, "b").price == 30.0


def test_titles_in_a_description_column_are_found_with_a_notice(target: Target) -> None:
    summary = target.read("Product ID,Description,price\na,Monster Cable 1/4&quot;,5\n")
    assert target.titles() == {"a": 'Monster Cable 1/4"'}
    assert any("--map Description=title" in notice for notice in summary.notices)


def test_columns_that_never_vary_are_no_attributes(target: Target) -> None:
    rows = "".join(f"p{i},Thing,{i % 3 + 1},same\n" for i in range(12))
    target.read("id,title,color_code,bookkeeping\n" + rows)
    assert one(target, "p1").attributes == {"color_code": 2.0}


def test_nested_reviews_come_with_their_product(target: Target) -> None:
    row = {"id": "a", "title": "Phone", "reviews": [
        {"id": "r1", "rating_review": 4, "title_review": "Good", "body": "Works.", "date": "2020-01-02"},
        {"id": "r2", "rating_review": 9, "body": "Off the scale"},
    ]}  # fmt: skip
    target.read(json.dumps([row]), "phones.json")
    (review,) = target.catalog.reviews("a")
    assert (review.review_id, review.stars, review.title, review.text) == ("r1", 4.0, "Good", "Works.")
    assert target.rejected()[0]["field"] == "stars"


def test_a_review_with_a_shopper_stars_and_time_is_also_a_rating(target: Target) -> None:
    rows = [
        {"reviewerID": "U", "asin": "a", "overall": 4.0, "unixReviewTime": 1158019200, "helpful": [3, 5],
         "reviewText": "Fine", "summary": "Good"},
        {"asin": "a", "overall": 2.0, "reviewText": "By a guest"},
    ]  # fmt: skip
    path = target.write("\n".join(map(json.dumps, rows)), "reviews.jsonl")
    target.run(reviews=path)
    (event,) = target.events.values()
    assert (event.user_id, event.item_id, event.kind, event.value) == ("U", "a", "rating", 4.0)
    assert event.time == datetime(2006, 9, 12, tzinfo=UTC)
    assert sorted(review.helpful for review in target.catalog.reviews()) == [0, 3]


def test_a_rating_told_as_review_and_as_event_is_one_event(target: Target) -> None:
    reviews = target.write(
        "user_id,item_id,stars,time,text\nU,a,5,2026-01-01T00:00:00Z,Fine\n", "reviews.csv"
    )
    events = target.write(
        "user_id,item_id,event,value,time\nU,a,rating,5,2026-01-01T00:00:00Z\n", "events.csv"
    )
    target.run(reviews=reviews, events=events)
    assert len(target.events) == 1


def test_events_get_ids_that_stay_and_repeats_stay_apart(target: Target) -> None:
    row = "U,a,add_to_cart,2026-01-01T00:00:00Z\n"
    path = target.write("user,item_id,event,timestamp\n" + row + row + row.replace("U,", "V,"), "events.csv")
    first, second = target.run(events=path), target.run(events=path)
    assert {event.kind for event in target.events.values()} == {"cart"}
    assert (first.files[0].added, second.files[0].added, second.files[0].unchanged) == (3, 0, 3)


def test_events_without_a_kind_are_ratings_or_purchases_with_a_notice(target: Target) -> None:
    path = target.write("asin, reviewerID, overall, unixReviewTime\na,U,5.0,1393545600\n", "ratings.csv")
    summary = target.run(events=path)
    assert [event.kind for event in target.events.values()] == ["rating"]
    assert any("read as ratings" in notice for notice in summary.notices)


def test_sequences_by_shopper_are_purchases_in_their_order(target: Target) -> None:
    path = target.write(json.dumps({"0": [7, 8, 9], "1": [8]}), "inter.json")
    target.run(events=path)
    mine = sorted((e.time, e.item_id) for e in target.events.values() if e.user_id == "0")
    assert [item for _, item in mine] == ["7", "8", "9"]
    assert {event.kind for event in target.events.values()} == {"purchase"}


def test_bad_events_are_reported(target: Target) -> None:
    rows = ",a,view,2026-01-01\nU,a,jump,2026-01-01\nU,a,rating,2026-01-01\nU,a,view,never\n"
    rows += "U,a,view,2026-01-01\n"
    summary = target.run(events=target.write("user_id,item_id,kind,time\n" + rows, "events.csv"))
    assert [row["field"] for row in target.rejected()] == ["user_id", "kind", "value", "time"]
    assert summary.files[0].added == 1


def test_events_about_unknown_products_are_kept_and_told(target: Target) -> None:
    products = target.write("id,title\na,Kettle\n")
    events = target.write(
        "user_id,item_id,kind,time\nU,a,view,2026-01-01\nU,gone,view,2026-01-01\n", "events.csv"
    )
    summary = target.run(products=products, events=events)
    assert summary.files[1].added == 2
    assert any("1 event is about unknown products (e.g. 'gone')" in notice for notice in summary.notices)


def test_nothing_to_import_is_told(target: Target) -> None:
    with pytest.raises(ImportFileError, match="nothing to import"):
        target.run()
