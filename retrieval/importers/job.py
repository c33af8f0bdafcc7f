"""One import under way: where rows come from, where they go, and what is told about them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from retrieval.catalog import BATCH, Catalog
from retrieval.importers.headers import table
from retrieval.importers.reading import Row, RowFile, open_rows
from retrieval.importers.records import (
    AddEvents,
    BadValueError,
    EventCounts,
    FileSummary,
    ImportFileError,
    ImportOptions,
    Kind,
    Notices,
    Progress,
    RejectedRows,
)
from retrieval.records import UpsertCounts

T = TypeVar("T")
Numbered = tuple[int, T]


def ignore(number: int, error: BadValueError) -> None:
    """For a look at a file before it is imported: its bad rows are told of when they are."""


@dataclass
class ImportJob:
    """What the files of one import share."""

    catalog: Catalog
    add_events: AddEvents
    options: ImportOptions
    rejected: RejectedRows
    progress: Progress
    notices: Notices = field(default_factory=Notices)
    product_ids: array[int] = field(default_factory=lambda: array("Q"))
    """Fingerprints of the ids of all products files: what ``--replace`` keeps."""
    columns: list[str] = field(default_factory=list)
    """All columns of all files: what ``--map`` may name."""

    def open(self, path: Path, kind: Kind, layout: str = "") -> OpenFile:
        """Opens a file and looks at its first rows.

        Raises:
            ImportFileError: unreadable, or no rows.
        """
        rows = open_rows(path, layout)
        for notice in rows.notices:
            self.notices.add(notice)
        first = (row for _, row in islice(rows.rows(ignore, lambda done: None), 500))
        sample = [unnested(row) for row in first] if kind == "products" else list(first)
        columns = list(dict.fromkeys(name for row in sample for name in row))
        if not columns:
            raise ImportFileError(f"{path.name}: a header without rows; expected at least one of the {kind}")
        self.columns += [name for name in columns if name not in self.columns]
        return OpenFile(self, rows, columns, FileSummary(path.name, kind), sample)


@dataclass
class OpenFile:
    """One file of the import with its columns and counts."""

    job: ImportJob
    source: RowFile
    columns: list[str]
    summary: FileSummary
    sample: Sequence[Row] = ()
    """The first rows."""

    def look(self) -> Iterator[Numbered[Row]]:
        """The rows, for a first look: bad ones are passed over."""
        return self._rows(ignore, "checking")

    def rows(self) -> Iterator[Numbered[Row]]:
        """The rows, for the import: counted, and bad ones reported."""
        for numbered in self._rows(self._unreadable, "importing"):
            self.summary.read += 1
            yield numbered

    def _rows(self, reject: Callable[[int, BadValueError], None], stage: str) -> Iterator[Numbered[Row]]:
        size, label = self.source.path.stat().st_size, f"{stage} {self.source.path.name}"
        rows = self.source.rows(reject, lambda done: self.job.progress(label, min(done, size), size))
        if self.summary.kind == "products" and self.source.layout in ("json", "jsonl"):
            return ((number, unnested(row)) for number, row in rows)
        return rows

    def _unreadable(self, number: int, error: BadValueError) -> None:
        self.summary.read += 1
        self.reject(number, error)

    def reject(self, number: int, error: BadValueError) -> None:
        """Reports a row that is not kept."""
        self.summary.rejected += 1
        self.reject_part(number, error)

    def reject_part(self, number: int, error: BadValueError) -> None:
        """Reports a bad part of a row that is kept without it."""
        self.job.rejected.add(self.source.path.name, number, error)

    def built(
        self, drafts: Iterable[Numbered[Mapping[str, Any]]], build: Callable[[int, Any], T]
    ) -> Iterator[T]:
        """What could be built; what could not is reported."""
        for number, draft in drafts:
            try:
                yield build(number, draft)
            except BadValueError as error:
                self.reject(number, error)

    def count(self, counts: UpsertCounts | EventCounts) -> None:
        self.summary.added += counts.added
        self.summary.unchanged += counts.unchanged
        if isinstance(counts, UpsertCounts):
            self.summary.updated += counts.updated


def unnested(row: Row, depth: int = 2) -> Row:
    """A row of a product without a title, with the cells of the object that has one beside its others: Icecat's
    ``{"GeneralInfo": {"Title": …}, "Image": {…}}``.
    """
    if not depth or _is_titled(row):
        return row
    for name, cell in row.items():
        if type(cell) is dict and _is_titled(inner := unnested(cell, depth - 1)):
            return {**inner, **{other: value for other, value in row.items() if other != name}}
    return row


def _is_titled(row: Row) -> bool:
    entries = (table("products").field(name) for name in row if isinstance(name, str))
    return any(entry is not None and entry[0] == "title" for entry in entries)


def in_batches(records: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
