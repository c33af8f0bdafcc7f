"""Files to rows, row by row: CSV, JSON, Parquet, XML or a workbook, packed or not, in any usual encoding."""

from __future__ import annotations

import ast
import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from unicodedata import category

from retrieval.importers.csv_rows import csv_rows
from retrieval.importers.encodings import Encoding, likeliest, words_beyond_ascii
from retrieval.importers.markup import xml_rows
from retrieval.importers.records import BadValueError, ImportFileError
from retrieval.importers.sheets import sheet_rows

Row = dict[str, Any]
Reject = Callable[[int, BadValueError], None]
Layout = str  # "csv", "jsonl", "json", "parquet", "xml" or "xlsx"

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
_WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed|products|catalog|items)\b")
_KINDS_OF_FILE = "give a table: CSV, a workbook (.xlsx, .xls, .ods), JSON, JSON lines, Parquet or XML"
_NO_TEXT = frozenset(("Cc", "Cn", "Co", "Cs"))  # controls, and code points that are no characters
_NO_TEXT_SHARE = 0.05  # of random bytes it is a tenth; a text holds a stray one at most
_JSON_LIMIT = 512 * 2**20  # a JSON array is read whole; JSON lines are not


@dataclass(frozen=True)
class RowFile:
    """A file that is known to hold rows: how it is packed, written and laid out."""

    path: Path
    layout: Layout
    encoding: str
    packed: bool
    notices: tuple[str, ...]

    def rows(self, reject: Reject, progress: Callable[[int], None]) -> Iterator[tuple[int, Row]]:
        """Yields ``(row number, row)``; the number counts as a spreadsheet does (a CSV's header is 1).

        Rows that can't be read go to ``reject``. ``progress`` gets the bytes of the file read so far.
        """
        if self.layout == "parquet":
            yield from _parquet_rows(self.path, progress)
            return
        if self.layout == "xlsx":
            yield from sheet_rows(self.path, reject)
            progress(self.path.stat().st_size)
            return
        with self.path.open("rb") as raw:
            if self.layout == "xml":
                with self.path.open("rb") as again:
                    packed = self.packed
                    yield from xml_rows(_unpacked(raw, packed), _unpacked(again, packed))
                progress(self.path.stat().st_size)
                return
            text = io.TextIOWrapper(
                _unpacked(raw, self.packed), encoding=self.encoding, errors="replace", newline=""
            )
            reader = {"csv": csv_rows, "jsonl": _json_lines, "json": _json_document}[self.layout]
            try:
                for position, row in enumerate(reader(text, reject)):
                    if position % 200 == 0:
                        progress(raw.tell())
                    yield row
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ImportFileError(
                    f"{self.path.name}: the packed file is cut off or damaged ({error}); the rows "
                    "before that were read. Copy the file again and repeat the import: it completes the rest."
                ) from error
            progress(raw.tell())


