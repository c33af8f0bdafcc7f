"""What the import tests share: a catalogue in a folder, and an event log that remembers ids."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from retrieval.catalog import Catalog
from retrieval.importers import EventCounts, ImportSummary, RawEvent, import_files
from retrieval.records import Product


@dataclass
class Target:
    """Where an import goes; ``read`` imports a file of products given by its content."""

    folder: Path
    events: dict[str, RawEvent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.catalog = Catalog(create_engine(f"sqlite:///{self.folder / 'shop.db'}"))
        self.report = self.folder / "rejected.csv"

    def add_events(self, events: Iterable[RawEvent]) -> EventCounts:
        given = list(events)
        fresh = {event.event_id: event for event in given if event.event_id not in self.events}
        self.events.update(fresh)
        return EventCounts(len(fresh), len(given) - len(fresh))

    def run(self, **options: Any) -> ImportSummary:
        return import_files(self.catalog, self.add_events, report_path=self.report, **options)

    def write(self, content: str | bytes, name: str = "products.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, content: str | bytes, name: str = "products.csv", **options: Any) -> ImportSummary:
        return self.run(products=self.write(content, name), **options)

    def titles(self) -> dict[str, str]:
        return {product.item_id: product.title for product in self.catalog.products()}

    def rejected(self) -> list[dict[str, str]]:
        if not self.report.exists():
            return []
        with self.report.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def by_title(target: Target) -> dict[str, Product]:
    """The products of the catalogue."""
    return {product.title: product for product in target.catalog.products()}


def told(summary: ImportSummary) -> str:
    """All that an import says."""
    return "\n".join(summary.notices)
