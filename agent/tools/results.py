"""What tools return: typed facts for the planner, and the same as compact text for a language model."""

from __future__ import annotations

from agent.conditions import Where
from agent.money import price_range
from agent.reasons.evidence import counted, short_title
from agent.records import Card, Evidence, Frozen


class Row(Frozen):
    """One product found: its card, and the values that matter for the question, as they are said."""

    card: Card
    values: tuple[tuple[str, str], ...] = ()
    """Field and value, in the order of what was asked."""
    unknown: tuple[str, ...] = ()
    """Labels of conditions of which the shop does not say whether they hold."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def item_id(self) -> str:
        return self.card.item_id


class Loosened(Frozen):
    """A condition that left nothing, and what holds instead (None: it is left out)."""

    where: Where
    label: str
    instead: str | None = None


class Facet(Frozen):
    """How one field stands over all that fits: values with counts, or the range of a number."""

    field: str
    label: str
    counts: tuple[tuple[str, int], ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""


class Found(Frozen):
    """The answer of `find`."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    """Products that meet every condition (after ``loosened``)."""
    where: tuple[Where, ...] = ()
    """The conditions as they were applied, those that the shopper had stated and the call left out included."""
    labels: tuple[str, ...] = ()
    """Their labels, in order."""
    added: tuple[str, ...] = ()
    """Labels of conditions that the call had left out."""
    loosened: tuple[Loosened, ...] = ()
    problems: tuple[str, ...] = ()
    """Fields and values that this shop does not have, with the nearest that it has."""
    facets: tuple[Facet, ...] = ()
    corrected: str | None = None
    """The query as corrected, where a word was."""
    exhausted: bool = False
    """Whether other products than those shown were wanted and there are none."""


def row_text(row: Row) -> str:
    """One row as a model reads it: handle, title, price, stars, values; no more than it may say."""
    from agent.guards.input_guard import without_instructions

    card = row.card
    parts = [f"[{card.handle}] {without_instructions(short_title(card.title, 80)) or 'product'}"]
    if card.price is not None:
        parts.append(price_range(card.price, card.price_max, card.currency))
    if card.stars is not None:
        parts.append(f"{card.stars} stars of {counted(card.review_count, 'review')}")
    if card.stock == 0:
        parts.append("out of stock")
    parts.extend(without_instructions(f"{name}: {value}") for name, value in row.values)
    parts.extend(f"unknown: {label}" for label in row.unknown)
    return " | ".join(parts)
