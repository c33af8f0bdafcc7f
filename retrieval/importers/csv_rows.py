"""CSV as shops write it: any delimiter, quoted newlines, huge cells, and quotes that are never closed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from retrieval.importers.records import BadValueError, ImportFileError

_CELL_LIMIT = 16 * 2**20
_DELIMITERS = ",;\t|"
_UNKNOWN_DELIMITER = re.compile(r"\w[\w ]*(?:[^\w\s.,-]+[\w ]+)+")


def csv_rows(
    text: io.TextIOBase, reject: Callable[[int, BadValueError], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields ``(row number, {column: cell})``; the header is row 1, empty rows are left out.

    Raises:
        ImportFileError: no header, or a header that names nothing.
    """
    csv.field_size_limit(
        max(csv.field_size_limit(), _CELL_LIMIT)
    )  # one setting for the process: only ever raised
    lines = _Lines(text)
    delimiter = sniff_delimiter(lines.peek(2**16))
    header: list[str] = []
    for number, cells in _records(lines, delimiter, reject):
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(cells)
            _check_separated(header)
        elif any(cell.strip() for cell in cells[len(header) :]):
            problem = f"{len(header)} cells, got {len(cells)}; is a text with {delimiter!r} unquoted?"
            reject(number, BadValueError("(row)", delimiter.join(cells), problem))
        else:
            yield number, dict(zip(header, cells, strict=False))


def sniff_delimiter(sample: str) -> str:
    """The delimiter under which the first records have the most, and most alike, cells."""

    def quality(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            widths = [len(cells) for _, cells in zip(range(30), reader, strict=False) if cells]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        complete = widths[:-1] or widths  # the sample may end within the last record
        return Counter(complete)[widths[0]] / len(complete), widths[0]

    best = max(_DELIMITERS, key=quality)
    return best if quality(best)[1] else ","


def _header(cells: list[str]) -> list[str]:
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    repeated = [name for name, count in Counter(filter(None, names)).items() if count > 1]
    if repeated:
        raise ImportFileError(f"the header names {repeated[0]!r} twice; every column needs a name of its own")
    return [name or f"column {position}" for position, name in enumerate(names, start=1)]


def _check_separated(header: list[str]) -> None:
    """One name with marks of another kind in it is a header that was not taken apart."""
    if len(header) == 1 and _UNKNOWN_DELIMITER.fullmatch(header[0]):
        raise ImportFileError(
            f"only one column found ({header[0][:80]}): which character separates the columns? "
            "expected , ; tab or |"
        )


class _Lines:
    """Lines of a text that can be looked at before, and put back after, they are read."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._ahead: list[str] = []
        self.record: list[str] = []
        """The lines since ``record`` was last cleared: one record's."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._ahead.pop() if self._ahead else next(self._text)
        self.record.append(line)
        return line.replace("\x00", "")

    def peek(self, size: int) -> str:
        taken: list[str] = []
        while sum(map(len, taken)) < size and len(taken) < 200 and (line := next(self._text, "")):
            taken.append(line)
        self._ahead = taken[::-1]
        return "".join(taken)

    def put_back_all_but_first(self) -> None:
        self._ahead.extend(self.record[:0:-1])
        self.record = []


def _records(
    lines: _Lines, delimiter: str, reject: Callable[[int, BadValueError], None]
) -> Iterator[tuple[int, list[str]]]:
    """Records with their number. A quote never closed costs its own line, not the rest of the file."""
    reader, number = csv.reader(lines, delimiter=delimiter), 0
    while True:
        lines.record = []
        try:
            cells = next(reader)
            closed = len(lines.record) < 2 or sum(line.count('"') for line in lines.record) % 2 == 0
        except StopIteration:
            return
        except csv.Error:
            cells, closed = [], False
        number += 1
        if closed:
            yield number, cells
        else:
            reject(number, BadValueError("(row)", lines.record[0].strip(), 'a closing quote (")'))
            lines.put_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter)
