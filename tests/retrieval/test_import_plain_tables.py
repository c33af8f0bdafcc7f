"""Tables of no shop system: lines above the header, no ids, cents, workbooks, and where every column ends."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target, by_title, told


def workbook(path: Path, rows: list[list[str | float]]) -> Path:
    """The smallest workbook that spreadsheets open."""

    def cell(value: str | float) -> str:
        inline = f't="inlineStr"><is><t>{value}</t></is>' if isinstance(value, str) else f"><v>{value!r}</v>"
        return f"<c {inline}</c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "header",
    ["sku,type,name,price", "SKU,Title,Price,Quantity", "id,title,price,brand", "Item,Name,SKU,Price",
     "Artikelnummer,Titel,Preis,Menge", "sku,item_name,price,color"],
)  # fmt: skip
def test_a_plain_table_is_no_systems_export(target: Target, header: str) -> None:
    summary = target.read(f"{header}\na,b,3,4\n")
    assert summary.files[0].format == "csv"


def test_lines_above_the_header_are_passed_over(target: Target) -> None:
    target.read("sep=;\nid;Bezeichnung;Preis;Kategorie\n1;Vase;12,50;Vasen\n2;Uhr;1.299,00;Uhren\n")
    assert {p.title: p.price for p in target.catalog.products()} == {"Vase": 12.5, "Uhr": 1299.0}
    target.read("Product export 2026-01-01\n\nid,name,price\n3,Lamp,5\n", "b.csv")
    assert target.titles()["3"] == "Lamp"


def test_what_a_spreadsheet_damaged_is_named_and_never_merged(target: Target) -> None:
    summary = target.read(
        "ean,title,price,gtin\n4.00638E+12,Vase,5,1\n4.00638E+12,Clock,9,1\n5,Lamp,5,4.00638E+12\n6,Mug,12-May,2\n"
    )
    assert set(target.titles().values()) == {"Lamp"}
    assert ["spreadsheet" in row["expected"] for row in target.rejected()] == [True, True, True]
    assert "item_id: got '4.00638E+12', expected an id, not a number that a spreadsheet shortened" in told(
        summary
    )
    assert "price: got '12-May', expected an amount, not a date" in told(summary)
    assert "in 'gtin', 1 value was left out, shortened by a spreadsheet" in told(summary)


def test_a_table_without_ids(target: Target) -> None:
    table = "name,price\nVase,5\nVase,6\nLamp,7\n"
    with pytest.raises(ImportFileError, match="--id-from title"):
        target.read(table)
    target.read(table, id_from="title")
    assert set(target.titles()) == {"vase", "vase-2", "lamp"}


def test_prices_in_cents(target: Target) -> None:
    rows = "".join(f"{n},Thing {n},{1000 * n + 95}\n" for n in range(1, 31))
    assert "--minor-units" in told(target.read("id,title,price\n" + rows))
    target.read("id,title,price\n" + rows, minor_units=True)
    product = target.catalog.product("4")
    assert product is not None
    assert product.price == 40.95


def test_a_column_may_be_mapped_twice_in_any_format(target: Target) -> None:
    target.read(
        "Handle,Title,Variant Price,Extra\na,Vase,5,Glass\n",
        mapping=[("Extra", "brand"), ("Extra", "attributes.material")],
    )
    vase = by_title(target)["Vase"]
    assert (vase.brand, vase.attributes["material"]) == ("Glass", "Glass")


def test_a_workbook_is_read(target: Target) -> None:
    rows: list[list[str | float]] = [
        ["Our products"],
        [],
        ["id", "title", "price", "ean"],
        [1, "Vase", 12.5, 4006381333931],
        [2, "Uhr", 3, 5],
    ]
    target.run(products=workbook(target.folder / "products.xlsx", rows))
    vase = by_title(target)["Vase"]
    assert (vase.item_id, vase.price, vase.attributes["ean"]) == ("1", 12.5, "4006381333931")


def test_a_mean_rating_and_its_count_are_the_products(target: Target) -> None:
    target.read("id,title,average_rating,review_count\na,Vase,4.5,12\nb,Lamp,9,3\n")
    products = by_title(target)
    assert (products["Vase"].rating, products["Vase"].rating_count) == (4.5, 12)
    assert products["Lamp"].rating is None


def test_every_column_ends_as_something_or_is_named_with_the_reason(target: Target) -> None:
    target.read(
        "id,title,Ingredients,Combination,Dry,Size,dims,page,empty,meta_title\n"
        + "".join(
            f'{n},Cream {n},"{"Water, Oxybenzone 5.00%, " * 12}{n}",{n % 2},{n // 2 % 2},{n}0 ml,'
            f"12W x 30D x {n + 1}H,https://x.example/{n},,Buy {n}\n"
            for n in range(12)
        )
    )
    cream = target.catalog.product("3")
    assert cream is not None
    assert "Oxybenzone 5.00%" in cream.texts["ingredients"]
    assert (cream.attributes["combination"], cream.attributes["dry"]) == (True, True)
    assert (cream.attributes["size"], cream.attributes["size_l"]) == ("30 ml", 0.03)
    assert (cream.attributes["width"], cream.attributes["height"]) == (12.0, 4.0)
    left = {column.column: (column.reason, column.option) for column in target.catalog.left_out()}
    assert set(left) == {"page", "empty", "meta_title"}
    assert left["page"] == ("addresses of pages or pictures", "--map page=attributes.page")
    became = {column.column: column.became for column in target.catalog.imported_columns()}
    assert became["Ingredients"] == "text ingredients"
    assert became["Combination"] == "attribute combination (yes/no)"
