"""Several products each with a number: "three Hook Rails and one Coat Stand", "2 of the first, one of the third"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.understanding.language.request_cues import QUANTITIES
from agent.understanding.reader import Span
from agent.understanding.references import References

_NUMBERS = "|".join(sorted(QUANTITIES, key=len, reverse=True))
_NUMBER = rf"(?P<n>\d{{1,2}}|one|an?|{_NUMBERS})\b"
_COUNTED = re.compile(
    rf"(?:^|(?<=[\s,;:])){_NUMBER}\s*(?:x\s+|of\s+|pairs? of\s+)?(?P<name>[a-z][^,;]*?)"
    rf"(?=\s*(?:[,;.!]|$|\b(?:and|plus)\s+(?:\d{{1,2}}|one|an?|{_NUMBERS})\b|\b(?:in|into|to) (?:my|the)\b))",
    re.I,
)
_BEFORE = re.compile(rf"\b{_NUMBER}\s*(?:x|of)?\s*(?:the\s*)?$", re.I)


def lines_in(text: str, spans: Sequence[Span], references: References) -> tuple[tuple[str, int], ...]:
    """Item ids with how many of each is wanted, of two products or more; ``spans``: those that point at products."""
    found: dict[str, int] = {}
    for span in spans:
        counted = _BEFORE.search(text[: span.start])
        items = references.resolve(span.text).item_ids if counted else ()
        if counted and len(items) == 1:
            found[items[0]] = _value(counted["n"])
    if len(found) < 2:
        found = {}
        for match in _COUNTED.finditer(text):
            named = references.names.named(match["name"])
            if named.item_ids:
                found[named.item_ids[0]] = _value(match["n"])
    return tuple(found.items()) if len(found) > 1 else ()


def _value(number: str) -> int:
    return int(number) if number.isdigit() else QUANTITIES.get(number.lower(), 1)
