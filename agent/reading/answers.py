"""Answers to a question that was asked back, and taking constraints back by their names."""

from __future__ import annotations

import re

from agent.language.text import stems
from agent.meaning import Act, Constraint, ConstraintKind, Understanding
from agent.state import AnswerOption, DialogueState

_POLITE = re.compile(
    r"^\W*(?:(?:i(?:'d| would)? (?:like|prefer|want|choose|take|say)|the|a|an|in|make it|let's (?:say"
    r"|go with)|go with|yes|yeah|well"
    r"|maybe|probably|definitely|just|only|please),?\s+)*|\W*(?:\bplease|\bthanks?|\bthank you|\bone"
    r"|\bones)?\W*$",
    re.IGNORECASE,
)
_TAKE_BACK = re.compile(
    r"^\W*(?:please |ok(?:ay)?,? |actually,? |then )*(?:forget(?: about)?|never mind|drop|remove|ignore"
    r"|lift|leave out|without)"
    r"(?: the)?(?: condition| constraint| filter)?:?\s+(?P<what>.+?)(?: (?:condition|constraint|filter"
    r"|requirement))?\W*$",
    re.IGNORECASE,
)
_KINDS: dict[str, ConstraintKind] = {"price": "price", "brand": "brand", "category": "category"}


def chosen_option(text: str, state: DialogueState) -> AnswerOption | None:
    """The option on offer that the text is, but for polite words around it; None when it says anything
    else."""
    if state.pending is None:
        return None
    said = stems(_POLITE.sub("", text))
    return next((option for option in state.pending.options if said and stems(option.label) == said), None)


def answered(option: AnswerOption, text: str, state: DialogueState) -> Understanding:
    """An option as the answer: its condition holds from now on, or its slot no longer matters."""
    assert state.pending is not None
    slot = state.pending.slot
    base = Understanding(act=Act.ANSWER, text=text, query=state.query)
    if option.filter is None:
        return base.model_copy(update={"indifferent": (slot,)})
    constraint = Constraint(
        constraint_id=f"c{state.turn + 1}a",
        kind=_KINDS.get(slot, "attribute"),
        slot=slot,
        label=option.label,
        filter=option.filter,
        origin_turn=state.turn + 1,
        source="answer",
        words=option.label if slot in ("brand", "category") else "",
    )
    change = "replace" if state.in_slot(slot) else "add"
    return base.model_copy(update={change: (constraint,)})


def taken_back(text: str, state: DialogueState) -> tuple[Constraint, ...]:
    """The constraints that "forget about <label>" names; several joined by "and"."""
    match = _TAKE_BACK.match(text)
    if match is None:
        return ()
    what = stems(match.group("what"))
    whole = tuple(c for c in state.constraints if stems(c.label) == what)
    if whole:
        return whole
    parts = [stems(part) for part in re.split(r"\s+and\s+", match.group("what"))]
    named = tuple(c for c in state.constraints if stems(c.label) in parts)
    return named if len(named) == len(parts) else ()
