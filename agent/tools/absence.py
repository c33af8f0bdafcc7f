"""What it takes for a product to be without something."""

from __future__ import annotations

from agent.tools.schema import Schema
from agent.understanding.language.text import stems
from retrieval.filters import Attribute, Filter, Not, Or, Words


def lacking(text: str, schema: Schema) -> Filter:
    """Products that say they are free of it, or whose own words do not name it."""
    asked = stems(text)
    flags = tuple(
        Attribute(field.name, ("yes",))
        for field in schema.fields.values()
        if field.type == "flag" and field.stems[-1:] == ("free",) and field.stems[:-1] == asked
    )
    unnamed = Not(Words(text))
    return Or((*flags, unnamed)) if flags else unnamed
