"""Keep, list or forget what a shopper says of themselves for good; only with their consent, and only of
known ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from agent.conditions import Avoid
from agent.records import Chip, Frozen
from agent.storage.memories import Memory, MemoryStatement
from agent.tools.context import ToolContext
from agent.tools.results import fenced
from agent.tools.said import negative
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems

MemoryAction = Literal["keep", "list", "forget"]
Outcome = Literal["kept", "listed", "forgotten", "nothing", "unknown shopper", "no consent", ""]
ACCEPTED, REFUSED = "yes, remember that", "no, don't remember that"
LONGEST = 200
EVERYTHING = ("*", "everything", "all")


class Remembered(Frozen):
    """What is kept of a shopper after the call."""

    outcome: Outcome = ""
    statements: tuple[str, ...] = ()
    """Those kept, listed or forgotten, in the shopper's own words."""
    problem: str = ""

    def text(self) -> str:
        if self.problem:
            return self.problem
        told = "; ".join(fenced(statement, 120) for statement in self.statements[:20])
        return f"{self.outcome}: {told}" if told else self.outcome


def remember(
    context: ToolContext, action: MemoryAction, statement: str = "", avoid: Sequence[Avoid] = ()
) -> Remembered:
    """Keep, list or forget what the shopper says of themselves for good ("I'm vegan"); without consent they
    are asked.

    action: keep, list or forget. statement: in their own words; "*" with forget is everything.
    avoid: what it rules out, as in find.
    """
    if action not in get_args(MemoryAction):
        return Remembered(
            problem=f"action is one of {', '.join(get_args(MemoryAction))}; got {str(action)[:20]!r}"
        )
    desk, user_id = context.desk, context.user_id
    said = " ".join(statement.split())
    if action != "list" and not said:
        return Remembered(problem=f"to {action} takes a statement")
    if user_id is None:
        return Remembered(outcome="unknown shopper", statements=(said,) if action == "keep" else ())
    if action == "list":
        return _told("listed", desk.memories.list(user_id))
    if action == "forget":
        what = "*" if said.lower() in EVERYTHING else said
        return _told("forgotten", desk.memories.forget(user_id, what))
    if len(said) > LONGEST:
        return Remembered(problem=f"a statement has at most {LONGEST} characters")
    if not desk.profiles.consents.given(user_id)["remember"]:
        if not any(chip.utterance == ACCEPTED for chip in context.shelf.chips):
            context.shelf.chips.append(Chip(label="Yes, remember", kind="answer", utterance=ACCEPTED))
            context.shelf.chips.append(Chip(label="No", kind="answer", utterance=REFUSED))
        return Remembered(outcome="no consent", statements=(said,))
    kept = desk.memories.remember(user_id, _statement(said, avoid), source=f"turn {context.turn_id}")
    return Remembered(outcome="kept", statements=(kept.text,))


def _statement(said: str, avoid: Sequence[Avoid]) -> MemoryStatement:
    """By what it is about, so that a new shoe size takes the place of the old one."""
    words = [s for s in stems(said) if s not in FUNCTION_WORDS and s.isalpha() and len(s) > 1]
    key = (
        "size:" + (words[0] if words and words[0] != "size" else "clothing")
        if "size" in stems(said)
        else " ".join(words[:6])
    )
    return MemoryStatement(
        key=key[:200] or "note", value=said, text=said, avoid=tuple(negative(w) for w in avoid)
    )


def _told(outcome: Outcome, memories: tuple[Memory, ...]) -> Remembered:
    if not memories:
        return Remembered(outcome="nothing")
    return Remembered(outcome=outcome, statements=tuple(memory.text for memory in memories))
