"""Records to rows: which line is the header, whatever stands above it, and a row for each record below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from retrieval.importers.headers import known, table
from retrieval.importers.records import BadValueError, ImportFileError

Record = tuple[int, list[Any]]
"""The number of a line (1 is the first), and its cells."""
_LOOKED_AT = 25  # no system writes more lines above its header
_UNKNOWN_DELIMITER = re.compile(r"\w[\w ]*(?:[^\w\s.,-]+[\w ]+)+")
_LONGEST_NAME = 120
_ONCE = frozenset(("item_id", "title", "price"))


def table_rows(
    records: Iterator[Record], reject: Callable[[int, BadValueError], None], delimiter: str = ","
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields ``(line number, {column: cell})`` for every record below the header; empty ones are left out.

    Raises:
        ImportFileError: no header, or one that names a field twice.
    """
    first = [(number, cells) for number, cells in islice(records, _LOOKED_AT) if any(map(_filled, cells))]
    start = header_line([cells for _, cells in first])
    if start is None:
        return
    names = column_names(first[start][1])
    _check_separated(names)
    for number, cells in chain(first[start + 1 :], records):
        extra = cells[len(names) :]
        if extra and any(map(_filled, extra)):
            problem = f"{len(names)} cells, got {len(cells)}; is a text with {delimiter!r} unquoted?"
            reject(number, BadValueError("(row)", delimiter.join(map(str, cells)), problem))
        elif any(map(_filled, cells)):
            yield number, dict(zip(names, cells, strict=False))


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or (bool(cell) and not cell.isspace()))


def _named(cell: Any) -> bool:
    return isinstance(cell, str) and 0 < len(cell) <= _LONGEST_NAME and bool(cell.strip()) and known(cell)


def header_line(lines: Sequence[Sequence[Any]]) -> int | None:
    """Which of the first lines is the header: the one with the most cells that shop systems know as columns.

    Of two that follow each other and are both headers (labels above technical names) it is the second; where
    no cell is known, it is the first line that is as wide as most are.
    """
    if not lines:
        return None
    scores = [sum(_named(cell) for cell in line) for line in lines]
    best = scores.index(max(scores))
    while best + 1 < len(lines) and scores[best + 1] >= max(3, 0.7 * scores[best]):
        best += 1
    if scores[best]:
        return best
    widths = [sum(map(_filled, line)) for line in lines]
    usual = Counter(widths).most_common(1)[0][0]
    return next(at for at, width in enumerate(widths) if width >= min(usual, 2) or usual < 2)


def column_names(cells: Sequence[Any]) -> list[str]:
    """The header's cells as names: nameless columns get their place, repeated ones a number.

    Raises:
        ImportFileError: a column that can be there only once is there twice.
    """
    names = [" ".join(str("" if cell is None else cell).replace("\ufeff", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: Counter[str] = Counter()
    for place, name in enumerate(names, start=1):
        seen[name] += 1
        if not name:
            names[place - 1] = f"column {place}"
        elif seen[name] > 1:
            entry = table("products").field(name)
            if entry and entry[0] in _ONCE:
                raise ImportFileError(
                    f"the header names {name!r} twice; every column needs a name of its own"
                )
            names[place - 1] = f"{name} {seen[name]}"
    return names


def _check_separated(header: list[str]) -> None:
    """One name with marks of another kind in it is a header that was not taken apart."""
    if len(header) == 1 and _UNKNOWN_DELIMITER.fullmatch(header[0]):
        raise ImportFileError(
            f"only one column found ({header[0][:80]}): which character separates the columns? "
            "expected , ; tab or |"
        )
