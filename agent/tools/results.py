"""What tools return: typed facts for the planner, and the same as compact text for a language model."""

from __future__ import annotations

from agent.conditions import Where
from agent.explanations.evidence import counted, short_title, shorten
from agent.money import price_range
from agent.records import Card, Evidence, Frozen
from agent.tools.schema import CODES

MOST_CHARACTERS = 5_400
"""Of a result that a model reads: under 1,500 tokens."""
CUT = "\n… (cut; ask for less)"
MOST_REASONS, MOST_FACETS_OF_MANY = 3, 4


class Row(Frozen):
    """One product found: its card, and the values that matter for the question, as they are said."""

    card: Card
    values: tuple[tuple[str, str], ...] = ()
    """Field and value, in the order of what was asked."""
    unknown: tuple[str, ...] = ()
    gone: str = ""
    """The choice that was asked for, where the shop has none of it left."""
    """Labels of conditions of which the shop does not say whether they hold."""
    more: tuple[str, ...] = ()
    """What else the shop states of it, as it is said, most telling first."""
    told: tuple[tuple[str, str], ...] = ()
    """Questions that the call asked of each product, with their answers."""
    numbers: tuple[int, ...] = ()
    """What the reasons of the card are called this turn, in their order."""
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
    """Products that meet every condition (after ``loosened``) and ``preferred``."""
    ordered: int = 0
    """With an order asked for: of how many products the first is first; fewer than ``total`` where only those
    nearest to the query were put in order. 0: in no such order."""
    sold_out_first: bool = False
    """Whether what comes first in the order asked for is sold out, and stands after the rest."""
    unsorted: bool = False
    """Whether nothing that fits states what the order asked for goes by, so that fitness orders it."""
    where: tuple[Where, ...] = ()
    """The conditions as they were applied, those that the shopper had stated and the call left out
    included."""
    labels: tuple[str, ...] = ()
    """Their labels, in order."""
    added: tuple[str, ...] = ()
    """Labels of conditions that the call had left out."""
    preferred: tuple[str, ...] = ()
    """Labels of wishes that something meets, so that only such products were taken."""
    unpreferred: int = 0
    """Products that meet the conditions and not these wishes."""
    loosened: tuple[Loosened, ...] = ()
    problems: tuple[str, ...] = ()
    """Fields and values that this shop does not have, with the nearest that it has."""
    facets: tuple[Facet, ...] = ()
    corrected: str | None = None
    """The query as corrected, where a word was."""
    missing: tuple[str, ...] = ()
    """Words of the query that no product has which fits."""
    unworded: bool = False
    """Whether these are all of its words, so that only meaning chose what is shown."""
    ask: tuple[str, ...] = ()
    """Labels of what somebody must be without for their health: where it is unknown, the shop is to be asked."""
    kept_out: tuple[str, ...] = ()
    """Labels of what never gives way, where everything of the kind has what it must be without."""
    exhausted: bool = False
    """Whether other products than those shown were wanted and there are none."""

    def text(self) -> str:
        """A compact table, what gave way, and how the fields stand over all that fits; of many products less."""
        told = self._told()
        return told if len(told) <= MOST_CHARACTERS else limited(self._told(terse=True))

    def _told(self, *, terse: bool = False) -> str:
        held = f": {', '.join(self.labels)}" if self.labels else ""
        lines = [self._head(f"{counted(self.total, 'product')} fit{'s' if self.total == 1 else ''}{held}")]
        if self.missing:
            lines.append(self._unmatched())
        gone = {one.label for one in self.loosened}
        added = [told for told in self.added if told not in gone]
        if added:
            lines.append(
                f"also required, as read in the shopper's words (not_meant mends): {', '.join(added)}"
            )
        if self.preferred:
            lines.append(
                f"these have what is preferred ({', '.join(self.preferred)}); {self.unpreferred:,} more do not"
            )
        if 0 < self.ordered < self.total:
            lines.append(f"in order are the {self.ordered} nearest to the query, not all")
        if self.sold_out_first:
            lines.append("what comes first in this order is sold out and stands last: say “in stock”")
        for one in self.loosened:
            lines.append(
                f"none of them fits {one.label}: {f'the nearest is {one.instead}' if one.instead else 'left out'}"
            )
        lines.extend(self.problems)
        several = len({row.card.category for row in self.rows}) > 1
        lines.extend(row_text(row, kind=several, terse=terse) for row in self.rows)
        if self.ask and any(row.unknown for row in self.rows):
            lines.append(
                f"never call what is unknown there suitable ({', '.join(self.ask)}): tell the shopper to ask the shop"
            )
        if self.kept_out:
            lines.append(
                f"everything of this kind has it or may have it; never offer one ({', '.join(self.kept_out)})"
            )
        lines += ["there are no others than those shown"] if self.exhausted else []
        if self.total > len(self.rows):
            facets = self.facets[:MOST_FACETS_OF_MANY] if terse else self.facets
            lines.extend(facet_text(facet) for facet in facets)
        return "\n".join(lines)

    def _head(self, fit: str) -> str:
        """How many fit: of conditions that left nothing that it is none, and how many fit what is left of them."""
        if self.loosened:
            return f"0 products fit all that was asked; of the rest: {fit}"
        if not self.labels and not self.preferred and self.rows:
            return f"no condition was put: the nearest of {self.total:,} products"
        return fit

    def _unmatched(self) -> str:
        words = ", ".join(fenced(word, 40) for word in self.missing)
        if self.unworded:
            return f"no product here has these words ({words}): what follows is only nearest by meaning, so say that"
        return f"no product that fits has the words {words}"


