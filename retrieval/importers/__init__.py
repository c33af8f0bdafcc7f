"""A shop's files to its catalogue: any usual table, Shopify, WooCommerce and Amazon's review sets."""

from retrieval.importers.importing import FORMATS, import_files
from retrieval.importers.records import (
    EventCounts,
    FileSummary,
    ImportFileError,
    ImportSummary,
    RawEvent,
)

__all__ = [
    "FORMATS",
    "EventCounts",
    "FileSummary",
    "ImportFileError",
    "ImportSummary",
    "RawEvent",
    "import_files",
]
