"""What an import reads, counts and reports."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from retrieval.records import ImportedColumn

Progress = Callable[[str, int, int | None], None]
"""``(stage, done, total)``; bytes of the file here."""

Kind = Literal["products", "reviews", "events"]
EventKind = Literal["view", "click", "like", "dislike", "cart", "purchase", "rating"]


class ImportFileError(Exception):
    """A file that can't be read at all; the message says what was found, expected, and what to do."""


class BadValueError(ValueError):
    """A value that its field can't hold; the row is rejected, the import goes on."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field}: got {value!r}, expected {expected}")
        self.field, self.value, self.expected = field, value, expected


@dataclass(frozen=True)
class ImportOptions:
    """How the files of one import are read."""

    mapping: Sequence[tuple[str, str]] = ()
    """(column, target), as ``--map`` says."""
    currency: str = "USD"
    """Of prices whose file does not say."""
    minor_units: bool = False
    """Whole prices are cents."""
    id_from: str = ""
    """``title`` or ``row``: what ids are made from where a table has none."""
    image_base: str = ""
    """The web address that picture paths are below."""
    images_folder: Path | None = None


@dataclass(frozen=True)
class RawEvent:
    """What a shopper did, as read from a file; ``time`` is UTC, ``value`` the stars of a rating."""

    event_id: str
    user_id: str
    item_id: str
    kind: EventKind
    time: datetime
    value: float | None = None
    session_id: str | None = None


@dataclass(frozen=True)
class EventCounts:
    """What ``add_events`` did with the events given."""

    added: int = 0
    unchanged: int = 0


AddEvents = Callable[[Iterable[RawEvent]], EventCounts]


@dataclass
class FileSummary:
    """Counts of one file. ``read`` is rows; products may be fewer, since variants fold into one."""

    file: str
    kind: Kind
    format: str = ""
    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    duplicates: int = 0
    folded: int = 0
    """Rows that are no product of their own: variants and pictures, and what is not on sale."""
    columns: list[ImportedColumn] = field(default_factory=list)
    """What became of each column of a products file."""
    image_hosts: Counter[str] = field(default_factory=Counter)
    """Products whose first picture lies elsewhere on the web, by the host there (with `http://` where it is
    not reached by HTTPS)."""
    policies: list[str] = field(default_factory=list)
    """Sentences on shipping, returns and the like that opened descriptions all over the file."""


@dataclass(frozen=True)
class ImportSummary:
    """What an import did: counts by file, what a person should know, and where the rejected rows are."""

    files: tuple[FileSummary, ...]
    notices: tuple[str, ...]
    report: Path | None = None
    """The report of rejected rows, when there are any."""


@dataclass
class Notices:
    """Things worth telling once each, in the order they were found."""

    _seen: dict[str, None] = field(default_factory=dict)

    def add(self, text: str) -> None:
        self._seen.setdefault(text)

    def __iter__(self) -> Any:
        return iter(self._seen)


class RejectedRows:
    """The report of rejected rows: a CSV file, made when the first row is rejected."""

    COLUMNS = ("file", "row", "field", "value", "expected")

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self.kinds: dict[tuple[str, str, str], list[Any]] = {}
        """What was wrong, by (file, field, expected): how often, and the first (row, value)."""
        self._file: Any = None

    def add(self, file: str, row: int, error: BadValueError) -> None:
        self.count += 1
        kind = self.kinds.setdefault((file, error.field, error.expected), [0, row, error.value])
        kind[0] += 1
        if self.path is None:
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", newline="", encoding="utf-8")
            csv.writer(self._file).writerow(self.COLUMNS)
        csv.writer(self._file).writerow(
            (file, row, error.field, _shown(error.value), error.expected),
        )

    def told(self, most: int = 8) -> Iterator[str]:
        """The commonest things that were wrong, a line each."""
        kinds = sorted(self.kinds.items(), key=lambda item: -item[1][0])
        for (file, name, expected), (count, row, value) in kinds[:most]:
            shown = _shown(value, 60)
            yield f"{file}: {count} rejected (first: row {row}): {name}: got {shown!r}, expected {expected}"

    def close(self, *, done: bool) -> None:
        """Ends the report. That of the import before goes once this one is ``done``, or rejected rows itself."""
        if self._file is not None:
            self._file.close()
        elif done and self.path is not None:
            self.path.unlink(missing_ok=True)


def _shown(value: object, limit: int = 200) -> str:
    """A value as a report shows it: short, and never a formula for the spreadsheet that opens it."""
    text = str(value).replace("\x00", "")
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text


_OF_ONE = {"have": "has", "are": "is", "were": "was", "repeat": "repeats", "open": "opens", "count": "counts"}


def told_of(count: int, noun: str, said: str) -> str:
    """``3, "products", "have no price"`` -> ``3 products have no price``; of one, ``1 product has no price``."""
    if count != 1:
        return f"{count} {noun} {said}"
    verb, _, rest = said.partition(" ")
    return f"{count} {noun.removesuffix('s')} {_OF_ONE.get(verb, verb)} {rest}"
