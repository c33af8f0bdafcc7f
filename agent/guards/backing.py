"""The evidence of a turn as the claim checker reads it, and handles written out as titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.guards.claims import Backing, Subject
from agent.reasons.evidence import product_texts, short_title
from agent.records import Card
from agent.toolbox.turn import Shelf, Turn

if TYPE_CHECKING:
    from agent.toolbox.desk import Desk

HANDLE = re.compile(r"\[?\b(P\d{1,2})\b\]?")


def titles(cards: Sequence[Card]) -> dict[str, str]:
    """Handle to the name it has in prose: short, or whole where two would read the same."""
    short = {card.handle: short_title(card.title) for card in cards}
    often = Counter(short.values())
    return {
        card.handle: card.title if often[short[card.handle]] > 1 else short[card.handle] for card in cards
    }


def written_out(text: str, cards: Sequence[Card]) -> str:
    """``[P1]`` as the product's title; a handle that names nothing disappears."""
    names = titles(cards)
    return re.sub(r" {2,}", " ", HANDLE.sub(lambda match: names.get(match.group(1), ""), text))


def backing(desk: Desk, turn: Turn, shelf: Shelf, *, strict: bool) -> Backing:
    """What may be said this turn. ``strict`` checks every word; wording made by code needs that only in its
    tests.
    """
    names = titles(shelf.cards)
    evidence: dict[str, list[str]] = {card.item_id: [] for card in shelf.cards}
    for item in shelf.evidence:
        if item.item_id in evidence:
            evidence[item.item_id].append(item.text)
    subjects = []
    for card in shelf.cards:
        product = desk.shop.catalog.product(card.item_id) if strict else None
        reasons = [reason.text for reason in (*card.reasons, *((card.drawback,) if card.drawback else ()))]
        texts = (*(product_texts(product) if product else ()), *evidence[card.item_id], *reasons)
        subjects.append(
            Subject(
                handle=card.handle,
                title=card.title,
                names=(names[card.handle],),
                price=card.price,
                price_max=card.price_max,
                stars=card.stars,
                review_count=card.review_count,
                stock=card.stock,
                texts=texts,
            )
        )
    loose = tuple(item.text for item in shelf.evidence if item.item_id not in evidence)
    labels = "; ".join(c.label for c in (*turn.state.constraints, *turn.lasting))
    table = tuple(" ".join(row) for row in shelf.table.rows) if shelf.table else ()
    return Backing(
        subjects=tuple(subjects),
        facts=(*shelf.facts, *loose, *table),
        request=f"{turn.text}. {labels}. {turn.state.query}",
        terms=desk.attribute_stems if strict else frozenset(),
        strict=strict,
    )
