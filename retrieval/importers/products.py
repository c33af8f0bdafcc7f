"""The import of a products file, whoever's export it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from retrieval.importers.building import ProductBuilder
from retrieval.importers.columns import AttributePlans, Column, plan_columns
from retrieval.importers.fates import fates
from retrieval.importers.feedback import ReviewWriter, nested_reviews
from retrieval.importers.fields import bind_products, mapped_columns, quoted
from retrieval.importers.headers import Binding, HeaderTable, key, table
from retrieval.importers.ids import IdColumns, with_ids_of
from retrieval.importers.images import LocalImages, web_host
from retrieval.importers.job import Numbered, OpenFile, ignore, in_batches
from retrieval.importers.money import Numerals, currency, price
from retrieval.importers.reading import Row
from retrieval.importers.records import BadValueError, ImportFileError, Notices, told_of
from retrieval.importers.survey import Survey, fingerprint, is_policy, survey_products
from retrieval.importers.systems import SYSTEMS, TABLE, Context, Drafts
from retrieval.importers.values import text
from retrieval.records import Product, Review


@dataclass
class _Source:
    """One products file with the system that wrote it."""

    file: OpenFile
    system: HeaderTable
    binding: Binding
    torn: set[int] = field(default_factory=set)
    columns: dict[str, Column] = field(default_factory=dict)
    """What the first pass saw of each column of the file."""
    rows: int = 0
    id_from: str = ""
    """``title`` or ``row``, where ids are made; ``gaps``, where those that are missing are made of titles."""
    other_ids: tuple[str, ...] = ()
    """Columns by which reviews and events may name a product, beside its id."""

    def drafts(self, rows: Iterable[Numbered[Row]], context: Context) -> Drafts:
        split = ((number, *self.binding.split(row)) for number, row in rows)
        return SYSTEMS.get(self.system.name, TABLE)(split, context)

    def looked_at(self) -> Iterator[Numbered[Row]]:
        """The rows, with what is in each column counted."""
        seen = self.columns
        for numbered in self.file.look():
            self.rows += 1
            for name, cell in numbered[1].items():
                if cell is None or cell == "":
                    continue
                column = seen.get(name)
                if column is None:
                    column = seen[name] = Column(first=cell)
                column.filled += 1
            yield numbered

    def context(self, **given: Any) -> Context:
        return Context(columns=self.file.columns, torn=self.torn, id_from=self.id_from, **given)

    def surveyed(self) -> Survey:
        """The first pass. It shows which column can hold a table's ids; where that is another than its name says,
        the pass is made again with that one.
        """
        options = self.file.job.options
        mapping = mapped_columns("products", self.file.columns, options.mapping)
        ids = IdColumns(()) if options.id_from else IdColumns.of(self.system, self.file.columns, mapping)
        survey = self._survey(ids)
        chosen = ids.chosen()
        notices = list(ids.notices(self.file.source.path.name, chosen))
        if not notices:
            return survey
        for notice in notices:
            self.file.job.notices.add(notice)
        self.binding = with_ids_of(self.binding, chosen, ids.candidates)
        self.id_from = ("gaps" if ids.gaps(chosen) else "") if chosen else "title"
        self.other_ids = ids.others(chosen)
        return self._survey(IdColumns(()))

    def _survey(self, ids: IdColumns) -> Survey:
        self.columns, self.rows = {}, 0
        context = self.context(reject=ignore, notices=Notices())
        rows = self.drafts(ids.counted(self.looked_at()), context)
        return survey_products(rows, minor_units=self.file.job.options.minor_units)


def import_products(file: OpenFile, format: str) -> None:
    """Imports one products file; ``format`` is a shop system's name, a layout, or ``auto`` to find out.

    Two passes over the file: the first learns what only the whole file shows (``survey.Survey``).
    """
    source = _source(file, format)
    options = file.job.options
    survey = source.surveyed()
    file.job.product_ids.extend(survey.ids)
    plans = AttributePlans(plan_columns(survey.columns, survey.products, source.binding), survey.numerals)
    builder = ProductBuilder(survey, options, plans, _currency_of(source.binding, options.currency))
    images = LocalImages(file.source.path, options.images_folder) if options.images_folder else None
    reviews = ReviewWriter(file)

    def build(number: int, draft: Mapping[str, Any]) -> tuple[Product, list[Review], list[str]]:
        product = builder.build(draft)
        kept = images.take(product) if images else product
        if host := web_host(kept.image_url):
            file.summary.image_hosts[host] += 1
        return (
            kept,
            nested_reviews(file, number, product.item_id, draft),
            _aliases(product, draft, source.other_ids),
        )

    context = source.context(reject=file.reject, notices=file.job.notices, numerals=survey.numerals)
    held: dict[str, Product] = {}
    for batch in in_batches(file.built(source.drafts(file.rows(), context), build)):
        single = []
        for product, _, _ in batch:
            if fingerprint(product.item_id) in survey.repeated:
                file.summary.duplicates += product.item_id in held
                held[product.item_id] = _newer(held.get(product.item_id), product)
            else:
                single.append(product)
        file.count(file.job.catalog.upsert_products(single))
        file.job.catalog.add_aliases({alias: p.item_id for p, _, aliases in batch for alias in aliases})
        reviews.write([review for _, found, _ in batch for review in found])
    file.count(file.job.catalog.upsert_products(held.values()))
    counts = file.summary
    counts.folded = counts.read - counts.rejected - counts.duplicates - counts.added - counts.updated
    counts.folded = max(0, counts.folded - counts.unchanged)
    counts.columns = fates(
        file.source.path.name,
        dict.fromkeys((*file.columns, *source.columns)),
        source.columns,
        source.rows,
        source.binding,
        plans,
    )
    file.job.catalog.record_columns(counts.columns)
    _tell(source, survey, builder, plans, images)
    reviews.tell()


def _source(file: OpenFile, format: str) -> _Source:
    """Whose export the file is, and what its columns are."""
    name = format if format in SYSTEMS else ""
    if format == "auto":
        name = next((name for name in SYSTEMS if table(name).matches(file.columns)), "")
    system = table(name or "products")
    if name and not system.matches(file.columns):
        raise ImportFileError(
            f"{file.source.path.name}: not a {name} export, which has {_signs(system)}. "
            f"Found: {', '.join(file.columns[:30])}. Leave --format out to have it found"
        )
    file.summary.format = name or file.source.layout
    binding, note = bind_products(
        system,
        file.source.path.name,
        file.columns,
        file.job.options.mapping,
        id_from=file.job.options.id_from,
        sample=file.sample,
    )
    if note:
        file.job.notices.add(note)
    return _Source(file, system, binding, id_from=file.job.options.id_from)


def _currency_of(binding: Binding, home: str) -> str:
    """The currency that the header of a price names: "Price (EUR)", "price_usd", "Preis in €"."""
    for column, fields in binding.fields.items():
        if any("price" in name for name in fields) and (found := _NAMED_CURRENCY.search(column)):
            return currency(next(filter(None, found.groups())).upper(), home) or ""
    return ""


_NAMED_CURRENCY = re.compile(
    r"[(\[]\s*([A-Z]{3}|[$€£¥₹₽])\s*[)\]]|(?i:[ _](usd|eur|gbp|chf|pln|czk|sek|nok|dkk|aud|cad|nzd|inr|brl|aed))$"
    r"|([€£₹₽])"
)


def _price_hint(source: _Source, numerals: Numerals) -> str:
    """The column that is called a price and holds prices, where none was found by name."""
    if source.binding.found & {"price", "price_incl", "price_excl", "regular_price", "standard_price"}:
        return ""
    named = (name for name in source.columns if _PRICES.search(key(name)))
    return next((name for name in named if _holds_prices(source.file.sample, name, numerals)), "")


def _holds_prices(sample: Sequence[Row], column: str, numerals: Numerals) -> bool:
    cells = [cell for row in sample if text(cell := row.get(column))]
    return bool(cells) and sum(_is_price(cell, numerals) for cell in cells) >= 0.9 * len(cells)


def _is_price(cell: Any, numerals: Numerals) -> bool:
    try:
        return price(cell, numerals).low is not None
    except BadValueError:
        return False


_PRICES = re.compile(r"price|preis|prix|precio|prezzo|prijs|preco|cena|kosten|cost")


def _signs(system: HeaderTable) -> str:
    return ", ".join(system.header(name) for name in sorted(system.needs[0]))


def _aliases(product: Product, draft: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """Ids of the product's variants, and what other columns call it: reviews and events may name it so."""
    given = map(text, (*draft.get("aliases", ()), *(draft["columns"].get(column) for column in columns)))
    return [
        alias for alias in dict.fromkeys(given) if alias and alias != product.item_id and len(alias) <= 200
    ]