class Fact(Frozen):
    """One field of a product, as it is said."""

    name: str
    """The field as the shop writes it."""
    label: str
    value: str
    """With its unit."""
    evidence: Evidence
    number: float | None = None
    flag: bool | None = None
    """Whether it holds, of a field that is only yes or no."""
    chosen: bool = False
    """Whether it is an option, so that its values are all that there are."""
    passage: str = ""
    """The words of the listing that tell it, where no field states it."""
    wanted: str = ""
    """The value that a question asks for, and whether the field has it."""
    holds: bool | None = None

    @property
    def is_code(self) -> bool:
        """Whether it only numbers the product."""
        return not CODES.isdisjoint(self.label.split())

    @property
    def text(self) -> str:
        said = f"{self.label}: {self.value}"
        return f"{said} (read from “{shorten(self.passage, 80)}”)" if self.passage else said


class Quoted(Frozen):
    """Words of the shop or of a buyer, verbatim, with where they stand."""

    text: str
    source: str
    evidence: Evidence
    score: float = 0.0
    """How surely they answer what was asked, 0 to 1; of a buyer's sentence, how clearly it is about it."""
    side: str = ""
    """``positive``, ``negative`` or ``neutral``, of a buyer's words."""
    stars: float | None = None
    handle: str = ""
    """Of the product whose words they are, where they come from several."""


def fenced(text: str, limit: int = 400) -> str:
    """Words by a stranger as a model may read them: shortened, and without anything that instructs it."""
    from agent.checks.input_guard import without_instructions

    return shorten(without_instructions(text), limit)


def limited(text: str) -> str:
    """A result cut between lines to what a model may be given, saying so."""
    if len(text) <= MOST_CHARACTERS:
        return text
    head = text[: MOST_CHARACTERS - len(CUT)].rsplit("\n", 1)[0]
    return f"{head}{CUT}"


def facet_text(facet: Facet) -> str:
    """A field over all that fits: ``weight: 200 to 310 g``, ``color: black (4), red (2)``."""
    if facet.low is not None and facet.high is not None:
        return f"{facet.label}: {facet.low:g} to {facet.high:g} {facet.unit}".rstrip()
    return f"{facet.label}: {', '.join(f'{fenced(value, 40)} ({count:,})' for value, count in facet.counts)}"


def row_text(row: Row, *, kind: bool = False, terse: bool = False) -> str:
    """One row as a model reads it: handle, title, price, stars, values, reasons by their ids (``P3.1``); with
    ``kind`` what sort of thing it is; ``terse``: without what nobody asked about.
    """
    from agent.checks.input_guard import without_instructions

    card = row.card
    parts = [f"[{card.handle}] {without_instructions(short_title(card.title, 80)) or 'product'}"]
    if card.price is not None:
        parts.append(price_range(card.price, card.price_max, card.currency))
    else:
        parts.append("price not stated")
    if card.stars is not None:
        parts.append(f"{card.stars} stars of {counted(card.review_count, 'review')}")
    if kind and card.category:
        parts.append(fenced(card.category[-1], 40))
    if card.stock == 0:
        parts.append("out of stock")
    parts.extend(without_instructions(f"{name}: {value}") for name, value in row.values)
    parts.extend(fenced(text, 60) for text in ([] if terse else row.more))
    parts.extend(f"unknown: {label}" for label in row.unknown)
    numbers = row.numbers or range(1, len(card.reasons) + 1)
    reasons = list(zip(numbers, card.reasons, strict=True))[: 1 if terse else MOST_REASONS]
    parts.extend(f"{card.handle}.{n} {fenced(reason.text, 140)}" for n, reason in reasons)
    if card.drawback is not None:
        parts.append(f"but: {fenced(card.drawback.text, 120)}")
    answers = (f"\n  {fenced(asked, 60)}: {told}" for asked, told in row.told)
    return " | ".join(parts) + "".join(answers)
