"""What the shopper has said outright beside what a call asks for: it holds in every search, unless it was misread."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import Where
from agent.tools.context import ToolContext
from agent.tools.labels import label
from agent.understanding.language.absence import is_allergen
from retrieval.text.normalization import fold

SHORTEST_CUT = 20
"""Characters that a cut label has at least."""


def with_said(
    where: Sequence[Where], avoid: Sequence[Where], context: ToolContext
) -> tuple[list[Where], tuple[str, ...]]:
    """The call's conditions, with those that the shopper stated and the call lacks or loosens."""
    asked = [*where, *avoid]
    missing = [said for said in context.required if not any(_implies(own, said) for own in asked)]
    kept = [own for own in asked if not any(_loosens(own, said) for said in missing)]
    return [*kept, *missing], tuple(label(w, context.desk.schema) for w in missing)


def take_back(context: ToolContext, labels: Sequence[str]) -> tuple[str, ...]:
    """Let conditions that were misread hold no longer in this turn, by their labels; what can't be taken back is
    told: what may hurt somebody, what the shopper keeps for good, and what nobody said.
    """
    problems, desk = [], context.desk
    lasting = desk.memories.lasting(context.user_id) if context.user_id else ()
    for wanted in labels:
        meant = [
            w
            for w in context.required
            if _names(wanted, label(w, desk.schema)) or fold(wanted) == fold(str(w.value))
        ]
        if not meant:
            known = ", ".join(label(w, desk.schema) for w in context.required)
            problems.append(f"{wanted[:60]!r} is not required; required is {known or 'nothing'}")
        for one in meant:
            if one in lasting or any(map(is_allergen, one.texts)):
                problems.append(f"{label(one, desk.schema)} holds: only the shopper can take it back")
            else:
                context.shelf.unmeant.add(one)
    return tuple(problems)


def _names(wanted: str, told: str) -> bool:
    """Whether this is the label, or the label as it was cut where the model read it ("…")."""
    begun = re.sub(r"\s*(?:…|\.\.\.)$", "", wanted.strip())
    is_cut = begun != wanted.strip() and len(begun) >= SHORTEST_CUT
    return fold(wanted) == fold(told) or (is_cut and fold(told).startswith(fold(begun)))


def _implies(own: Where, said: Where) -> bool:
    """Whether a condition is the stated one, or stricter."""
    if own == said:
        return True
    if own.field != said.field:
        return False
    if isinstance(own.value, float | int) and isinstance(said.value, float | int) and own.unit == said.unit:
        upper = said.op in ("<", "<=") and own.op in ("<", "<=")
        lower = said.op in (">", ">=") and own.op in (">", ">=")
        return (upper and own.value <= said.value) or (lower and own.value >= said.value)
    if own.is_negative and said.is_negative:
        return set(map(fold, said.texts)) <= set(map(fold, own.texts))
    return own.op == said.op and str(own.value).lower() == str(said.value).lower()


def _loosens(own: Where, said: Where) -> bool:
    """Whether a bound goes the same way as a stated one, and lets more in."""
    return own.field == said.field and own.op[:1] == said.op[:1] and own.op[:1] in "<>"


def negative(where: Where) -> Where:
    if where.is_negative:
        return where
    return where.model_copy(update={"op": "lacks" if where.op in ("has", "=", "in") else "!="})
