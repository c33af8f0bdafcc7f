"""Handles written out as titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from agent.reasons.evidence import short_title
from agent.records import Card

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
