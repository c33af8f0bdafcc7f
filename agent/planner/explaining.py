"""Why a product was shown: its reasons, all of them, in words."""

from __future__ import annotations

import re

from agent.planner.turn import Planned
from agent.tools.results import Found
from agent.wording import say

WHY = re.compile(
    r"\b(?:why|how come)\b.{0,20}\b(?:pick|choose|chose|recommend|suggest|show|first|these|this|that one|it)\b",
    re.I,
)
MOST_REASONS = 3


def explained_pick(turn: Planned) -> str:
    """The reasons of the product pointed at, else of the first on the screen; empty where nothing is shown."""
    topic, state = turn.state.topic, turn.state
    items = turn.meant.pointed.item_ids[:1] or state.listed[:1]
    if not items or not state.listed:
        return ""
    handles = turn.handles(items)
    found: Found = turn.call(
        "find",
        query=topic.wish,
        where=[w for w in topic.conditions() if not w.is_negative],
        avoid=[w for w in topic.conditions() if w.is_negative],
        prefer=topic.prefer,
        among=handles,
        limit=1,
    )
    if not found.rows:
        return ""
    turn.call("show", handles=handles, aside=True)
    reasons = [
        reason.text.replace(".”", "”").rstrip(".") for reason in found.rows[0].card.reasons[:MOST_REASONS]
    ]
    drawback = found.rows[0].card.drawback
    told = (
        say("why.reasons", pick=f"[{handles[0]}]", reasons="; ".join(reasons))
        if reasons
        else say("why.words")
    )
    return f"{told} {say('find.know', what=drawback.text.rstrip('.'))}" if drawback else told