def _newer(held: Product | None, found: Product) -> Product:
    """Of two rows with one id: the one with the later ``updated_at``, else the later in the file."""
    if held is None or held.updated_at is None or found.updated_at is None:
        return found
    return found if found.updated_at >= held.updated_at else held


def _tell(
    source: _Source,
    survey: Survey,
    builder: ProductBuilder,
    plans: AttributePlans,
    images: LocalImages | None,
) -> None:
    file = source.file
    name, seen, add = file.source.path.name, builder.seen, file.job.notices.add
    told = {
        "zero price": "have the price 0, which is read as unknown",
        "placeholder price": "have only a placeholder price (far above all others), which is read as unknown",
        "no currency": f"have a price without a currency, read as {file.job.options.currency}; "
        "--currency names another",
        "boilerplate": "have a sentence in the description that stands all over the shop; it was left out",
        "no kind": "have a category that says nothing (“Uncategorized”), which is set aside",
        "unclear stock": "say something else than a number, sold out or in stock of their stock; it is unknown",
        "bad image": "have an image address that is none; it was left out",
        "bad url": "have a link that is no web address; it was left out",
        "bad rating": "have a mean rating that is not on a scale of 5 stars; it was left out",
    }
    for kind, what in told.items():
        if seen[kind]:
            add(f"{name}: {told_of(seen[kind], 'products', what)}")
    if survey.boilerplate and seen["boilerplate"]:
        for sentence in sorted(survey.boilerplate):
            where = "; it is kept among the shop's documents" if is_policy(sentence) else ""
            add(f"{name}: left out of the descriptions{where}: “{sentence}”")
        file.summary.policies = sorted(filter(is_policy, survey.boilerplate))
    if hint := _price_hint(source, survey.numerals):
        add(f"{name}: no column for the price; if {hint!r} is it: --map {quoted(hint)}=price")
    if survey.looks_like_cents:
        add(
            f"{name}: all prices are whole and end as prices in cents do (4995 for 49.95); "
            "if they are cents, import again with --minor-units"
        )
    for column, count in plans.damaged.items():
        add(
            f"{name}: in {column!r}, {told_of(count, 'values', 'were left out')}, shortened by a spreadsheet "
            "(4.00638E+12); make the column text in the spreadsheet and export again"
        )
    if images and images.missing:
        add(
            f"{name}: {told_of(images.missing, 'local pictures', 'are missing or unusable and left out')} "
            "(--image-base ADDRESS, if the paths are below the shop's web address)"
        )
    if file.summary.duplicates:
        add(
            f"{name}: {told_of(file.summary.duplicates, 'rows', 'repeat an id; the newest row of each was kept')}"
        )
