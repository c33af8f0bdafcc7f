"""What an import tells of rows and columns: the report of what was rejected, columns mapped, missing or left out."""

from __future__ import annotations

import pytest

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target

PLAIN = "id,title,price\na,Kettle,10\nb,Tent,20\n"


def test_a_row_with_too_many_cells_is_rejected_with_the_count(target: Target) -> None:
    target.read("id,title,price\na,Kettle, large,10\nb,Tent,20\n")
    assert target.titles() == {"b": "Tent"}
    assert "3 cells, got 4" in target.rejected()[0]["expected"]


def test_bad_rows_are_reported_with_file_row_field_value_and_what_was_expected(target: Target) -> None:
    summary = target.read("id,title,price\n,No id,1\nb,,2\nc,Lamp,cheap\nd,Tent,-3\ne,Good,5\n")
    assert target.titles() == {"e": "Good"}
    assert summary.report == target.report
    assert [(r["file"], r["row"], r["field"], r["value"]) for r in target.rejected()] == [
        ("products.csv", "2", "item_id", ""),
        ("products.csv", "3", "title", ""),
        ("products.csv", "4", "price", "cheap"),
        ("products.csv", "5", "price", "'-3"),
    ]
    assert all(row["expected"] for row in target.rejected())


def test_the_report_holds_no_formula(target: Target) -> None:
    target.read('id,title,price\na,Kettle,"=HYPERLINK(""http://x"")"\n')
    assert target.rejected()[0]["value"].startswith("'=")


def test_a_clean_import_removes_the_report_of_the_one_before(target: Target) -> None:
    target.read("id,title\n,x\nb,Tent\n")
    assert target.report.exists()
    assert target.read(PLAIN).report is None
    assert not target.report.exists()


def test_an_import_that_fails_keeps_the_report_of_the_one_before(target: Target) -> None:
    target.read("id,title\n,x\nb,Tent\n")
    before = target.report.read_bytes()
    with pytest.raises(ImportFileError):
        target.read("colour,size\nred,4\n")
    with pytest.raises(ImportFileError):
        target.run(products=target.folder / "missing.csv")
    assert target.report.read_bytes() == before


def test_a_missing_column_names_what_was_found_the_nearest_and_the_way_out(target: Target) -> None:
    with pytest.raises(ImportFileError) as failure:
        target.read("id,Titel der Ware,cost\na,x,1\n")
    message = str(failure.value)
    assert "'title'" in message
    assert "id, Titel der Ware, cost" in message
    assert "Nearest: Titel der Ware" in message
    assert '--map "Titel der Ware"=title' in message


def test_a_mapped_column_is_the_field(target: Target) -> None:
    target.read(
        "nr,Artikelname,cost\na,Kettle,4\n",
        mapping={"nr": "item_id", "artikelname": "title", "cost": "price"},
    )
    found = target.catalog.product("a")
    assert found is not None
    assert (found.title, found.price) == ("Kettle", 4.0)


def test_a_column_can_be_left_out_or_made_an_attribute(target: Target) -> None:
    mapping = {"secret": "-", "kg": "attributes.weight_kg"}
    target.read("id,title,secret,kg,color\na,Kettle,x,2.5,red\n", mapping=mapping)
    found = target.catalog.product("a")
    assert found is not None
    assert found.attributes == {"weight_kg": 2.5, "color": "red"}


@pytest.mark.parametrize(
    ("mapping", "told"),
    [({"name": "titel"}, "did you mean title"), ({"nam": "title"}, "no file has a column 'nam'")],
)
def test_a_wrong_map_is_told(target: Target, mapping: dict[str, str], told: str) -> None:
    with pytest.raises(ImportFileError, match=told):
        target.read("id,name\na,Kettle\n", mapping=mapping)
    assert target.titles() == {}


def test_every_row_counts_once_and_notes_tell_of_kept_products_only(target: Target) -> None:
    summary = target.read("id,title,price\na,Lamp,5\nb,,6\nc,Bed,7,extra\n")
    counts = summary.files[0]
    assert (counts.read, counts.added, counts.rejected, counts.folded) == (3, 1, 2, 0)
    assert (
        "products.csv: 1 product has a price without a currency, read as USD; --currency names another"
        in summary.notices
    )


def test_a_bad_review_within_a_product_is_reported_and_the_product_kept(target: Target) -> None:
    summary = target.read(
        '[{"id": "a", "title": "Lamp", "reviews": [{"rating": 99, "text": "good"}]}]', "products.json"
    )
    assert (summary.files[0].read, summary.files[0].added, summary.files[0].rejected) == (1, 1, 0)
    assert len(target.rejected()) == 1


def test_a_field_like_no_other_gets_no_suggestion(target: Target) -> None:
    with pytest.raises(ImportFileError) as failure:
        target.read("id,title\na,Lamp\n", mapping={"title": "qqq"})
    assert "no such field; All: " in str(failure.value)
