"""The import of a products file in any of the formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from retrieval.catalog import Product, Review
from retrieval.importers import amazon, generic, shopify, woocommerce
from retrieval.importers.building import ProductBuilder
from retrieval.importers.feedback import ReviewWriter, nested_reviews
from retrieval.importers.fields import find_columns
from retrieval.importers.images import LocalImages
from retrieval.importers.job import Numbered, OpenFile, ignore, in_batches
from retrieval.importers.reading import Row
from retrieval.importers.records import BadValueError, ImportFileError, Notices
from retrieval.importers.survey import fingerprint, survey_products

_SHOPS: dict[str, Any] = {"shopify": shopify, "woocommerce": woocommerce, "amazon": amazon}
_SIGNS = {
    "shopify": "Handle, Title and Variant Price",
    "woocommerce": "Type, SKU, Name and Regular price",
    "amazon": "asin, title and one of imUrl, also_buy, main_cat",
}
Reject = Callable[[int, BadValueError], None]


def import_products(file: OpenFile, format: str) -> None:
    """Imports one products file; ``format`` is a shop system's name, a layout, or ``auto`` to find out.

    Two passes over the file: the first learns what only the whole file shows (``survey.Survey``).
    """
    read = _reader(file, format)
    survey = survey_products(read(file.look(), ignore, Notices()))
    file.job.product_ids.extend(survey.ids)
    builder = ProductBuilder(survey, file.job.currency)
    images = LocalImages(file.source.path, file.job.images_folder) if file.job.images_folder else None
    reviews = ReviewWriter(file)
    held: dict[str, Product] = {}

    def build(number: int, draft: Mapping[str, Any]) -> tuple[Product, list[Review]]:
        product = builder.build(draft)
        return (images.take(product) if images else product), nested_reviews(
            file, number, product.item_id, draft
        )

    for batch in in_batches(file.built(read(file.rows(), file.reject, file.job.notices), build)):
        single = []
        for product, _ in batch:
            if fingerprint(product.item_id) in survey.repeated:
                file.summary.duplicates += product.item_id in held
                held[product.item_id] = _newer(held.get(product.item_id), product)
            else:
                single.append(product)
        file.count(file.job.catalog.upsert_products(single))
        reviews.write([review for _, found in batch for review in found])
    file.count(file.job.catalog.upsert_products(held.values()))
    counts = file.summary
    counts.folded = counts.read - counts.rejected - counts.duplicates - counts.added - counts.updated
    counts.folded = max(0, counts.folded - counts.unchanged)
    _tell(file, builder, images)
    reviews.tell()


def _reader(
    file: OpenFile, format: str
) -> Callable[[Iterable[Numbered[Row]], Reject, Notices], Iterator[Numbered[dict[str, Any]]]]:
    """How this file's rows become drafts: the shop system's way, or by columns."""
    name = format if format in _SHOPS else ""
    if format == "auto":
        name = next((name for name, module in _SHOPS.items() if module.matches(file.columns)), "")
    file.summary.format = name or file.source.layout
    if not name:
        columns = find_columns("products", file.source.path.name, file.columns, file.job.mapping)
        if columns.note:
            file.job.notices.add(columns.note)
        return lambda rows, reject, notices: generic.drafts(rows, columns)
    module, mapped = _SHOPS[name], file.mapped()
    if not module.matches(file.columns):
        raise ImportFileError(
            f"{file.source.path.name}: not a {name} export, which has {_SIGNS[name]}. "
            f"Found: {', '.join(file.columns[:30])}. Leave --format out to have it found"
        )
    if mapped:
        taken = ", ".join(f"{column}={field}" for column, field in mapped.items())
        file.job.notices.add(
            f"{file.source.path.name}: read as {name}, so --map {taken} was not needed; "
            "use --format csv to bind columns yourself"
        )
    return lambda rows, reject, notices: module.drafts(rows, reject, notices)


def _newer(held: Product | None, found: Product) -> Product:
    """Of two rows with one id: the one with the later ``updated_at``, else the later in the file."""
    if held is None or held.updated_at is None or found.updated_at is None:
        return found
    return found if found.updated_at >= held.updated_at else held


def _tell(file: OpenFile, builder: ProductBuilder, images: LocalImages | None) -> None:
    name, seen, add = file.source.path.name, builder.seen, file.job.notices.add
    told = {
        "zero price": "have the price 0, which is read as unknown",
        "placeholder price": "have only a placeholder price (far above all others), which is read as unknown",
        "no currency": f"have a price without a currency, read as {file.job.currency}; "
        "--currency names another",
        "boilerplate": "open with a sentence that opens descriptions all over the shop; it was left out",
        "bad image": "have an image address that is none; they show a placeholder",
        "bad url": "have a link that is no web address; it was left out",
    }
    for key, text in told.items():
        if seen[key]:
            add(f"{name}: {seen[key]} products {text}")
    if images and images.missing:
        add(f"{name}: {images.missing} local pictures are missing or unusable; placeholders are shown")
    if file.summary.duplicates:
        add(f"{name}: {file.summary.duplicates} rows repeat an id; the newest row of each was kept")
