"""What is said where a turn asked for more and finds the same products as before."""

from __future__ import annotations

from agent.planner.turn import Planned
from agent.tools.labels import label
from agent.tools.results import Found
from agent.wording import listed, say

_REFINING = frozenset(("seek", "refine"))


def unchanged_words(turn: Planned, found: Found) -> str:
    """That the products shown before meet what is asked now, too, or that it brought no others; empty where the list
    is another one, or nothing new was asked.
    """
    meant, lists = turn.meant, turn.state.topic.lists
    shown = tuple(turn.context.shelf.item(row.card.handle) for row in found.rows)
    if meant.main not in _REFINING or meant.scale or meant.by_place or not lists or shown != lists[-1]:
        return ""
    if found.loosened or meant.unmet:
        return ""  # which is told
    if meant.where:
        if any(row.unknown for row in found.rows):
            return ""
        schema = turn.context.desk.schema
        labels = listed(list(dict.fromkeys(label(where, schema) for where in meant.where)))
        return say("find.still_fits", count=len(shown), labels=labels)
    return say("find.still_nearest") if meant.words or meant.prefer or meant.recipient else ""
