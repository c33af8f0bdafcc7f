"""Whether the shop has a product, called by its name: "do you stock the MSI GF63"."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.understanding.labels import SpanLabel
from agent.understanding.reader import Span
from agent.understanding.references import References
from agent.understanding.utterance import Utterance

_HAVING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|ok(?:ay)?)\W+)*(?:have (?:you|u)(?: still)?(?: got)?"
    r"|(?:do|did) (?:you|u)(?: still| even| not)? (?:have|sell|stock|do|carry|keep|get)"
    r"|(?:you|u) (?:got|have|sell|stock)|got)\s+(?:any |the |an? )*(?P<name>[^?.,;!]{3,60})",
    re.I,
)
_CODE = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]+|\b\d{2,}\b", re.I)
_ASKING = frozenset(("ask_product", "ask_shop", "goes_with", "advice"))
"""Moves that such a question may be taken for."""


def having_of(said: Utterance, references: References, move: str) -> Utterance | None:
    """With the name marked as what is sought, where it is a model's that a question on one product would not find; None
    where nothing is asked so.
    """
    asked = _HAVING.match(said.text) if move in _ASKING else None
    if asked is None or _CODE.search(asked["name"]) is None:
        return None
    if move == "ask_product" and references.names.named(asked["name"]).item_ids:
        return None
    thing = Span(SpanLabel.THING, *asked.span("name"), asked["name"].strip(), 1.0)
    return replace(said, spans=(replace(thing, end=thing.start + len(thing.text)),))
