"""The import of a shop's files: streamed, validated row by row, committed in batches, told in a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from retrieval.catalog import Catalog
from retrieval.importers.completing import complete_categories
from retrieval.importers.feedback import import_events, import_reviews
from retrieval.importers.fields import check_mapping
from retrieval.importers.job import ImportJob, OpenFile
from retrieval.importers.products import import_products
from retrieval.importers.records import (
    AddEvents,
    ImportFileError,
    ImportOptions,
    ImportSummary,
    Kind,
    Progress,
    RejectedRows,
    told_of,
)
from retrieval.importers.survey import fingerprint
from retrieval.importers.systems import SYSTEMS

_LAYOUTS = ("csv", "jsonl", "parquet")
FORMATS = ("auto", *_LAYOUTS, *SYSTEMS)
_Paths = Path | Sequence[Path] | None


def _silent(stage: str, done: int, total: int | None) -> None:
    pass


def import_files(
    catalog: Catalog,
    add_events: AddEvents,
    *,
    products: _Paths = None,
    reviews: _Paths = None,
    events: _Paths = None,
    format: str = "auto",
    mapping: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    currency: str = "USD",
    minor_units: bool = False,
    id_from: str = "",
    image_base: str = "",
    replace: bool = False,
    images_folder: Path | None = None,
    report_path: Path | None = None,
    progress: Progress = _silent,
) -> ImportSummary:
    """Imports products, then reviews, then events.

    Rows that do not hold what they should are written to ``report_path`` (file, row, field, value,
    expected) and the others are kept. Every batch of 500 rows is one transaction, so an import that
    was stopped at any moment is completed by running it again; the same file again changes nothing.
    Memory does not grow with the file, but for 8 bytes an id (CSV, JSON lines and Parquet; a JSON array
    is read whole, and WooCommerce's variable products are held to the end).

    Args:
        add_events: takes the events of a batch and says how many were new; called again for known ones.
        format: of the products file. ``csv``, ``jsonl``, ``parquet`` say how any file is laid out and
            bind columns by name; the shop systems' names say whose export it is; ``auto`` finds out.
        mapping: (column, field), for columns with names of their own; see ``docs/import.md``.
        currency: of prices whose file does not say.
        minor_units: whole prices are cents.
        id_from: ``title`` or ``row``, for tables without an id.
        image_base: the web address that picture paths are below, as Magento's are.
        replace: remove the products that the products files lack; a product whose row is rejected stays as it
            was.
        images_folder: where pictures given relative to the products file are copied; without it they
            stay as they are.
        report_path: the report of rejected rows; made only when there are any. That of the import before stays
            where this one fails.

    Raises:
        ImportFileError: a file that can't be read, or lacks a column it needs. Files before it are imported.
    """
    if replace and not products:
        raise ImportFileError("--replace removes what a products file lacks: name one with --products")
    if format not in FORMATS:
        raise ImportFileError(f"--format {format}: no such format; one of {', '.join(FORMATS)}")
    rejected = RejectedRows(report_path)
    pairs = tuple(mapping.items()) if isinstance(mapping, Mapping) else tuple(mapping)
    options = ImportOptions(pairs, currency, minor_units, id_from, image_base, images_folder)
    job = ImportJob(catalog, add_events, options, rejected, progress)
    layout = format if format in _LAYOUTS else ""
    done = False
    try:
        files = [
            job.open(path, kind, layout if kind == "products" else "")
            for kind, given in _given(products, reviews, events)
            for path in _paths(given)
        ]
        if not files:
            raise ImportFileError("nothing to import: give a file of products, reviews or events")
        check_mapping(pairs, job.columns)
        for file in files:
            _import(file, format)
        if replace:
            _remove_others(job, files)
        if any(file.summary.kind == "products" for file in files):
            for told in complete_categories(catalog, progress).notices():
                job.notices.add(told)
        done = True
    finally:
        rejected.close(done=done)
    for told in rejected.told():
        job.notices.add(told)
    report = report_path if rejected.count else None
    return ImportSummary(tuple(file.summary for file in files), tuple(job.notices), report)


def _import(file: OpenFile, format: str) -> None:
    if file.summary.kind == "products":
        import_products(file, format)
    elif file.summary.kind == "reviews":
        import_reviews(file)
    else:
        import_events(file)


def _remove_others(job: ImportJob, files: Sequence[OpenFile]) -> None:
    """Removes the products that stand in none of the products files. Memory: 8 bytes an id."""
    import numpy as np

    good = [
        f.summary.added + f.summary.updated + f.summary.unchanged
        for f in files
        if f.summary.kind == "products"
    ]
    if not all(good):
        raise ImportFileError("--replace: a products file holds no good row, so nothing was removed")
    kept = np.unique(np.frombuffer(job.product_ids, dtype=np.uint64))
    gone = [item_id for item_id in job.catalog.item_ids() if not _among(kept, fingerprint(item_id))]
    if gone:
        removed = job.catalog.remove_products(gone)
        job.notices.add(
            f"{told_of(removed, 'products', 'were removed')}, which the files lack (--replace), e.g. {gone[0]!r}"
        )


def _among(ordered: Any, value: int) -> bool:
    place = int(ordered.searchsorted(value))
    return place < len(ordered) and int(ordered[place]) == value


def _given(products: _Paths, reviews: _Paths, events: _Paths) -> tuple[tuple[Kind, _Paths], ...]:
    return ("products", products), ("reviews", reviews), ("events", events)


def _paths(given: _Paths) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, (str, Path)) else [Path(path) for path in given]
