"""When new values stand beside the old ones: "red or blue", "Adidas as well"."""

from __future__ import annotations

import re

from agent.meaning import Constraint
from retrieval.filters import Filter, Or

_WIDENS = re.compile(r"^\W*(?:or|also|and also|plus|add)\b|\b(?:too|as well)\W*$", re.IGNORECASE)


def widens(text: str) -> bool:
    """Whether new values are meant beside the old ones ("or blue", "Adidas as well")."""
    return bool(_WIDENS.search(text))


def merged(first: Constraint, second: Constraint) -> Constraint:
    """One constraint that either satisfies: "red or blue"."""
    parts = (*_alternatives(first.filter), *_alternatives(second.filter))
    return second.model_copy(
        update={
            "filter": Or(tuple(dict.fromkeys(parts))),
            "label": f"{first.label} or {second.label}" if first.label != second.label else first.label,
            "words": f"{first.words} {second.words}".strip(),
        }
    )


def _alternatives(condition: Filter) -> tuple[Filter, ...]:
    return condition.parts if isinstance(condition, Or) else (condition,)
