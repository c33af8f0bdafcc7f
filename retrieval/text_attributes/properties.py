"""What is read: properties with the words that tell them, general ones and a shop's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.absence.substances import Phrase, phrase_of
from retrieval.knowledge import read_text

PERSONS, GENDER = "persons", "gender"


@dataclass(frozen=True)
class Property:
    """One general property. ``values``: the value that each phrase tells; ``others``: phrases that tell none;
    ``unless``: beside these, no word of a text tells any; ``only``: where there are any, beside one of these alone.
    """

    name: str
    columns: frozenset[Phrase]
    """Names that shops give its column."""
    values: Mapping[Phrase, str]
    others: frozenset[Phrase]
    unless: frozenset[Phrase]
    only: frozenset[Phrase] = frozenset()


@cache
def general_properties() -> dict[str, Property]:
    """Those of `properties.txt`, by name; read once."""
    found = {}
    text = re.sub(r"(?m)^#.*\n", "", read_text("properties.txt"))
    for block in re.split(r"\n\s*\n", text):
        if not block.strip():
            continue
        head, *lines = block.strip().split("\n")
        of = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
        names = _items(head)
        values: dict[Phrase, str] = {}
        for item in _items(of.get("values", "")):
            label, *others = (part.strip() for part in item.split("="))
            words = others if label in ("yes", "no") else (label, *others)
            values.update((phrase_of(word), label) for word in words)
        found[names[0]] = Property(
            names[0],
            frozenset(map(phrase_of, names)),
            values,
            frozenset(map(phrase_of, _items(of.get("not", "")))),
            frozenset(map(phrase_of, _items(of.get("unless", "")))),
            frozenset(map(phrase_of, _items(of.get("only", "")))),
        )
    return found


def is_called(name: str, role: str) -> bool:
    """Whether an attribute is called as a general property is in some shop."""
    return phrase_of(name) in general_properties()[role].columns


def _items(line: str) -> list[str]:
    return [item.strip() for item in line.split(";") if item.strip()]
