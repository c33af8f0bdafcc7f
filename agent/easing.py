"""A word that happens to be a tag must not empty the answer: "bike headset", where headsets lack the tag."""

from __future__ import annotations

from agent.facts import Facts
from agent.meaning import Constraint, Preference, Understanding
from agent.state import DialogueState
from retrieval.filters import And


def eased(meant: Understanding, state: DialogueState, facts: Facts) -> Understanding:
    """``meant`` with new tag conditions made preferences while nothing satisfies all that is new.

    A tag is how the shop files a product, not what the shopper stipulated; the word stays in the query and
    in sight as a preference. Everything else in the way stays, and is told and offered for relaxation.
    """
    count = facts.count
    if count is None:
        return meant
    after = state.apply(meant)
    tags = [c for c in meant.constraints if c.kind == "tag" and not c.negative and c in after.constraints]
    dropped: list[Constraint] = []
    while tags and not facts.some(_all(after, dropped)):
        # The tag goes whose absence leaves most.
        worst = max(tags, key=lambda c: count(_all(after, [*dropped, c])))
        tags.remove(worst)
        dropped.append(worst)
    if not dropped or not facts.some(_all(after, dropped)):
        return meant
    wished = tuple(
        Preference(preference_id=f"p{c.constraint_id}", kind="condition", label=c.label, filter=c.filter)
        for c in dropped
    )
    return meant.model_copy(
        update={
            "add": tuple(c for c in meant.add if c not in dropped),
            "replace": tuple(c for c in meant.replace if c not in dropped),
            "preferences": (*meant.preferences, *wished),
        }
    )


def _all(state: DialogueState, without: list[Constraint]) -> And:
    return And(tuple(c.filter for c in state.constraints if c.strict and c not in without))
