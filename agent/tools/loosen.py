"""When nothing meets every condition: the least to let go, so that a shopper always sees the nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from agent.conditions import CHILDREN, KIND, PRICE, Where
from agent.tools.compile import Compiled, Compiler
from agent.tools.labels import label, value_label
from agent.tools.results import Loosened
from agent.tools.schema import Field
from agent.understanding.language.units import convert
from agent.understanding.person_conditions import is_made_for
from retrieval.filters import And, Filter, Items, Or

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

FARTHEST = 2.5
"""A bound is moved at most to this many times its value; beyond that, something else gives way."""
STEPS = 12
MOST_AT_ONCE, MOST_TRIED = 3, 80
"""Conditions that give way together, and groups of them that are tried, cheapest first."""
COST = {
    "text": 1.0,
    "title": 3.5,
    "attribute": 2.0,
    "stock": 2.5,
    "stars": 1.5,
    "price": 3.0,
    "brand": 4.0,
    "category": 9.0,
}
"""How much a shopper minds a condition that does not hold; an excluded thing is minded most."""
EXCLUDED = 6.0
FOR_WHOM = 6.0
"""A woman's jacket is none of a man's, whatever else it has."""


def loosen(
    desk: ShopContext, compiled: Sequence[Compiled], apart: tuple[Filter, ...], yielding: str = ""
) -> tuple[list[Compiled], tuple[Loosened, ...]]:
    """``yielding``: a field that the order is by, so that its bounds give way first. The conditions that can
    hold together, and which gave way. Tries to move one bound, then to leave out one, two … conditions,
    always at the least cost; about 80 counts at most.
    """
    if titled := _as_titled(desk, compiled, apart):
        return titled, ()
    moved = _moved(desk, compiled, apart)
    cheapest = min((_cost(desk, c, yielding) for c in compiled), default=0.0)
    if moved is not None and moved[2] <= cheapest + 1.0:
        return moved[0], (moved[1],)
    may = [at for at, one in enumerate(compiled) if not _stays(desk, one, compiled)]
    for group in _by_cost(may, lambda g: sum(_cost(desk, compiled[i], yielding) for i in g)):
        rest = [c for at, c in enumerate(compiled) if at not in group]
        if _count(desk, rest, apart):
            if moved is not None and moved[2] <= sum(_cost(desk, compiled[at], yielding) for at in group):
                return moved[0], (moved[1],)
            gone = tuple(
                Loosened(where=compiled[at].where, label=label(compiled[at].where, desk.schema))
                for at in group
            )
            return rest, gone
    return (list(compiled), ()) if len(may) < len(compiled) else ([], ())


def _as_titled(desk: ShopContext, compiled: Sequence[Compiled], apart: tuple[Filter, ...]) -> list[Compiled]:
    """The conditions met by what fields or else titles say: a phone called "unlocked", whatever its carrier. Empty where
    nothing meets them so.
    """
    widened = []
    for one in compiled:
        field = desk.schema.field(one.where.field)
        named: tuple[str, ...] = ()
        if isinstance(field, Field) and field.type == "text" and not one.where.is_negative:
            named = tuple(item for text in one.where.texts for item in desk.shop.search.titled(text))
        if named and one.filter is not None:
            widened.append(replace(one, filter=Or((one.filter, Items(named)))))
        else:
            widened.append(one)
    return widened if widened != list(compiled) and _count(desk, widened, apart) else []


def _by_cost(may: Sequence[int], cost: Callable[[tuple[int, ...]], float]) -> Iterator[tuple[int, ...]]:
    """Groups of conditions to leave out, the cheapest first: two small ones before the kind. Those of four and more
    come last.
    """
    few = [group for size in range(1, min(MOST_AT_ONCE, len(may)) + 1) for group in combinations(may, size)]
    yield from sorted(few, key=lambda group: (cost(group), len(group)))[:MOST_TRIED]
    for size in range(MOST_AT_ONCE + 1, len(may) + 1):
        yield from sorted(combinations(may, size), key=cost)[:40]


def _stays(desk: ShopContext, one: Compiled, compiled: Sequence[Compiled]) -> bool:
    """What never gives way: to be without a substance, and what the thing is that shall be without it."""
    kind = desk.schema.field(one.where.field) == KIND and not one.where.is_negative
    return one.firm or (kind and any(other.firm for other in compiled))


def _moved(
    desk: ShopContext, compiled: Sequence[Compiled], apart: tuple[Filter, ...]
) -> tuple[list[Compiled], Loosened, float] | None:
    """The bound that opens the shop when moved the least, with its cost."""
    compiler = Compiler(desk.shop.search, desk.schema)
    best: tuple[list[Compiled], Loosened, float] | None = None
    for at, one in enumerate(compiled):
        where = one.where
        if (
            where.op not in ("<", "<=", ">", ">=")
            or not isinstance(where.value, float | int)
            or not where.value
        ):
            continue
        rest = [c for i, c in enumerate(compiled) if i != at]
        near, far = 1.0, FARTHEST
        opened = None
        for _ in range(STEPS):
            factor = far if opened is None else (near + far) / 2
            (candidate,) = compiler.compile([_scaled(where, factor)])
            if _count(desk, [*rest, candidate], apart):
                opened, far = candidate, factor
            elif opened is None:
                break
            else:
                near = factor
        if opened is None:
            continue
        cost = (far - 1.0) * 4.0 + 0.2 * _cost(desk, one)
        if best is None or cost < best[2]:
            instead = _nearest(desk, opened, [*rest, opened], apart)
            told = Loosened(where=where, label=label(where, desk.schema), instead=instead)
            kept = [*compiled[:at], opened, *compiled[at + 1 :]]
            best = (kept, told, cost)
    return best


def _scaled(where: Where, factor: float) -> Where:
    value = float(where.value) * (factor if where.op[0] == "<" else 1.0 / factor)  # type: ignore[arg-type]
    return where.model_copy(update={"value": value, "op": "<=" if where.op[0] == "<" else ">="})


def _nearest(
    desk: ShopContext, opened: Compiled, holding: Sequence[Compiled], apart: tuple[Filter, ...]
) -> str:
    """The value that comes nearest to a bound, of the products that its ``opened`` form lets through."""
    where, field, table = opened.where, desk.schema.field(opened.where.field), desk.shop.search.table
    mask = table.mask(_all_of(holding, apart))
    if isinstance(field, Field):
        values = table.numbers_of(field.name, mask)
    else:
        values = table.columns["price" if field == PRICE else "stars"][mask]
    if not len(values):  # the number was changed since the build
        return label(where, desk.schema)
    value = float(values.min() if where.op[0] == "<" else values.max())
    if isinstance(field, Field) and where.unit and field.unit and where.unit != field.unit:
        value = convert(value, field.unit, where.unit) or value
    return value_label(where.model_copy(update={"value": value}), desk.schema)


def _count(desk: ShopContext, compiled: Sequence[Compiled], apart: tuple[Filter, ...]) -> int:
    return desk.shop.search.count(_all_of(compiled, apart))


def _all_of(compiled: Sequence[Compiled], apart: tuple[Filter, ...]) -> Filter:
    return And((*(c.filter for c in compiled if c.filter is not None), *apart))


def _cost(desk: ShopContext, compiled: Compiled, yielding: str = "") -> float:
    if compiled.where.field == yielding:
        return 0.5
    field = desk.schema.field(compiled.where.field)
    name = field if isinstance(field, str) else "attribute"
    if field == CHILDREN or (isinstance(field, Field) and is_made_for(field)):
        return FOR_WHOM
    if compiled.where.is_negative and name not in (KIND, PRICE):
        return EXCLUDED
    return COST.get(name, 2.0)
