"""What an owner does with a shop, one function for each command: import, build, look into, evaluate, tune."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import AisleError
from agent.explanations.evidence import counted
from agent.faults import explained
from agent.operations.build import BuildSummary, writing
from agent.operations.build import build as build_shop
from agent.operations.stages import Progress, silent
from agent.settings import Settings
from agent.shop import Shop

if TYPE_CHECKING:
    from agent.storage.erasure import Erasure
    from retrieval.importers.records import EventCounts, ImportSummary, RawEvent
    from retrieval.records import ImportedColumn, Product
    from retrieval.search import Hit

_log = logging.getLogger(__name__)


SHOWN_HOSTS = 5
"""Hosts of pictures in the printed note."""
SHOWN_COLUMNS = 60
"""Columns of each kind in the printed table; the catalogue holds all of them."""


@contextmanager
def plainly() -> Iterator[None]:
    """Let what the lower rooms and the machine say to a person reach the person as an `AisleError`."""
    try:
        yield
    except AisleError:
        raise
    except Exception as error:
        if (told := explained(error)) is None:
            raise
        raise AisleError(told) from error


def import_files(
    folder: Path,
    *,
    products: Path | Sequence[Path] = (),
    reviews: Path | None = None,
    events: Path | None = None,
    documents: Path | None = None,
    format: str = "auto",
    mapping: Sequence[str] = (),
    currency: str = "USD",
    minor_units: bool = False,
    id_from: str = "",
    image_base: str = "",
    replace: bool = False,
    progress: Progress = silent,
    settings: Settings | None = None,
) -> list[str]:
    """Import a shop's files and return the summary, a line each. The same files again change nothing.

    Raises:
        AisleError: a file that cannot be read as what it is said to be; the message says what to do.
    """
    from retrieval.importers.importing import import_files as read_files

    files = _matching([products] if isinstance(products, Path) else list(products))
    if not any((files, reviews, events, documents)):
        raise AisleError("nothing to import: name a file with --products, --reviews, --events or --documents")
    if not re.fullmatch(r"[A-Za-z]{3}", currency):
        raise AisleError(f"--currency {currency}: expected a code of three letters, e.g. EUR")
    if documents and not documents.is_dir():
        raise AisleError(f"--documents {documents}: no such folder; nothing was imported")
    pairs = _pairs(mapping)
    new = not folder.exists()
    shop = Shop.create(folder, settings)
    lines: list[str] = []
    try:
        with writing(shop), plainly():
            if files or reviews or events:
                summary = read_files(
                    shop.catalog,
                    lambda raw: _append(shop, raw),
                    products=files,
                    reviews=reviews,
                    events=events,
                    format=format,
                    mapping=pairs,
                    currency=currency.upper(),
                    minor_units=minor_units,
                    id_from=id_from,
                    image_base=image_base,
                    replace=replace,
                    images_folder=folder / "images",
                    report_path=folder / "rejected.csv",
                    progress=progress,
                )
                lines += _told(summary)
                lines += _picture_lines(summary, shop.settings.image_hosts)
                _keep_policies(summary, folder / "documents")
            if documents:
                lines += _take_documents(documents, folder / "documents")
    except AisleError:
        if new:
            _remove_if_empty(shop)
        raise
    return lines


def build(
    folder: Path, *, force: bool = False, progress: Progress = silent, settings: Settings | None = None
) -> BuildSummary:
    """Make a build of the shop in ``folder`` and switch to it; see `agent.operations.build.build`."""
    with plainly():
        return build_shop(Shop.open(folder, settings), force=force, progress=progress)


def ready_shop(
    folder: Path,
    *,
    progress: Progress = silent,
    settings: Settings | None = None,
    tell: Callable[[str], None] = _log.warning,
) -> Shop:
    """Open a shop with a whole build. Where it has none, or a damaged one, that is told and one is made."""
    shop = Shop.open(folder, settings)
    try:
        with plainly():
            shop.open_build()
    except AisleError as error:
        tell(f"{error}. Doing that now.")
        build(folder, progress=progress, settings=settings)
        shop = shop.reopened()
        with plainly():
            shop.open_build()
    return shop


def forget(
    folder: Path, user_id: str, *, progress: Progress = silent, settings: Settings | None = None
) -> Erasure:
    """Erase a shopper from the shop in ``folder``; see `agent.storage.erasure.erase_shopper`."""
    from agent.storage.erasure import erase_shopper

    with plainly():
        return erase_shopper(Shop.open(folder, settings), user_id, progress=progress)


def retain(folder: Path, days: int | None = None, *, settings: Settings | None = None) -> dict[str, int]:
    """Delete turns older than ``days``, or than the settings say; see `agent.storage.erasure.retain_turns`."""
    from agent.storage.erasure import retain_turns

    shop = Shop.open(folder, settings)
    return retain_turns(shop, shop.settings.keep_turns_days if days is None else days)


@dataclass(frozen=True)
class SearchAnswer:
    hits: tuple[Hit, ...]
    products: tuple[Product, ...]
    """The product of each hit, in the same order."""
    notices: tuple[str, ...]


def search(
    folder: Path, query: str, *, filter_text: str = "", k: int = 10, settings: Settings | None = None
) -> SearchAnswer:
    """Search the shop's products; ``filter_text`` is what must hold, as in `price<=50 and brand!=Nike`.

    Raises:
        AisleError: a filter that can't be read, or on a field that neither Aisle nor the shop has.
    """
    from retrieval.filtering.parser import check_fields, parse_filter

    shop = ready_shop(folder, settings=settings)
    shop.catch_up()
    with plainly():
        condition = parse_filter(filter_text) if filter_text.strip() else None
        if condition is not None:
            check_fields(condition, shop.search.vocabulary.attributes)
        found = shop.search.search(query, condition, k, explain=True)
    products = [shop.catalog.product(hit.item_id) for hit in found.hits]
    kept = [(hit, product) for hit, product in zip(found.hits, products, strict=True) if product]
    return SearchAnswer(
        tuple(hit for hit, _ in kept), tuple(product for _, product in kept), tuple(found.notices)
    )


def what_buyers_say(
    folder: Path, item_id: str, question: str = "", *, settings: Settings | None = None
) -> list[str]:
    """What the buyers of a product say, a line each: counts, pros and cons, quotes with their review ids."""
    shop = ready_shop(folder, settings=settings)
    product = shop.catalog.product(item_id)
    if product is None:
        raise AisleError(f"no product {item_id!r} in {folder}: `aisle search` shows ids")
    with plainly():
        signals = shop.reviews.signals(item_id)
        if question:
            answer = shop.reviews.what_buyers_say(item_id, question)
            if not answer.mentioned:
                return [f"Nobody mentions it, in {counted(answer.review_count, 'review')}."]
            head = f"{answer.aspect or question}: {answer.positive} for, {answer.negative} against"
            return [
                head,
                *(f'  {quote.polarity}: "{quote.text}" ({quote.review_id})' for quote in answer.quotes),
            ]
        summary = shop.reviews.summary(item_id)
    stars = f"{signals.stars_mean:.1f} of 5" if signals.stars_mean is not None else "no stars"
    lines = [f"{product.title}: {counted(signals.review_count, 'review')}, {stars}"]
    for aspect in signals.aspects:
        if not aspect.positive + aspect.negative:
            continue  # named, yet neither praised nor blamed: there is no share to tell
        lines.append(
            f"  {aspect.name}: {aspect.positive} for, {aspect.negative} against"
            f" ({100 * aspect.low:.0f}-{100 * aspect.high:.0f}% positive)"
        )
    for sign, side in (("+", summary.pros), ("-", summary.cons)):
        lines += [f'  {sign} {line.aspect}: "{line.quote.text}" ({line.quote.review_id})' for line in side]
    if signals.suspicious:
        look, weigh = ("looks", "weighs") if signals.suspicious == 1 else ("look", "weigh")
        lines.append(f"  {counted(signals.suspicious, 'review')} {look} suspicious and {weigh} less")
    return lines


def _append(shop: Shop, raw: Iterable[RawEvent]) -> EventCounts:
    from dataclasses import asdict

    from cf_engine.events import Event
    from retrieval.importers.records import EventCounts

    events = [Event(**asdict(event)) for event in raw]
    added = shop.events.append(events)
    return EventCounts(added=added, unchanged=len(events) - added)


def _matching(given: Sequence[Path]) -> list[Path]:
    """The files that are named, and those that patterns stand for.

    Raises:
        AisleError: a pattern that stands for no file.
    """
    found: list[Path] = []
    for path in given:
        if path.exists() or not re.search(r"[*?\[]", path.name):
            found.append(path)
            continue
        files = sorted(file for file in path.parent.glob(path.name) if file.is_file())
        if not files:
            raise AisleError(f"--products {path}: no file is named so")
        found += files
    return list(dict.fromkeys(found))


def _pairs(mapping: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in mapping:
        column, sign, name = text.rpartition("=")
        if not sign or not column.strip() or not name.strip():
            raise AisleError(f"--map {text}: expected COLUMN=FIELD, for instance --map 'Product name=title'")
        pairs.append((column.strip(), name.strip()))
    return pairs


def _told(summary: ImportSummary) -> list[str]:
    lines = []
    for file in summary.files:
        counts = {
            "added": file.added,
            "updated": file.updated,
            # A review's stars are an event too, so an event may be known before its own file comes.
            "already known, from reviews or an earlier import"
            if file.kind == "events"
            else "unchanged": file.unchanged,
            "rejected": file.rejected,
            "duplicate": file.duplicates,
            "folded into others or left out": file.folded,
        }
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        lines.append(f"{file.kind}: {file.read:,} rows of {file.file} ({file.format}): {told or 'nothing'}")
        lines += _column_lines(file.columns)
    lines += [f"note: {notice}" for notice in summary.notices]
    if summary.report:
        lines.append(f"rejected rows, each with what was expected: {summary.report}")
    return lines


def _picture_lines(summary: ImportSummary, named: str) -> list[str]:
    """Where the pictures lie that the page may not load yet: it loads none from hosts that nobody named."""
    counts = sum((file.image_hosts for file in summary.files), Counter[str]())
    let = {name.strip().rstrip("/").lower().removeprefix("https://") for name in named.split(",")} - {""}
    hosts = [host for host, _ in counts.most_common() if host not in let]
    if not hosts:
        return []
    shown = f"{', '.join(hosts[:SHOWN_HOSTS])}{', …' if len(hosts) > SHOWN_HOSTS else ''}"
    setting = ",".join((*sorted(let), *hosts[:SHOWN_HOSTS]))
    lie = (
        "the pictures of 1 product lie"
        if counts.total() == 1
        else f"pictures of {counts.total():,} products lie"
    )
    return [f"note: {lie} on {shown}; AISLE_IMAGE_HOSTS={setting} lets the page load them"]


def _column_lines(columns: Sequence[ImportedColumn]) -> list[str]:
    """A table of what became of each column: those left out last, with the reason and what keeps them."""
    if not columns:
        return []
    kept = [column for column in columns if column.became]
    left = [column for column in columns if not column.became and column.filled]
    empty = [column.column for column in columns if not column.became and not column.filled]
    rows = [("column", "became", "filled", "example")]
    rows += [(c.column, c.became, f"{c.filled:.0%}", c.example) for c in kept[:SHOWN_COLUMNS]]
    if len(kept) > SHOWN_COLUMNS:
        rows.append((f"… {len(kept) - SHOWN_COLUMNS:,} more", "attributes and texts alike", "", ""))
    for c in left[:SHOWN_COLUMNS]:
        rows.append((c.column, f"left out: {c.reason}", f"{c.filled:.0%}", c.example))
    if len(left) > SHOWN_COLUMNS:
        rows.append((f"… {len(left) - SHOWN_COLUMNS:,} more", "left out", "", ""))
    first = min(40, max(len(row[0]) for row in rows))
    second = min(60, max(len(row[1]) for row in rows))
    lines = [f"  {a[:40]:{first}}  {b:{second}}  {c:>6}  {d[:40]}".rstrip() for a, b, c, d in rows]
    if empty:
        lines.append(f"  empty: {', '.join(empty[:SHOWN_COLUMNS])}")
    if keep := next((c.option for c in left), ""):
        lines.append(f"  to keep what is left out: {keep} (or texts.NAME), and likewise for the others")
    return lines


def _keep_policies(summary: ImportSummary, documents: Path) -> None:
    """What descriptions said of shipping and returns, as a document of the shop: a file for each products file."""
    for file in summary.files:
        if file.policies:
            documents.mkdir(parents=True, exist_ok=True)
            text = "\n\n".join(["# Shipping and returns", *file.policies])
            path = documents / f"from-{re.sub(r'[^A-Za-z0-9]+', '-', file.file).strip('-').lower()}.md"
            path.write_text(f"{text}\n", encoding="utf-8")


def _take_documents(source: Path, target: Path) -> list[str]:
    """Copy the shop's own texts into its folder, so that a build needs nothing from elsewhere."""
    import shutil

    from retrieval.importers.documents import readable_files

    files, notices = readable_files(source)
    if not files:
        raise AisleError(
            f"--documents {source}: no Markdown, text, HTML, PDF or CSV file in it"
            + (f" ({'; '.join(notices[:3])})" if notices else "")
        )
    for path in files:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return [f"documents: {counted(len(files), 'file')}", *(f"note: {notice}" for notice in notices)]


def _remove_if_empty(shop: Shop) -> None:
    """Leave no half-made folder behind when the very first import of a shop could not be read."""
    import shutil

    if shop.catalog.count() == 0 and shop.events.count() == 0:
        shop.engine.dispose()
        shutil.rmtree(shop.folder)
