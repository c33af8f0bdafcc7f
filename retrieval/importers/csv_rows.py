"""CSV as shops write it: any delimiter, quoted newlines, huge cells, and quotes that are never closed."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from retrieval.importers.records import BadValueError
from retrieval.importers.table_rows import table_rows

_CELL_LIMIT = 16 * 2**20
_DELIMITERS = ",;\t|"
_NAMED = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)  # how a spreadsheet is told


def csv_rows(
    text: io.TextIOBase, reject: Callable[[int, BadValueError], None]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields ``(line number, {column: cell})``; the first line is 1, empty rows are left out.

    Raises:
        ImportFileError: no header, or a header that names nothing.
    """
    csv.field_size_limit(
        max(csv.field_size_limit(), _CELL_LIMIT)
    )  # one setting for the process: only ever raised
    lines = _Lines(text)
    sample = lines.peek(2**16)
    named = _NAMED.match(sample)
    delimiter = named[1] if named else sniff_delimiter(sample)
    yield from table_rows(_records(lines, delimiter, reject), reject, delimiter)


def sniff_delimiter(sample: str) -> str:
    """The delimiter under which the first records have the most, and most alike, cells."""

    def quality(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            widths = [len(cells) for _, cells in zip(range(60), reader, strict=False) if cells]
        except csv.Error:
            return 0.0, 0
        complete = widths[:-1] or widths  # the sample may end within the last record
        if not complete:
            return 0.0, 0
        usual, count = Counter(complete).most_common(1)[0]
        return (count / len(complete), usual) if usual > 1 else (0.0, 0)

    best = max(_DELIMITERS, key=quality)
    return best if quality(best)[1] else _in_header(sample)


def _in_header(sample: str) -> str:
    """The delimiter of a header with no, or with quite other, rows below it."""
    first = sample.partition("\n")[0]
    return max(_DELIMITERS, key=first.count) if any(map(first.count, _DELIMITERS)) else ","


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
