"""What the readers of all shop systems share: a product's rows together, its variants, its prices today."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from retrieval.importers import values
from retrieval.importers.money import PLAIN, Numerals, price
from retrieval.importers.records import BadValueError, Notices, told_of
from retrieval.importers.survey import fingerprint

Cells = Mapping[str, Any]
"""The filled cells of a row, by field or by column."""
Split = tuple[int, dict[str, Any], dict[str, Any]]
"""A row's number, its cells by field, and those of columns that are no field, by column."""
Draft = dict[str, Any]
Drafts = Iterator[tuple[int, Draft]]
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%m/%d/%y", "%m/%d/%Y")


@dataclass
class Context:
    """One pass over one file: where bad rows and notices go, and what the pass before found out."""

    reject: Callable[[int, BadValueError], None]
    notices: Notices
    columns: Sequence[str] = ()
    torn: set[int] = field(default_factory=set)
    """Products whose rows do not stand together; found in the first pass, put together in the second."""
    numerals: Numerals = PLAIN
    id_from: str = ""
    today: date = field(default_factory=date.today)
    left: Counter[str] = field(default_factory=Counter)
    """Products that are not on sale, by why."""
    _ids: Counter[str] = field(default_factory=Counter)

    def title_id(self, title: Any) -> str:
        """An id made of a title; one that comes again gets a number, so that no two products become one."""
        plain = unicodedata.normalize("NFKD", values.line(title).casefold())
        slug = re.sub(r"[\W_]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")[:80]
        found = slug or (f"t-{fingerprint(values.line(title)):016x}" if values.line(title) else "")
        self._ids[found] += 1
        return found if self._ids[found] == 1 else f"{found}-{self._ids[found]}"

    def tell_left(self) -> None:
        for why, count in self.left.items():
            self.notices.add(told_of(count, "products", f"were left out: {why}"))

    def is_on(self, start: Any, end: Any) -> bool:
        """Whether a sale is on today. A date that can't be read leaves the regular price, with a notice."""
        try:
            first, last = day(start), day(end)
        except ValueError:
            self.notices.add(
                f"a sale's date can't be read ({start or end!r}): the regular price counts there"
            )
            return False
        return (first is None or first <= self.today) and (last is None or self.today <= last)


def day(raw: Any) -> date | None:
    """The day of a cell.

    Raises:
        ValueError: not a date.
    """
    text = values.text(raw)
    if not text:
        return None
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    if re.fullmatch(r"\d{9,}", text):
        return datetime.fromtimestamp(int(text)).date()
    return datetime.fromisoformat(text).date()


def grouped(rows: Iterable[Split], key: Callable[[Cells], str], context: Context) -> Iterator[list[Split]]:
    """The rows of each product together, wherever in the file they stand.

    Memory: one product; where the first pass found rows torn apart, those products are held to the end.
    """
    seen: set[int] = set()
    held: dict[str, list[Split]] = {}
    for name, group in groupby(rows, key=lambda row: key(row[1])):
        found = list(group)
        mark = fingerprint(name)
        if name and mark in seen:
            context.torn.add(mark)
        seen.add(mark)
        if name and mark in context.torn:
            held.setdefault(name, []).extend(found)
        else:
            yield found
    yield from held.values()


def merged(variants: Sequence[Cells]) -> dict[str, Any]:
    """The cells of all variants by column: one value where they agree, else all of them (at most 50)."""
    if len(variants) == 1:
        return dict(variants[0])
    found: dict[str, dict[Any, None]] = {}
    for cells in variants:
        for column, cell in cells.items():
            found.setdefault(column, {}).setdefault(cell if isinstance(cell, str) else values.text(cell))
    return {
        column: next(iter(cells)) if len(cells) == 1 else tuple(cells)[:50] for column, cells in found.items()
    }


def option_name(raw: str) -> str:
    """``COLOR`` and ``color`` are ``Color``."""
    name = values.line(raw)
    return name.capitalize() if name.isupper() or name.islower() else name


def choices(given: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """Options by name, each choice once and in order: ``(name, choice)`` of all variants."""
    options: dict[str, dict[str, None]] = {}
    for name, choice in given:
        if (shown := values.line(choice)) and (named := option_name(name)):
            options.setdefault(named, {}).setdefault(shown)
    return {name: list(found) for name, found in options.items()}


def variant(chosen: Iterable[tuple[str, Any]], sku: Any, price: Any, stock: Any) -> dict[str, Any]:
    """What a row tells of one combination of options, to be read as the product's own fields are."""
    options = {option_name(name): shown for name, choice in chosen if (shown := values.line(choice))}
    return {"options": options, "sku": sku, "price": price, "stock": stock}


def now_and_before(regular: Any, sale: Any, on: bool) -> tuple[Any, Any]:
    """The price today, and the regular one where it is reduced."""
    reduced = on and bool(values.text(sale)) and values.text(sale) != "0"
    return (sale, regular if values.text(regular) else None) if reduced else (regular, None)


def reduced_from(pairs: Iterable[tuple[Any, Any]], numerals: Numerals = PLAIN) -> float | None:
    """The regular price of the cheapest variant of ``(price, regular price)``, where it is reduced."""
    found = []
    for now, before in pairs:
        try:
            low, regular = price(now, numerals).low, price(before, numerals).low
        except BadValueError:
            continue
        if low and regular and regular > low:
            found.append((low, regular))
    return min(found)[1] if found else None


def pictures(*rows: Cells) -> list[Any]:
    """The cells with a product's pictures, its main one first, then those of ``more_images{n}`` columns."""
    found = []
    for row in rows:
        more = sorted((n for n in row if n.startswith("more_images")), key=lambda n: int(n[11:] or 0))
        found += [row.get("image_url"), *(row[name] for name in more)]
    return [cell for cell in found if cell]


def total(amounts: Iterable[Any]) -> int | None:
    """What all variants hold together; unknown where one does not say."""
    counts = [values.number("stock", amount) for amount in amounts]
    return sum(max(0, int(c)) for c in counts if c is not None) if counts and None not in counts else None


def no(cell: Any) -> bool:
    """Whether a cell says no: 0, false, no, -1."""
    return values.text(cell).casefold() in (
        "0",
        "false",
        "no",
        "n",
        "-1",
        "off",
        "faux",
        "nein",
        "non",
        "disabled",
        "falsch",
        "falso",
        "fałsz",
        "onwaar",
    )
