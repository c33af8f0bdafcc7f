"""Traps of real exports: each file is read as a person would read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.records import Product
from tests.retrieval.importing import Target


def table(*rows: Sequence[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def read(folder: Path, content: str | bytes, name: str = "in.csv", **options: object) -> dict[str, Product]:
    target = Target(folder)
    target.read(content, name, **options)
    return {product.item_id: product for product in target.catalog.products()}


def priced(folder: Path, price: str, *others: str) -> Product | None:
    rows = [("code", "title", "price"), *((str(n), f"Thing {n}", p) for n, p in enumerate((price, *others)))]
    return read(folder, table(*rows)).get("0")


@pytest.mark.parametrize(
    ("said", "amount", "currency"),
    [
        ("Rs. 1,499/-", 1499.0, "INR"),
        ("₹ 499 only", 499.0, "INR"),
        ("kr 1.299,-", 1299.0, "USD"),
        ("￥1,980", 1980.0, "JPY"),
        ("Rp 150.000", 150_000.0, "IDR"),
        ("12.990 ₫", 12_990.0, "VND"),
        ("USD$ 45", 45.0, "USD"),
        ("S/ 45.00", 45.0, "PEN"),
    ],
)
def test_a_price_is_read_with_its_currency(tmp_path: Path, said: str, amount: float, currency: str) -> None:
    product = priced(tmp_path, said, "12.50")
    assert product is not None
    assert (product.price, product.currency) == (amount, currency)


def test_beside_whole_hundreds_a_point_before_three_digits_parts_thousands(tmp_path: Path) -> None:
    product = priced(tmp_path, "1.299 €", "899 €", "2.499 €")
    assert product is not None
    assert product.price == 1299.0


@pytest.mark.parametrize(
    ("header", "currency"), [("Price (EUR)", "EUR"), ("price_gbp", "GBP"), ("Preis in €", "EUR")]
)
def test_the_header_of_a_price_names_the_currency(tmp_path: Path, header: str, currency: str) -> None:
    found = read(tmp_path, table(("sku", "name", header), ("A", "Mug", "5.00")))
    assert found["A"].currency == currency


@pytest.mark.parametrize(
    ("said", "stock"),
    [
        ("Rupture de stock", 0),
        ("https://schema.org/OutOfStock", 0),
        ("uitverkocht", 0),
        ("only 3 left", 3),
        (">10", 10),
        ("in 2-3 weeks", None),
        ("sofort lieferbar", None),
        ("ask us", None),
    ],
)
def test_words_of_stock_never_cost_a_product(tmp_path: Path, said: str, stock: int | None) -> None:
    found = read(tmp_path, table(("sku", "name", "price", "availability"), ("A", "Mug", "5", said)))
    assert found["A"].stock == stock


def test_an_unclear_stock_is_told(tmp_path: Path) -> None:
    content = table(("sku", "name", "price", "availability"), ("A", "Mug", "5", "ask us"))
    summary = Target(tmp_path).read(content)
    assert any("of their stock" in notice or "of its stock" in notice for notice in summary.notices)


_SHOPIFY = (
    "Handle", "Title", "Published", "Option1 Name", "Option1 Value", "Variant Price", "Variant Barcode", "Status",
    "Product rating (product.metafields.reviews.rating)",
    "Product rating count (product.metafields.reviews.rating_count)",
    "Seat height (product.metafields.custom.seat_height)", "Care (product.metafields.custom.care)",
)  # fmt: skip


def test_metafields_of_shopify_are_what_they_hold(tmp_path: Path) -> None:
    care = {
        "type": "root",
        "children": [{"type": "paragraph", "children": [{"type": "text", "value": "Wipe."}]}],
    }
    row = (
        "chair", "Oak Chair", "TRUE", "Title", "Default Title", "129.00", "'4006381333931", "active",
        '{"scale_min":"1.0","scale_max":"5.0","value":"4.6"}', "38", '{"value":45.0,"unit":"CENTIMETERS"}',
        json.dumps(care),
    )  # fmt: skip
    chair = read(tmp_path, table(_SHOPIFY, row))["chair"]
    assert (chair.rating, chair.rating_count) == (4.6, 38)
    assert chair.attributes["seat_height_cm"] == 45.0
    assert chair.attributes["care"] == "Wipe."
    assert chair.attributes["variant_barcode"] == "4006381333931"


_PRESTASHOP = (
    "ID;Activo (0/1);Nombre *;Categorías (x,y,z...);Precio impuestos incluidos;Descuento (porcentaje);"
    "Descuento desde (aaaa-mm-dd);Descuento hasta (aaaa-mm-dd);Referencia nº;Etiquetas (x,y,z...);"
    "URLs de las imágenes (x,y,z...);Características (Nombre:Valor:Posición:Personalizado)\n"
    "1;1;Camiseta;Inicio,Hombre;28,92;10;2020-01-01;2099-01-01;demo_1;verano,sol;https://t.es/1.jpg,https://t.es/2.jpg;"
    "Composición:Algodón:1\n"
    "2;0;Póster;Arte;20,00;;;;demo_2;;;\n"
)


def test_prestashop_in_spanish(tmp_path: Path) -> None:
    found = read(tmp_path, _PRESTASHOP, currency="EUR")
    assert found.keys() == {"1"}
    shirt = found["1"]
    assert (shirt.price, shirt.attributes["regular_price"]) == (26.03, 28.92)
    assert shirt.category == ("Hombre",)
    assert shirt.attributes["composición"] == "Algodón"
    assert shirt.tags == ("verano", "sol")
    assert len(shirt.more_images) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Naam eigenschap 1", "Waarde eigenschap 1", "Globale eigenschap 1"),
        ("Attributo 1 nome", "Attributo 1 valuta(e)", "Attributo 1 globale"),
        ("Nome do atributo 1", "Valores do atributo 1", "Visibilidade do atributo 1"),
        ("Nazwa atrybutu 1", "Wartość(ci) atrybutu 1", "Atrybut 1 globalny"),
    ],
)
def test_attributes_of_woocommerce_however_translated(tmp_path: Path, names: tuple[str, str, str]) -> None:
    content = table(
        ("Type", "SKU", "Name", "Regular price", *names), ("simple", "A", "Mug", "5", "Kleur", "Rood", "1")
    )
    assert read(tmp_path, content)["A"].attributes == {"kleur": "Rood"}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("Data de preço promocional começa em", "Data de preço promocional termina em"),
        ("Startdatum actieprijs", "Einddatum actieprijs"),
        ("Data di inizio del prezzo in offerta", "Data di fine del prezzo in offerta"),
    ],
)
def test_sale_dates_of_woocommerce_however_translated(tmp_path: Path, start: str, end: str) -> None:
    content = table(
        ("Type", "SKU", "Name", "Regular price", "Sale price", start, end),
        ("simple", "A", "Mug", "50", "30", "2020-01-01", "2020-02-01"),
    )
    assert read(tmp_path, content)["A"].price == 50.0


def test_line_ends_in_two_characters_are_line_ends(tmp_path: Path) -> None:
    content = table(
        ("sku", "name", "price", "description", "compatibility"),
        ("A", "Charger", "5", r"Fast.\nSmall.", r"EOS 450D\nEOS 500D"),
        ("B", "Cable", "5", r"See C:\new", "EOS 450D"),
    )
    found = read(tmp_path, content)
    assert found["A"].description == "Fast.\nSmall."
    assert found["A"].attributes["compatibility"] == ("EOS 450D", "EOS 500D")
    assert found["B"].description == r"See C:\new"


def test_all_pictures_are_kept(tmp_path: Path) -> None:
    content = table(
        ("TITLE", "PRICE", "CURRENCY_CODE", "MATERIALS", "IMAGE1", "IMAGE2", "IMAGE3"),
        ("Mug", "5", "EUR", "clay", "https://e/1.jpg", "https://e/2.jpg", "https://e/3.jpg"),
    )
    (mug,) = read(tmp_path, content).values()
    assert (mug.image_url, mug.more_images) == ("https://e/1.jpg", ("https://e/2.jpg", "https://e/3.jpg"))


def test_the_first_row_of_an_ebay_report_is_a_variation_too(tmp_path: Path) -> None:
    head = (
        "Item number",
        "Title",
        "Variation details",
        "Available quantity",
        "Start price",
        "Watchers",
        "P:UPC",
    )
    content = table(
        head,
        ("1", "Lead", "[Colour=Red,Size=S]", "2", "9.99", "1", "Does not apply"),
        ("1", "Lead", "[Colour=Blue,Size=S]", "1", "10.99", "1", "Does not apply"),
    )
    lead = read(tmp_path, content)["1"]
    assert (lead.price, lead.price_max, lead.stock) == (9.99, 10.99, 3)
    assert "gtin" not in lead.attributes


def test_json_in_an_envelope_with_objects_for_cells(tmp_path: Path) -> None:
    chair = {
        "id": "N1", "name": {"en": "Office Chair"}, "brand": {"id": 4, "name": "Sitty"},
        "price": {"amount": "129.00", "currency": "EUR"}, "images": [{"id": 9, "url": "https://x/1.jpg"}],
        "attributes": [{"name": "Colour", "value": "Black"}], "stock": {"quantity": 4},
    }  # fmt: skip
    found = read(tmp_path, json.dumps({"data": {"products": [chair]}}), "p.json")["N1"]
    assert (found.title, found.brand, found.price, found.currency) == ("Office Chair", "Sitty", 129.0, "EUR")
    assert (found.image_url, found.stock, found.attributes) == ("https://x/1.jpg", 4, {"colour": "Black"})


def test_features_in_groups(tmp_path: Path) -> None:
    feature = {"PresentationValue": "8 GB", "Feature": {"Name": {"Value": "Internal memory"}}}
    group = {"FeatureGroup": {"Name": {"Value": "Memory"}}, "Features": [feature]}
    row = {
        "IcecatId": 1, "Title": "HP 250", "Brand": "HP", "Category": {"Name": {"Value": "Notebooks"}},
        "Image": {"LowPic": "https://i/l.jpg", "HighPic": "https://i/h.jpg"}, "FeaturesGroups": [group],
    }  # fmt: skip
    found = read(tmp_path, f"{json.dumps(row)}\n{json.dumps({**row, 'IcecatId': 2})}", "p.jsonl")["1"]
    assert found.category == ("Notebooks",)
    assert found.image_url == "https://i/h.jpg"
    assert found.attributes["internal_memory"] == "8 GB"


def test_attributes_of_an_xml_element_are_columns(tmp_path: Path) -> None:
    item = '<product id="{0}"><name>Cup {0}</name><price currency="EUR">4,50</price></product>'
    content = f"<catalog>{item.format('K1')}{item.format('K2')}</catalog>"
    assert read(tmp_path, content, "cat.xml")["K1"].currency == "EUR"


def test_a_unit_after_the_last_side_is_of_all_sides(tmp_path: Path) -> None:
    rows = [(f"S{n}", "Sofa", "5", f"84W x 36D x {30 + n}H in.") for n in range(3)]
    sofa = read(tmp_path, table(("sku", "name", "price", "dimensions"), *rows))["S0"]
    assert (sofa.attributes["width_cm"], sofa.attributes["height_cm"]) == (213.36, 76.2)


def test_that_everything_is_vegan_is_kept(tmp_path: Path) -> None:
    rows = [(f"S{n}", f"Soap {n}", str(n + 1), "yes", "base") for n in range(12)]
    soap = read(tmp_path, table(("sku", "name", "price", "vegan", "website"), *rows))["S0"]
    assert soap.attributes == {"vegan": True}


def test_sentences_on_the_shop_go_from_anywhere_and_its_rules_to_the_documents(tmp_path: Path) -> None:
    rule = "We ship within two days and take returns for 30 days."
    rows = [
        (f"S{n}", f"Shirt {n}", str(n + 1), f"Shirt {n} is soft. Wash cold. {rule} Made in lot {n}. Visit us in Ulm.")
        for n in range(20)
    ]  # fmt: skip
    target = Target(tmp_path)
    summary = target.read(table(("sku", "name", "price", "description"), *rows))
    found = {product.item_id: product for product in target.catalog.products()}
    assert found["S3"].description == "Shirt 3 is soft. Wash cold. Made in lot 3."
    assert summary.files[0].policies == [rule]
    assert any(rule in notice for notice in summary.notices)


def test_a_category_that_says_nothing_is_none(tmp_path: Path) -> None:
    target = Target(tmp_path)
    head = ("sku", "name", "price", "category")
    summary = target.read(
        table(head, ("A", "Oak Chair", "5", "Uncategorized"), ("B", "Lamp", "5", "Home > Other"))
    )
    found = {product.item_id: product.category for product in target.catalog.products()}
    assert found == {"A": (), "B": ("Home", "Other")}
    assert any("category that says nothing" in notice for notice in summary.notices)


def test_a_shopify_product_may_begin_with_a_picture(tmp_path: Path) -> None:
    head = (
        "Handle",
        "Title",
        "Option1 Name",
        "Option1 Value",
        "Variant Price",
        "Image Src",
        "Image Position",
    )
    content = table(
        head,
        ("cookie", "", "", "", "", "https://s/2.jpg", "2"),
        ("cookie", "Oat Cookies", "Title", "Default Title", "4.50", "https://s/1.jpg", "1"),
    )
    cookie = read(tmp_path, content)["cookie"]
    assert (cookie.title, cookie.image_url, cookie.more_images) == (
        "Oat Cookies",
        "https://s/1.jpg",
        ("https://s/2.jpg",),
    )


def test_columns_of_a_cosmetics_table(tmp_path: Path) -> None:
    head = ("product_id", "product_name", "price_usd", "sale_price_usd", "out_of_stock", "reviews", "rating",
            "primary_category", "secondary_category")  # fmt: skip
    content = table(
        head,
        ("P1", "Cream", "35.0", "", "0", "11", "3.6", "Skincare", "Moisturizers"),
        ("P2", "Perfume", "195.0", "150.0", "1", "200", "4.5", "Fragrance", "Perfume"),
    )
    found = read(tmp_path, content, currency="EUR")
    assert (found["P2"].price, found["P2"].currency, found["P2"].stock) == (150.0, "USD", 0)
    assert found["P1"].stock is None
    assert (found["P1"].rating, found["P1"].rating_count) == (3.6, 11)
    assert found["P1"].category == ("Skincare", "Moisturizers")


def test_a_rule_of_bigcommerce_changes_the_price_of_the_product(tmp_path: Path) -> None:
    products = read(
        tmp_path,
        "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Price,Current Stock Level\n"
        "Product,1,Oak Desk,P,OD,100.00,0\n"
        "  SKU,2,[S]Size=Small,,OD-S,[REMOVE]5.50,0\n"
        "  SKU,3,[S]Size=Large,,OD-L,,0\n"
        "  SKU,4,[S]Size=Huge,,OD-H,[FIXED]300,0\n"
        "  Rule,5,,,OD-L,[ADD]10.00,\n",
    )
    desk = products["OD"]
    assert (desk.price, desk.price_max) == (94.5, 300.0)


def test_a_stock_of_zero_that_is_stated_for_every_variant_is_zero(tmp_path: Path) -> None:
    products = read(
        tmp_path,
        "Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Price,Current Stock Level\n"
        "Product,1,Oak Desk,P,OD,100.00,0\n"
        "  SKU,2,[S]Size=Small,,OD-S,,0\n"
        "  SKU,3,[S]Size=Large,,OD-L,,0\n",
    )
    desk = products["OD"]
    assert desk.stock == 0


def test_lists_of_several_variants_are_one_list(tmp_path: Path) -> None:
    products = read(
        tmp_path,
        "sku,product_type,name,price,visibility,additional_attributes,configurable_variations,categories\n"
        'T-S,simple,Tee S,20,Not Visible Individually,"size=S,material=Cotton|Linen",,Default Category/Men\n'
        'T-M,simple,Tee M,22,Not Visible Individually,"size=M,material=Cotton",,Default Category/Men\n'
        'T,configurable,Tee,,"Catalog, Search",,"sku=T-S,size=S|sku=T-M,size=M",Default Category/Men\n',
    )
    tee = products["T"]
    assert tee.attributes["material"] == ("Cotton", "Linen")


def test_a_json_row_whose_title_stands_in_an_object_is_read_with_it(tmp_path: Path) -> None:
    products = read(
        tmp_path,
        '{"data": {"GeneralInfo": {"IcecatId": 7, "Title": "Acme Lamp", "Brand": "Acme"}, '
        '"Image": {"HighPic": "https://img.example/a.jpg"}}}\n'
        '{"data": {"GeneralInfo": {"IcecatId": 8, "Title": "Acme Desk", "Brand": "Acme"}}}\n',
        "products.jsonl",
    )
    lamp = products["7"]
    assert (lamp.title, lamp.brand, lamp.image_url) == ("Acme Lamp", "Acme", "https://img.example/a.jpg")
