"""What is said where a turn asked for more and finds the same products as before."""

from __future__ import annotations

from collections.abc import Sequence

from agent.dialogue import DialogueState
from agent.planner.turn import Planned
from agent.tools.labels import label
from agent.tools.results import Found
from agent.understanding.interpretation import Interpretation
from agent.understanding.utterance import only_denies
from agent.wording import listed, say

_REFINING = frozenset(("seek", "refine"))


def is_told_in_vain(meant: Interpretation, state: DialogueState, shown: Sequence[str]) -> bool:
    """Whether more was told that binds nothing, and the same list came of it: then it may be of something else, as
    who asks on wants to see something else. In dialogues of development eleven of thirteen did.
    """
    more = meant.words or meant.prefer or meant.recipient
    binds = meant.where or meant.scale or meant.unmet or meant.taken_back
    points = meant.by_place or meant.among or meant.pointed.item_ids or meant.like
    again = bool(state.topic.lists) and tuple(shown) == state.topic.lists[-1]
    denies = only_denies(meant.text)
    return bool(more and again and set(meant.moves) <= _REFINING and not (binds or points or denies))


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
