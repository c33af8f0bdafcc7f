"""A place that the list on the screen does not have is pointed at: "the third one", of two."""

from __future__ import annotations

import re

from agent.planner.turn import Planned
from agent.understanding.product_words import ORDINALS
from agent.understanding.references import EARLIER
from agent.wording import listed, say

_PLACE = re.compile(
    r"\bthe (?:(?:first|top) (?P<count>two|three|four|five|[2-5])|(?P<place>second|third|fourth|fifth))"
    r"(?: (?:one|ones|product|item|option))?(?=\W*$|[,;.!?]|\s+(?:and|or|please|to my|in my)\b)",
    re.I,
)
_OF_SHOWN = frozenset(
    ("refine", "seek", "compare", "ask_product", "ask_buyers", "add_to_cart", "goes_with", "ask_shop")
)
"""Moves that may be about what is shown; a cart has places of its own."""


def beyond_shown(turn: Planned) -> str:
    """That fewer products are shown than are pointed at, which are shown once more; empty where there are as many."""
    state, match = turn.state, _PLACE.search(turn.meant.text)
    shown = len(state.listed)
    if match is None or not shown or turn.meant.main not in _OF_SHOWN or EARLIER.search(turn.meant.text):
        return ""
    said = (match["place"] or match["count"]).lower()
    if (ORDINALS.get(said) or int(said)) <= shown:
        return ""
    handles = turn.handles(state.listed)
    turn.call("show", handles=handles)
    return say("places.fewer", count=shown, shown=listed([f"[{handle}]" for handle in handles]))
