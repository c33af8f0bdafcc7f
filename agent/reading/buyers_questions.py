"""Questions about what buyers wrote of a kind of product: "which kettle do buyers call quietest"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.language.review_questions import asks_of_buyers
from agent.meaning import Constraint
from agent.reading.terms import Mention
from agent.reading.wishes import Wishes
from agent.state import DialogueState
from retrieval.filters import Or

if TYPE_CHECKING:
    from agent.rules_understanding import Reading

_CHOOSES = ("category", "brand", "stars")
"""What says of which products buyers are asked. A tag is what they are asked about: "do any mention rain"."""
Placed = tuple[Mention, Constraint]


def asked_of_kind(reading: Reading, state: DialogueState) -> tuple[Reading, str] | None:
    """The reading as a search for the products alone, and the question that is left for their buyers.

    None where no kind or brand is named, products on the screen are meant, or no buyer is asked.
    """
    if reading.item_ids or not asks_of_buyers(reading.text):
        return None
    placed = [(m, c) for m, c in reading.wishes.wanted if c.kind in _CHOOSES]
    if not any(c.kind == "category" for _, c in placed):
        placed += _spoken_of(reading.wishes)
    valued = [(m, c) for m, c in reading.wishes.wanted if c.kind == "attribute"]
    placed += [(m, c) for m, c in valued if _before(m, placed, reading)]
    kinds = [c for _, c in placed if c.kind in ("category", "brand")]
    shown = {repr(c.filter) for c in state.constraints} if state.shown else set()
    if not kinds or all(repr(c.filter) in shown for c in kinds):
        return None
    question = _without(reading.text, {(m.start, m.end) for m, _ in placed})
    limits = tuple(c for c in reading.constraints if c.kind == "price")
    narrowed = replace(
        reading,
        constraints=(*(c for _, c in placed), *limits),
        preferences=(),
        wishes=Wishes(aspects=reading.wishes.aspects),
        critiques=(),
        spans=((0, len(reading.text)),),
        sought=None,
    )
    return narrowed, question


def _spoken_of(wishes: Wishes) -> list[Placed]:
    """Kinds that bind nothing as wishes: "that the tent leaks", "complain about with kettles", "dislike about
    earbuds".
    """
    others = (*(m for m, _ in wishes.wanted), *(m for m, _ in wishes.unwanted), *wishes.loose)
    return [(m, c) for m in others if (c := _kind(m)) is not None]


def _before(mention: Mention, placed: list[Placed], reading: Reading) -> bool:
    """ "Steel" in "which steel kettle", not in "do they call the kettle steel"."""
    return any(
        mention.end < kind.start and not reading.text[mention.end : kind.start].strip() for kind, _ in placed
    )


def _kind(mention: Mention) -> Constraint | None:
    """The products that a mention names, if it names a kind."""
    terms = [term for term in mention.terms if term.kind == "category" and term.certain]
    if not terms:
        return None
    filters = tuple(dict.fromkeys(term.filter() for term in terms))
    return Constraint(
        constraint_id="",
        kind="category",
        slot="category",
        label=terms[0].value,
        filter=filters[0] if len(filters) == 1 else Or(filters),
        words=mention.phrase,
    )


def _without(text: str, spans: set[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}it{text[end:]}"
    return re.sub(r"\b(?:which|what) it\b", "which one", text)
