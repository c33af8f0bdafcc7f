"""Files as shops really have them: the right result or a clear message, good rows kept, never a traceback."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target

PLAIN = "id,title,price\na,Kettle,10\nb,Tent,20\n"


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        gzip.compress(PLAIN.encode(), mtime=0),
        ("\n\n" + PLAIN + "\n ,,\n").encode(),
        PLAIN.replace("id,", " id ,").encode(),
        PLAIN.replace("Kettle", "Ket\x00tle").encode(),
    ],
    ids=[
        "plain",
        "bom",
        "utf-16",
        "utf-16-le",
        "crlf",
        "semicolon",
        "tab",
        "pipe",
        "gz",
        "blank",
        "spaced",
        "nul",
    ],
)
def test_a_table_is_read_however_it_is_written(target: Target, content: bytes) -> None:
    summary = target.read(content)
    assert target.titles() == {"a": "Kettle", "b": "Tent"}
    assert summary.files[0].added == 2
    assert summary.report is None


def test_windows_text_is_read_and_told(target: Target) -> None:
    summary = target.read("id,title\na,Café für 5 €\n".encode("cp1252"))
    assert target.titles() == {"a": "Café für 5 €"}
    assert any("Windows-1252" in notice for notice in summary.notices)


def test_the_encoding_is_judged_by_the_whole_file(target: Target) -> None:
    rows = "".join(f"p{i},Plain title number {i}\n" for i in range(5000))
    target.read(("id,title\n" + rows).encode() + "z,Café\n".encode("cp1252"))
    assert target.titles()["z"] == "Café"


def test_quoted_newlines_and_delimiters_stay_in_their_cell(target: Target) -> None:
    target.read('id,title,description\na,"Kettle, large","Line one\nline ""two"""\nb,Tent,\n')
    found = target.catalog.product("a")
    assert found is not None
    assert (found.title, found.description) == ("Kettle, large", 'Line one\nline "two"')
    assert "b" in target.titles()


def test_a_cell_of_100_kb_is_read(target: Target) -> None:
    target.read(f"id,title,description\na,Kettle,{'word ' * 20_000}\n")
    found = target.catalog.product("a")
    assert found is not None
    assert len(found.description) > 99_000


def test_a_quote_that_is_never_closed_costs_one_row(target: Target) -> None:
    summary = target.read('id,title,description\na,Kettle,"open\nb,Tent,x\nc,Lamp,"closed, here"\n')
    assert target.titles() == {"b": "Tent", "c": "Lamp"}
    assert summary.files[0].rejected == 1
    assert target.rejected()[0]["row"] == "2"


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


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        random.Random(3).randbytes(3000),
        gzip.compress(random.Random(4).randbytes(3000)),
        bytes(2000) + random.Random(5).randbytes(1000),
    ],
    ids=["picture", "random", "random and packed", "zeros first"],
)
def test_a_file_that_is_no_text_is_no_table(target: Target, content: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"products\.csv: this is (no text|a picture)"):
        target.read(content)


def test_a_file_that_is_missing_is_told_with_what_can_be_read(target: Target) -> None:
    with pytest.raises(ImportFileError, match=r"no such file; give a table: CSV, a workbook .* XML"):
        target.run(products=target.folder / "missing.csv")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_told(target: Target, content: bytes) -> None:
    with pytest.raises(ImportFileError, match="the file is empty"):
        target.read(content)


def test_a_header_without_rows_is_told(target: Target) -> None:
    with pytest.raises(ImportFileError, match="a header without rows"):
        target.read("id,title\n")


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


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04xxxx", "zip or Excel"),
        (b"%PDF-1.4 xx", "a PDF"),
        (gzip.compress(PLAIN.encode() * 9000, mtime=0)[:300], "cut off or damaged|can't be read"),
        (b"[1, 2", "not valid JSON"),
        (b"id,title,id\na,b,c\n", "names 'id' twice"),
    ],
)
def test_what_is_no_table_is_told(target: Target, content: bytes, told: str) -> None:
    with pytest.raises(ImportFileError, match=told):
        target.read(content)


def test_no_such_file_and_a_folder_are_told(target: Target) -> None:
    with pytest.raises(ImportFileError, match="no such file"):
        target.run(products=target.folder / "nothing.csv")
    with pytest.raises(ImportFileError, match="a folder"):
        target.run(products=target.folder)


def test_the_same_file_again_changes_nothing(target: Target) -> None:
    content = "id,title\na,One\nb,Tent\na,Two\n"
    first = target.read(content)
    before = target.catalog.content_hash()
    second = target.read(content)
    assert (first.files[0].added, first.files[0].duplicates) == (2, 1)
    assert (second.files[0].added, second.files[0].updated) == (0, 0)
    assert target.catalog.content_hash() == before
    assert target.titles() == {"a": "Two", "b": "Tent"}


