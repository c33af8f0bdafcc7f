"""What a shop marks products as: reduced, or new; asked for in any words, met by the shop's own flags or prices."""

from __future__ import annotations

import re
from collections import Counter

from agent.conditions import REGULAR_PRICE, Where
from agent.tools.schema import Field, Schema
from agent.understanding.language.english import COMMON_RANK as RARE
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.negation import Denials
from agent.understanding.language.text import stems

_REDUCED = re.compile(
    r"\b(?:on (?:sale|offer|special|promo(?:tion)?)|reduced|marked down|discounted|(?:special )?(?:offers|deals|bargains)|"
    r"in the sales?|clearance|sale (?:items?|stuff|things|prices?)|going cheap|knocked down|price drops?)\b",
    re.I,
)
_REDUCED_NAMES = frozenset(
    (
        "sale",
        "on_sale",
        "sales",
        "is_sale",
        "reduced",
        "discounted",
        "discount",
        "clearance",
        "offer",
        "on_offer",
        "deal",
    )
)
_NEW = re.compile(
    r"\b(?:(?:anything|something|what(?:'?s| is)|stuff) new(?: in)?|new (?:in|arrivals?|stuff|things|ones|releases?|"
    r"collection|season)|newest|latest|(?:just|newly) (?:come in|arrived|in)|brand[- ]new)\b",
    re.I,
)
_NEW_NAMES = frozenset(("new", "is_new", "new_arrival", "new_arrivals", "new_in"))
_NOW = frozenset(("right", "currently", "today", "moment", "present"))
_OF_THE_SHOP = re.compile(
    r"\b(?:codes?|vouchers?|coupons?|students?|nhs|newsletter|members?(?:hip)?|when|next|how (?:long|often))\b",
    re.I,
)
"""Asks about the shop's reductions in general, not for what is reduced."""


def asks_reduced(text: str) -> bool:
    """Whether products that are reduced are asked for."""
    return _wanted(_REDUCED, text) and not _OF_THE_SHOP.search(text)


def marks(text: str, schema: Schema) -> tuple[Where, ...]:
    """Conditions for what products shall be marked as, as far as this shop marks them so."""
    found = []
    if asks_reduced(text):
        found.append(_flag(schema, _REDUCED_NAMES) or _reduced(schema))
    if _wanted(_NEW, text):
        found.append(_flag(schema, _NEW_NAMES))
    found += _of_name(text, schema)
    return tuple(dict.fromkeys(where for where in found if where is not None))


_MARKED = re.compile(
    r"\b(?:recommend\w*|marked|picks?|picked|collection|friendly|range|tagged|labell?ed|choices?|favou?rites?|approved"
    r"|likes?|loves?)\b",
    re.I,
)


def _of_name(text: str, schema: Schema) -> list[Where]:
    """The flags that a text calls by a rare word that no other field has: "recommended by Erin", "eco-friendly"."""
    if not _MARKED.search(text):
        return []
    said, ranks, denials = set(stems(text)), english_ranks(), Denials(text)
    used = Counter(s for field in schema.fields.values() for s in set(field.stems))
    found = []
    for field in schema.fields.values():
        if field.type != "flag" or len(field.stems) > 2 or set(field.stems) & (_REDUCED_NAMES | _NEW_NAMES):
            continue
        called = next(
            (s for s in field.stems if s in said and used[s] == 1 and ranks.get(s, RARE) >= RARE), ""
        )
        at = re.search(rf"\b{re.escape(called)}", text, re.I) if called else None
        if at is not None and denials.of(at.start(), at.end()) != "unwanted":
            found.append(Where(field=field.name, op="=", value=True))
    return found


def only_marks(text: str) -> bool:
    """Whether a phrase says nothing beside how products are marked."""
    rest = _NEW.sub(" ", _REDUCED.sub(" ", text))
    return rest != text and not set(stems(rest)) - FUNCTION_WORDS - _NOW


def _wanted(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.search(text)
    return match is not None and Denials(text).of(match.start(), match.end()) != "unwanted"


def _flag(schema: Schema, names: frozenset[str]) -> Where | None:
    for field in schema.fields.values():
        if field.type == "flag" and field.name.lower().replace(" ", "_") in names:
            return Where(field=field.name, op="=", value=True)
    return None


def _reduced(schema: Schema) -> Where | None:
    """That the shop states what it cost before."""
    return Where(field=REGULAR_PRICE) if isinstance(schema.field(REGULAR_PRICE), Field) else None
