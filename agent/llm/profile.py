"""The shop in a model's prompt: what it sells, which fields conditions can be put on, which pages it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from agent.money import price_range
from agent.tools.results import fenced
from agent.tools.schema import Field

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

CHARACTERS = 2_300
"""Of the whole profile, about 650 tokens in English: it stands in every call."""
MOST_VALUES = 5


def shop_profile(desk: ShopContext) -> str:
    """What a model knows of the shop before any call; what is left out for its length is said to be.

    Made from the build's own vocabulary without reading a product: some milliseconds.
    """
    table, schema = desk.shop.search.table, desk.schema
    prices = [float(price) for price in table.price if price == price]
    cost = f", {price_range(min(prices), max(prices), schema.currency)} ({schema.currency})" if prices else ""
    kinds = _kinds(table.paths, table.columns["path"])
    brands = [f"{fenced(name, 40)} {count}" for name, count in Counter(dict(schema.brands)).most_common()]
    fields = sorted((f for f in schema.fields.values() if not f.is_code), key=_salience, reverse=True)
    described = _cut("Fields: ", [described_field(field) for field in fields], "; ", 0.40)
    topics = desk.shop.documents.topics if desk.shop.documents is not None else ()
    parts = [
        f"The shop “{fenced(desk.shop.folder.name, 60)}”: {desk.size:,} products{cost}.",
        _cut("Kinds (field category): ", kinds, "; ", 0.40),
        _cut("Brands: ", brands, ", ", 0.10),
        described,
        _cut("Pages of the shop: ", dict.fromkeys(topic.split(",")[0] for topic in topics), ", ", 0.05),
    ]
    return "\n".join(part for part in parts if part)


def described_field(field: Field) -> str:
    """A field with its type, and its range or most frequent values."""
    name = fenced(field.name, 40)
    if field.type == "flag":
        return f"{name} yes/no"
    if field.range is not None:
        unit = f" {field.unit}" if field.unit and not field.name.endswith(f"_{field.unit}") else ""
        return f"{name} {field.range[0]:g} to {field.range[1]:g}{unit}"
    values = [fenced(value, 25) for value in list(field.values)[:MOST_VALUES]]
    return f"{name}: {'/'.join(values)}{'…' if len(field.values) > MOST_VALUES else ''}"


def _salience(field: Field) -> int:
    return sum(field.values.values())


def _kinds(paths: Sequence[tuple[str, ...]], codes: Iterable[int]) -> list[str]:
    """Each department with the kinds in it, the most first."""
    counts = Counter(int(code) for code in codes if code >= 0)
    departments: dict[str, Counter[str]] = {}
    for code, count in counts.items():
        if path := paths[code]:
            departments.setdefault(path[0], Counter())[path[-1]] += count
    ordered = sorted(departments.items(), key=lambda pair: -pair[1].total())
    return [
        f"{fenced(name, 40)} {kinds.total()}"
        + (
            ""
            if list(kinds) == [name]
            else f": {', '.join(fenced(kind, 40) for kind, _ in kinds.most_common())}"
        )
        for name, kinds in ordered
    ]


def _cut(head: str, entries: Iterable[str], between: str, share: float) -> str:
    """As many entries as ``share`` of the profile has room for, and how many more there are."""
    told, every = head, list(entries)
    for at, entry in enumerate(every):
        more = f"{between if at else ''}{entry}"
        if len(told) + len(more) + 20 > share * CHARACTERS:
            return f"{told}{between}{len(every) - at} more (browse)." if at else ""
        told += more
    return f"{told}." if every else ""