def test_of_a_repeated_id_the_newer_row_wins_wherever_it_stands(target: Target) -> None:
    target.read("id,title,updated_at\na,New,2026-05-01\nb,x,2026-01-01\na,Old,2026-04-01\n")
    assert target.titles()["a"] == "New"


def test_an_older_export_does_not_undo_a_newer_one(target: Target) -> None:
    target.read("id,title,updated_at\na,New,2026-05-01\n")
    target.read("id,title,updated_at\na,Old,2026-04-01\n")
    assert target.titles() == {"a": "New"}


def test_json_lines_a_json_array_a_table_by_id_and_parquet_are_read_alike(target: Target) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    rows = [{"id": "a", "title": "Kettle", "price": 10.5}, {"id": "b", "title": "Tent", "price": 20}]
    table = {row["id"]: {"title": row["title"], "price": row["price"]} for row in rows}
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), buffer)
    hashes = set()
    for content in (
        "\n".join(map(json.dumps, rows)).encode(),
        json.dumps(rows).encode(),
        json.dumps({"products": rows}).encode(),
        json.dumps(table).encode(),
        "\n".join(map(str, rows)).encode(),
        buffer.getvalue(),
    ):
        target.read(content, "products.data")
        hashes.add(target.catalog.content_hash())
    assert target.titles() == {"a": "Kettle", "b": "Tent"}
    assert len(hashes) == 1


def test_a_line_that_is_no_json_is_rejected_and_the_others_kept(target: Target) -> None:
    target.read('{"id": "a", "title": "Kettle"}\nnot json\n{"id": "b", "title": "Tent"}\n', "p.jsonl")
    assert set(target.titles()) == {"a", "b"}
    assert target.rejected()[0]["row"] == "2"


def test_zero_prices_are_unknown_with_a_notice(target: Target) -> None:
    summary = target.read("id,title,price\na,Kettle,0\nb,Tent,0.00\nc,Lamp,5\n")
    prices = {p.item_id: p.price for p in target.catalog.products()}
    assert prices == {"a": None, "b": None, "c": 5.0}
    assert any("2 products have the price 0" in notice for notice in summary.notices)


def test_placeholder_prices_are_unknown_with_a_notice(target: Target) -> None:
    rows = [f"p{i},Thing {i},{10 + i}" for i in range(40)] + [f"x{i},Thing x{i},99999" for i in range(3)]
    summary = target.read("\n".join(["id,title,price", *rows]))
    assert {p.item_id for p in target.catalog.products() if p.price is None} == {"x0", "x1", "x2"}
    assert any("3 products have only a placeholder price" in notice for notice in summary.notices)


def test_a_dear_product_keeps_its_price(target: Target) -> None:
    rows = [f"p{i},Thing {i},{500 + 10 * i}" for i in range(40)] + ["x,Piano,9999", "y,Organ,10000"]
    target.read("\n".join(["id,title,price", *rows]))
    assert {p.price for p in target.catalog.products()} >= {9999.0, 10000.0}


def test_boilerplate_that_opens_descriptions_is_left_out(target: Target) -> None:
    lead = "Welcome to our shop. We sell things like this at "
    rows = [f'p{i},Thing {i},"{lead}{"AB"[i % 2]}. Thing number {i} is fine."' for i in range(40)]
    summary = target.read("\n".join(["id,title,description", *rows]))
    assert {p.description for p in target.catalog.products()} == {
        f"Thing number {i} is fine." for i in range(40)
    }
    assert any("40 products have a sentence" in notice for notice in summary.notices)
    assert any("“We sell things like this at A.”" in notice for notice in summary.notices)
    assert summary.files[0].policies == []


def test_boilerplate_with_a_dot_inside_is_quoted_whole_and_the_shops_rules_are_kept(target: Target) -> None:
    lead = "Ships within approx. 2.5 days from our store."
    rows = [f'p{i},Thing {i},"{lead} Thing number {i} is fine."' for i in range(40)]
    summary = target.read("\n".join(["id,title,description", *rows]))
    assert {p.description for p in target.catalog.products()} == {
        f"Thing number {i} is fine." for i in range(40)
    }
    assert any(f"kept among the shop's documents: “{lead}”" in notice for notice in summary.notices)
    assert summary.files[0].policies == [lead]


def test_openings_that_only_look_alike_are_kept(target: Target) -> None:
    rows = [f'p{i},Thing {i},"This shirt is made from fabric {i}. Wash it."' for i in range(40)]
    target.read("\n".join(["id,title,description", *rows]))
    assert all(p.description.startswith("This shirt") for p in target.catalog.products())


def test_html_becomes_text(target: Target) -> None:
    html = "<p>Warm &amp; <b>soft</b></p><ul><li>One</li><li>Two</li></ul><script>alert(1)</script>"
    target.read(f'id,title,description\na,Caf&eacute; &amp;amp; Bar,"{html}"\n')
    found = target.catalog.product("a")
    assert found is not None
    assert found.title == "Café & Bar"
    assert found.description == "Warm & soft\n- One\n- Two"