def open_rows(path: Path, layout: str = "") -> RowFile:
    """Finds out how a file is packed, encoded and laid out (or takes the layout given).

    Raises:
        ImportFileError: no such file, a folder, empty, or of a kind that holds no rows.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no such file"
        raise ImportFileError(f"{path}: {what}; {_KINDS_OF_FILE}")
    with path.open("rb") as raw:
        head = raw.read(8)
        packed = head[:2] == b"\x1f\x8b"
        raw.seek(0)
        sample = _sample(path, _unpacked(raw, packed))
    if not sample.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise ImportFileError(f"{path.name}: the file is empty; expected a header and rows")
    if sample[:4] == b"PAR1":
        return RowFile(path, "parquet", "", False, ())
    if path.suffix.lower() in _WORKBOOKS and sample.startswith(_WORKBOOK_STARTS):
        return RowFile(path, "xlsx", "", False, ())
    for magic, kind in (
        (b"PK\x03\x04", "a zip or Excel file"),
        (b"%PDF", "a PDF"),
        (b"SQLite format 3", "a database"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
    ):
        if sample.startswith(magic):
            raise ImportFileError(f"{path.name}: this is {kind}; export it as CSV (UTF-8) and import that")
    if not layout and _XML.match(sample):
        return RowFile(path, "xml", "", packed, ())
    encoding, notices = _encoding(path, packed, sample)
    start = sample.decode(encoding, "replace")
    if _binary(start):
        raise ImportFileError(f"{path.name}: this is no text, so no table that can be read; {_KINDS_OF_FILE}")
    return RowFile(path, layout or _layout(start), encoding, packed, notices)


def _binary(start: str) -> bool:
    """Whether what was decoded is no text: too much of it is no character that anybody writes."""
    looked_at = start[:4096]
    odd = sum(c not in "\t\r\n\f\v" and (c == "\ufffd" or category(c) in _NO_TEXT) for c in looked_at)
    return odd > _NO_TEXT_SHARE * len(looked_at)


def text_encoding(path: Path) -> str:
    """The encoding of a text file: by its byte order mark, UTF-8 where it is that, else Windows-1252."""
    with path.open("rb") as raw:
        return _encoding(path, False, raw.read(2**16))[0]


def _unpacked(raw: IO[bytes], packed: bool) -> Any:
    return gzip.GzipFile(fileobj=raw) if packed else raw


def _sample(path: Path, source: Any, size: int = 2**16) -> bytes:
    try:
        return bytes(source.read(size))
    except (OSError, EOFError, zlib.error) as error:
        raise ImportFileError(
            f"{path.name}: the packed file can't be read ({error}); copy it again"
        ) from error


def _encoding(path: Path, packed: bool, sample: bytes) -> tuple[str, tuple[str, ...]]:
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name, ()
    if sample[:200].count(0) > len(sample[:200]) // 4:  # Latin text in UTF-16 has a zero in every other byte
        return ("utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"), ()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as raw:
        source, done = _unpacked(raw, packed), 0
        try:
            while block := source.read(2**20):
                decoder.decode(block)
                done += len(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            where = done + error.start
            found, words = _guessed(path, packed)
            shown = ", ".join(f"“{word[:30]}”" for word in words)
            return found.name, (
                f"{path.name}: not UTF-8 (byte {where}), read as {found.label}; check the accents"
                f"{f' ({shown})' if shown else ''}, and save it as UTF-8 where they are wrong",
            )
        except (OSError, EOFError, zlib.error):
            pass  # told when the rows end there
    return "utf-8", ()


def _guessed(path: Path, packed: bool) -> tuple[Encoding, list[str]]:
    """The likeliest encoding, with words as they read in it."""
    with path.open("rb") as raw:
        content = _unpacked(raw, packed).read(2**20)
    found = likeliest(content)
    return found, words_beyond_ascii(content, found)


def _layout(sample: str) -> Layout:
    start = sample.lstrip("\ufeff \r\n\t")
    if start[:1] == "[":
        return "json"
    if start[:1] != "{":
        return "csv"
    first, _, rest = start.partition("\n")
    whole = _loose_json(first.strip())
    return "jsonl" if isinstance(whole, dict) and (rest.strip() or not _keyed(whole)) else "json"


def _keyed(document: dict[str, Any]) -> bool:
    """Whether a JSON object is a table by id (``{"7": {...}}``, ``{"ann": [1, 2]}``) and not one record."""
    kinds = {type(value) for value in document.values()}
    return len(kinds) == 1 and kinds <= {dict, list}


def _loose_json(line: str) -> Any:
    """JSON, or the Python literals that older exports hold; ``None`` when it is neither."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(line) if line[:2] in ("{'", "{u") else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _json_lines(text: io.TextIOBase, reject: Reject) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        row = _loose_json(line.strip())
        if isinstance(row, dict):
            yield number, row
        else:
            reject(number, BadValueError("(row)", line.strip(), "one JSON object on each line"))


def _json_document(text: io.TextIOBase, reject: Reject) -> Iterator[tuple[int, Row]]:
    """An array of objects, or a table by id: objects get ``id``, lists of ids become sequences of events."""
    content = text.read(_JSON_LIMIT + 1)
    if len(content) > _JSON_LIMIT:
        raise ImportFileError(
            "this JSON file is over 512 MB and one document; write one object a line (JSON lines)"
        )
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ImportFileError(f"this is not valid JSON: {error}") from error
    if isinstance(document, dict):
        nested = _list_within(document)
        document = nested if nested is not None else _table_rows(document)
    for number, row in enumerate(document, start=1):
        if isinstance(row, dict):
            yield number, row
        else:
            reject(number, BadValueError("(row)", row, "an object"))


def _list_within(document: dict[str, Any], depth: int = 3) -> list[Any] | None:
    """The list of objects in an envelope: ``{"products": [{…}]}``, ``{"data": {"items": [{…}]}}``."""
    for value in document.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return value
    if depth and len(document) <= 10:  # a table by id has more, and its objects are the rows
        inner = (value for value in document.values() if isinstance(value, dict))
        return next((found for value in inner if (found := _list_within(value, depth - 1))), None)
    return None


def _table_rows(table: dict[str, Any]) -> Iterator[Any]:
    for identity, value in table.items():
        if isinstance(value, dict):
            yield {"id": identity, **value}
        elif isinstance(value, list):
            for position, item in enumerate(value):
                yield {"user_id": identity, "item_id": item, "position": position}
        else:
            yield value


def _parquet_rows(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, Row]]:
    from pyarrow import ArrowException, parquet

    size, number = path.stat().st_size, 0
    try:
        with parquet.ParquetFile(path) as table:
            total = max(1, table.metadata.num_rows)
            for batch in table.iter_batches(batch_size=1000):
                progress(size * number // total)
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (ArrowException, OSError) as error:
        raise ImportFileError(
            f"{path.name}: the Parquet file can't be read ({error}); write it again"
        ) from error
    progress(size)
