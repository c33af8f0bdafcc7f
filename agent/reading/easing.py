"""A word that happens to be a tag or a value elsewhere must not empty the answer, nor be let go of silently.

"Bike headset", where headsets lack the tag, still finds headsets; "waterproof jacket", where jackets have no
such field, counts the jackets whose text says waterproof; where none does, the wish stays and is told.
"""

from __future__ import annotations

import re

from agent.meaning import Constraint, Preference, Understanding
from agent.reading.facts import Facts
from agent.reading.unlisted import PROPERTY
from agent.state import DialogueState
from retrieval.filters import And, Attribute, Filter, Or, Tags, Words, leaves


def eased(meant: Understanding, state: DialogueState, facts: Facts) -> Understanding:
    """``meant`` with new properties read in product texts where the kind that is sought has no such field.

    New tags become preferences while nothing satisfies all that is new; not where a tag alone says what is
    sought, and not a property ("vegan"), which is stipulated wherever the shop keeps it.
    Everything else that is in the way stays, and is told and offered for relaxation.
    """
    if facts.count is None:
        return meant
    meant = _read_in_texts(meant, state, facts)
    return _tags_wished(meant, state, facts)


def _read_in_texts(meant: Understanding, state: DialogueState, facts: Facts) -> Understanding:
    """ "Waterproof" counts in the text of a kind of product that has no field for it; a value ("off-white"),
    in its tags."""
    after = state.apply(meant)
    kind = And(tuple(c.filter for c in after.constraints if c.kind == "category" and not c.negative))
    changed: dict[str, Constraint] = {}
    for constraint in meant.constraints:
        if constraint.negative or constraint.kind != "attribute" or not kind.parts or not constraint.words:
            continue
        if facts.some(And((kind, constraint.filter))):
            continue
        phrase = _said_as(constraint)
        elsewhere = Words(phrase) if phrase else Tags(_spellings(constraint.words))
        wider: Filter = Or((constraint.filter, elsewhere))
        if facts.some(And((kind, wider))):
            changed[constraint.constraint_id] = constraint.model_copy(update={"filter": wider})
    if not changed:
        return meant
    update = {
        name: tuple(changed.get(c.constraint_id, c) for c in getattr(meant, name))
        for name in ("add", "replace")
    }
    return meant.model_copy(update=update)


def _spellings(words: str) -> tuple[str, ...]:
    """ "off-white", "off white" and "offwhite" are one tag."""
    parts = re.split(r"[\s-]+", words)
    return tuple(dict.fromkeys((words, *(joint.join(parts) for joint in ("-", " ", "")))))


def _said_as(constraint: Constraint) -> str:
    """The word that texts may have for a flag or a property; empty for other values and what is denied."""
    flags = [leaf for leaf in leaves(constraint.filter) if isinstance(leaf, Attribute)]
    flagged = bool(flags) and all(leaf.values == ("yes",) for leaf in flags)
    return constraint.words if flagged or PROPERTY.fullmatch(constraint.words) else ""


def _tags_wished(meant: Understanding, state: DialogueState, facts: Facts) -> Understanding:
    count = facts.count
    assert count is not None
    after = state.apply(meant)
    tags = [c for c in meant.constraints if _files(c) and c in after.constraints]
    if not any(
        c.kind == "category" and c.slot != "category:people" and not c.negative for c in after.constraints
    ):
        return meant  # the tags alone say what is sought
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


def _files(constraint: Constraint) -> bool:
    if constraint.slot == "category:people":  # "a tent for kids", where no tent is filed so
        return not constraint.negative
    return constraint.kind == "tag" and not constraint.negative and not PROPERTY.fullmatch(constraint.label)


def _all(state: DialogueState, without: list[Constraint]) -> And:
    return And(tuple(c.filter for c in state.constraints if c.strict and c not in without))