@pytest.mark.parametrize("title", ['<span class="a-size-medium"', ' Magazines" />', "***", '<img src="x">'])
def test_a_title_of_markup_is_rejected(target: Target, title: str) -> None:
    cell = title.replace('"', '""')
    target.read(f'id,title\na,"{cell}"\nb,Tent\n')
    assert target.titles() == {"b": "Tent"}
    assert target.rejected()[0]["field"] == "title"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_a_link_that_could_run_code_is_left_out(target: Target, link: str) -> None:
    target.read(f'id,title,url,image\na,Kettle,"{link}","{link}"\n')
    found = target.catalog.product("a")
    assert found is not None
    assert (found.url, found.image_url) == (None, None)


def test_local_pictures_are_copied_and_others_left_alone(target: Target) -> None:
    (target.folder / "images").mkdir()
    (target.folder / "images" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (target.folder / "images" / "bad.svg").write_text("<svg><script>alert(1)</script></svg>")
    rows = "a,A,images/a.svg\nb,B,images/bad.svg\nc,C,../../../etc/passwd\nd,D,https://x.example/d.png\n"
    summary = target.read("id,title,image\n" + rows, images_folder=target.folder / "shop" / "images")
    found = {p.item_id: p.image_url for p in target.catalog.products()}
    assert (target.folder / "shop" / str(found["a"])).read_text().startswith("<svg")
    assert found["b"] is None
    assert found["c"] is None
    assert found["d"] == "https://x.example/d.png"
    assert any("2 local pictures" in notice for notice in summary.notices)


@pytest.mark.parametrize(
    "cell",
    [
        "https://x.example/1.png|https://x.example/2.png",
        "https://x.example/1.png, https://x.example/2.png",
        '"[""https://x.example/1.png"", ""https://x.example/2.png""]"',
    ],
)
def test_several_pictures_keep_their_order(target: Target, cell: str) -> None:
    quoted = cell if cell.startswith('"') else f'"{cell}"'
    target.read(f"id,title,image\na,Kettle,{quoted}\n")
    found = target.catalog.product("a")
    assert found is not None
    assert found.image_url == "https://x.example/1.png"
    assert found.more_images == ("https://x.example/2.png",)


def test_a_missing_picture_among_several_is_left_out_and_told(target: Target) -> None:
    (target.folder / "images").mkdir()
    (target.folder / "images" / "b.png").write_bytes(b"png")
    summary = target.read(
        "id,title,image\na,Kettle,images/a.png|images/b.png\n",
        images_folder=target.folder / "shop" / "images",
    )
    found = target.catalog.product("a")
    assert found is not None
    assert (target.folder / "shop" / str(found.image_url)).read_bytes() == b"png"
    assert found.more_images == ()
    assert any("1 local picture is" in notice for notice in summary.notices)


def test_progress_counts_the_bytes_of_the_file(target: Target) -> None:
    seen: list[tuple[str, int, int | None]] = []
    target.read(PLAIN, progress=lambda *step: seen.append(step))
    assert ("importing products.csv", len(PLAIN), len(PLAIN)) in seen


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8),
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40),
        ),
        min_size=1,
        max_size=8,
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_any_table_is_read_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([("id", "title"), *rows])
    target = Target(tmp_path_factory.mktemp("any"))
    try:
        summary = target.read(buffer.getvalue().encode())
    except ImportFileError:
        return
    counts = summary.files[0]
    assert counts.added + counts.duplicates + counts.rejected >= counts.read > 0


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_give_a_result_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    target = Target(tmp_path_factory.mktemp("bytes"))
    with contextlib.suppress(ImportFileError):  # any other error is a traceback at the shop's owner
        target.read(b"id,title\n" + content)


@pytest.mark.parametrize("mark", ["^", "~", "::"])
def test_a_delimiter_that_is_none_is_asked_for(target: Target, mark: str) -> None:
    with pytest.raises(ImportFileError) as failure:
        target.read(f"id{mark}name{mark}price\na{mark}x{mark}1\n")
    assert f"only one column found (id{mark}name{mark}price): which character" in str(failure.value)
    assert "expected , ; tab or |" in str(failure.value)


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


def test_replace_removes_what_the_file_lacks_and_keeps_what_is_only_rejected(target: Target) -> None:
    target.read("id,title,price\na,Kettle,5\nb,Tent,6\nc,Lamp,7\n")
    summary = target.read("id,title,price\na,Kettle,8\nb,Tent,1e3\n", replace=True)
    assert target.titles() == {"a": "Kettle", "b": "Tent"}
    assert any("1 product was removed, which the files lack" in notice for notice in summary.notices)


def test_replace_never_empties_a_shop(target: Target) -> None:
    target.read("id,title,price\na,Kettle,5\n")
    with pytest.raises(ImportFileError, match="no good row"):
        target.read("id,title,price\nb,Tent,1e3\n", replace=True)
    assert target.titles() == {"a": "Kettle"}
