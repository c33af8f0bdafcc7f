"""The import of what shoppers left: reviews and events."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from retrieval.importers import values
from retrieval.importers.fields import find_columns
from retrieval.importers.interactions import EventBuilder, ReviewBuilder, rating_of
from retrieval.importers.job import OpenFile, in_batches
from retrieval.importers.records import BadValueError, ImportFileError, RawEvent, told_of
from retrieval.importers.survey import fingerprint, repeated
from retrieval.records import Review

About = TypeVar("About", Review, RawEvent)


def import_reviews(file: OpenFile) -> None:
    """Imports a reviews file; a review with a shopper, stars and a time is also a ``rating`` event."""
    file.summary.format = file.source.layout
    columns = find_columns(
        "reviews", file.source.path.name, file.columns, file.job.options.mapping, file.sample
    )
    prints = array("Q")
    if "review_id" in columns.fields:
        prints.extend(fingerprint(values.text(columns.pick(row)["review_id"])) for _, row in file.look())
    repeats = repeated(prints)
    builder, writer = ReviewBuilder(), ReviewWriter(file)
    held: dict[str, Review] = {}
    rows = ((number, columns.pick(row)) for number, row in file.rows())
    for batch in in_batches(file.built(rows, lambda number, fields: builder.build(fields))):
        single = []
        for review in batch:
            if fingerprint(review.review_id) in repeats:
                file.summary.duplicates += review.review_id in held
                held[review.review_id] = review
            else:
                single.append(review)
        writer.write(single)
    for rest in in_batches(held.values()):
        writer.write(rest)
    if file.summary.duplicates:
        file.job.notices.add(
            f"{file.source.path.name}: "
            + told_of(file.summary.duplicates, "rows", "repeat a review's id; the last was kept")
        )
    writer.tell()


def import_events(file: OpenFile) -> None:
    """Imports an events file through ``add_events``."""
    name = file.source.path.name
    file.summary.format = file.source.layout
    columns = find_columns("events", name, file.columns, file.job.options.mapping, file.sample)

    prints, first = array("Q"), EventBuilder(frozenset())
    for number, row in file.look():
        try:
            event = first.build(columns.pick(row), number)
        except BadValueError:
            continue
        prints.append(fingerprint(event.event_id))
    builder = EventBuilder(repeated(prints))
    unknown = UnknownItems(file)
    rows = ((number, columns.pick(row)) for number, row in file.rows())
    for batch in in_batches(file.built(rows, lambda number, fields: builder.build(fields, number))):
        named = [replace(event, item_id=item_id) for event, item_id in unknown.named(batch)]
        file.count(file.job.add_events(named))
    told = {
        "no kind: rating": "have no kind but stars, read as ratings",
        "no kind: purchase": "have no kind, read as purchases",
        "no time": "have no time; the order of rows stands for it, from the year 2000 on",
    }
    for key, text in told.items():
        if builder.seen[key]:
            file.job.notices.add(f"{name}: {told_of(builder.seen[key], 'events', text)}")
    unknown.tell()


class UnknownItems:
    """Counts what is about products that the catalogue does not have: kept, since they may still come."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._count = 0
        self._example = ""

    def named(self, records: Sequence[About]) -> list[tuple[About, str]]:
        """Each record with the id of the product that it is about: a variant's SKU stands for its product."""
        catalog = self._file.job.catalog
        unknown = catalog.unknown([record.item_id for record in records])
        aliases = catalog.aliases(unknown) if unknown else {}
        unknown -= aliases.keys()
        self._count += sum(record.item_id in unknown for record in records)
        self._example = self._example or next(iter(sorted(unknown)), "")
        return [(record, aliases.get(record.item_id, record.item_id)) for record in records]

    def tell(self, what: str = "events") -> None:
        if self._count:
            self._file.job.notices.add(
                f"{self._file.source.path.name}: {told_of(self._count, what, 'are about unknown products')} "
                f"(e.g. {self._example!r}), and kept in case the products are imported later"
            )


class ReviewWriter:
    """Writes reviews, and the ratings they imply; counts them for the file they stand in."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._unknown = UnknownItems(file)
        self._ratings = 0

    def write(self, reviews: list[Review]) -> None:
        if not reviews:
            return
        reviews = [
            review if review.item_id == item_id else review.model_copy(update={"item_id": item_id})
            for review, item_id in self._unknown.named(reviews)
        ]
        counts = self._file.job.catalog.upsert_reviews(reviews)
        if self._file.summary.kind == "reviews":
            self._file.count(counts)
        ratings = [rating for review in reviews if (rating := rating_of(review))]
        if ratings:
            self._ratings += len(ratings)
            self._file.job.add_events(ratings)

    def tell(self) -> None:
        name = self._file.source.path.name
        if self._ratings:
            self._file.job.notices.add(
                f"{name}: {told_of(self._ratings, 'reviews', 'count as a rating of the shopper, too')}"
            )
        self._unknown.tell("reviews")


def nested_reviews(file: OpenFile, number: int, item_id: str, draft: Mapping[str, Any]) -> list[Review]:
    """The reviews that stand inside a product's row; bad ones are reported under that row."""
    found = values.structure(draft.get("reviews"))
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    if not rows:
        return []
    builder, reviews = ReviewBuilder(), []
    names = list(dict.fromkeys(["item_id", *(name for row in rows for name in row)]))
    try:
        columns = find_columns("reviews", file.source.path.name, names, file.job.options.mapping)
    except ImportFileError:
        return []
    for row in rows:
        try:
            reviews.append(builder.build({**columns.pick(row), "item_id": item_id}))
        except BadValueError as error:
            file.reject_part(number, error)
    return reviews
