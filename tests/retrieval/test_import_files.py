"""Files as shops really have them: the right result or a clear message, good rows kept, never a traceback."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.importers import ImportFileError
from tests.retrieval.importing import Target

PLAIN = "id,title,price\na,Kettle,10\nb,Tent,20\n"


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
