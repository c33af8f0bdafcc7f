"""What the shop sells: its kinds with counts and prices, or the values of one field."""

from __future__ import annotations

from collections import Counter

from agent.conditions import BRAND, KIND, PRICE, STARS, STOCK, Where
from agent.money import price_range
from agent.records import Frozen
from agent.tools.compile import Compiler
from agent.tools.context import ToolContext
from agent.tools.results import fenced
from agent.tools.schema import Field
from retrieval.filters import And, Filter

MOST = 40


class Shelves(Frozen):
    """One kind or value with how many products it has, and what they cost."""

    name: str
    count: int
    low: float | None = None
    high: float | None = None


class Browsed(Frozen):
    """What there is, the most first."""

    within: str = ""
    """The kind or field looked into; empty for the whole shop."""
    field: str = KIND
    entries: tuple[Shelves, ...] = ()
    total: int = 0
    currency: str = "USD"
    problem: str = ""

    def text(self) -> str:
        if self.problem:
            return self.problem
        lines = [f"{self.total:,} products{f' in {self.within}' if self.within else ''}, by {self.field}:"]
        for one in self.entries:
            cost = f", {price_range(one.low, one.high, self.currency)}" if one.low is not None else ""
            lines.append(f"{fenced(one.name, 50)} ({one.count:,}{cost})")
        return "\n".join(lines)


def browse(context: ToolContext, within: str = "") -> Browsed:
    """What this shop sells. within: empty for the departments, a kind or department for the kinds in it, or a
    field ("brand", "color") for its values.
    """
    found = _browsed(context, within)
    context.shelf.back(facts=[found.text()])
    return found


def _browsed(context: ToolContext, within: str) -> Browsed:
    desk = context.desk
    field = desk.schema.field(within) if within.strip() else KIND
    if isinstance(field, Field):
        counts = Counter(dict(field.values))
        return Browsed(
            within="",
            field=field.label,
            entries=_plain(counts),
            total=desk.size,
            currency=desk.schema.currency,
        )
    if field == BRAND:
        return Browsed(field=BRAND, entries=_plain(Counter(dict(desk.schema.brands))), total=desk.size)
    if within.strip() and field not in (KIND, PRICE, STARS, STOCK):
        (compiled,) = Compiler(desk.shop.search, desk.schema).compile(
            [Where(field=KIND, value=within.strip())]
        )
        if compiled.filter is None:
            return Browsed(within=within, problem=compiled.problem)
        return _kinds(context, compiled.filter, within.strip())
    return _kinds(context, And(), "")


def _plain(counts: Counter[str]) -> tuple[Shelves, ...]:
    return tuple(Shelves(name=name, count=count) for name, count in counts.most_common(MOST))


def _kinds(context: ToolContext, condition: Filter, within: str) -> Browsed:
    """Departments of the whole shop, else the deepest categories."""
    desk = context.desk
    table = desk.shop.search.table
    item_ids = desk.shop.search.matching(condition)
    counts: Counter[str] = Counter()
    prices: dict[str, list[float]] = {}
    for item_id in item_ids:
        row = table.row_of[item_id]
        code = int(table.columns["path"][row])
        if code < 0 or not (path := table.paths[code]):
            continue
        name = path[-1] if within else path[0]
        counts[name] += 1
        if (price := float(table.price[row])) == price:
            prices.setdefault(name, []).append(price)
    entries = tuple(
        Shelves(
            name=name,
            count=count,
            low=min(prices.get(name, []), default=None),
            high=max(prices.get(name, []), default=None),
        )
        for name, count in counts.most_common(MOST)
    )
    return Browsed(within=within, entries=entries, total=len(item_ids), currency=desk.schema.currency)
