"""What the shopper declares indifferent: "any brand", "the price doesn't matter", "no size limit"."""

from __future__ import annotations

import re

from agent.language.comparatives import TOPICS
from agent.language.text import stems
from agent.reading.terms import Term
from agent.reading.vocabulary import Vocabulary

_ANY_SLOT = re.compile(
    r"\b(?:any|no preference (?:on|for|about|as to)|(?:don't|do not|doesn't|dont) (?:care|mind)(?: about)?"
    r"|whatever"
    r"|doesn't matter (?:which|what)|forget(?: about)?|never mind|drop|remove|lift|ignore|regardless of"
    r"|no|without)\s+"
    r"(?:the |a |which |what |any )*(?P<name>[\w -]{3,25}?)(?:\s+(?P<limit>limit|filter|constraint"
    r"|restriction|range"
    r"|cap|preference|requirement))?(?=\s*(?:$|[,.;!]|is|are|will|would|does|do|at all|for now|either|too"
    r"|anymore|please))",
    re.IGNORECASE,
)
_SLOT_FREE = re.compile(
    r"\b(?:the )?(?P<name>[\w ]{3,25}?) (?:(?:doesn't|does not|don't) matter|(?:is|are)(?:n't"
    r"| not) (?:important|relevant|an issue|a problem)"
    r"|is irrelevant|is no (?:object|problem|issue)|is up to you|can be any\w*)",
    re.IGNORECASE,
)
_SLOT_NAMES = {
    "price": "price",
    "budget": "price",
    "cost": "price",
    "money": "price",
    "price limit": "price",
    "brand": "brand",
    "maker": "brand",
    "manufacturer": "brand",
    "label": "brand",
    "category": "category",
    "type": "category",
    "rating": "stars",
    "star": "stars",
    "review": "stars",
    "stock": "stock",
}


def freed_slots(text: str, vocabulary: Vocabulary) -> list[tuple[str, tuple[int, int]]]:
    """The slots that no longer matter, each with the stretch of the text that says so."""
    found = []
    for pattern in (_ANY_SLOT, _SLOT_FREE):
        for match in pattern.finditer(text):
            slots = _named_slots(match.group("name"), vocabulary)
            denies = match.group().lower().startswith(("no ", "without "))
            if not denies or match.groupdict().get("limit"):
                found += [(slot, match.span()) for slot in slots]
    return found


def slot_of_name(term: Term) -> str:
    """The slot of an attribute, by the term of its name."""
    return f"attribute:{term.value.lower()}"


def _named_slots(name: str, vocabulary: Vocabulary) -> list[str]:
    """The slots of that name; several attributes can be called weight."""
    words = stems(name)
    for start in range(len(words)):
        key = words[start:]
        if " ".join(key) in _SLOT_NAMES:
            return [_SLOT_NAMES[" ".join(key)]]
        terms = vocabulary.phrases.get(key, ())
        if slots := [slot_of_name(term) for term in terms if term.kind == "attribute_name"]:
            return slots
        if " ".join(key) in TOPICS:  # nothing the shop measures, but a wish may be about it: "quiet"
            return [f"topic:{' '.join(key)}"]
    return []
