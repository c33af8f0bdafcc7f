"""Wishes that no field settles and that only weigh: cheap, high-end, well rated, popular."""

from __future__ import annotations

import re

from agent.meaning import Constraint, Preference
from agent.reading.critique import price_preference
from agent.reading.query import Span
from agent.reading.vocabulary import Vocabulary
from retrieval.filters import Attribute, Filter, Words

_CHEAP = re.compile(
    r"\b(?:chea?p|cheep|affordable|inexpensive|budget(?=[\s-](?:friendly|\w+s?\b))(?! (?:is|of|around|about"
    r"|under|max))|low[- ]cost|good value"
    r"|(?:not|isn't|aren't|nothing) (?:too|very|so|that|overly) (?:expensive|pricey|dear|costly)"
    r"|(?:won't|doesn't|don't|not) (?:break the bank|cost (?:too much|a fortune|the earth))"
    r"|reasonably priced|reasonable price)\b",
    re.IGNORECASE,
)
_DEAR = re.compile(
    r"\b(?:high[- ]end|luxury|luxurious|top of the (?:line|range)|premium|not (?:too )?cheap(?:ly made)?)\b",
    re.IGNORECASE,
)
_WELL_RATED = re.compile(
    r"\b(?:(?:highly|well|best|top)[- ](?:rated|reviewed)|(?:good|great|best|excellent"
    r"|positive) (?:reviews?|ratings?))\b",
    re.IGNORECASE,
)
_POPULAR = re.compile(r"\b(?:popular|best[- ]?sell(?:ing|ers?)|trending|most bought)\b", re.IGNORECASE)
_PURPOSE = re.compile(
    r"\b(?P<verb>keeps?|stays?)\s+(?:(?:my|our|the|your|his|her|their|a|an)\s+)?(?:(?P<thing>[\w-]+)\s+)??"
    r"(?P<state>hot|warm|cold|cool|fresh|dry|clean|sharp|tidy|quiet|still|straight|open|closed|shut|safe|cosy|cozy"
    r"|sealed|charged|tight|flat|steady|upright|awake)\b",
    re.IGNORECASE,
)
""" "Keep my coffee hot" seeks no coffee but what keeps something hot."""
_IN_ORDER = re.compile(
    r"\b(?:(?P<low>cheapest|least expensive|lowest[- ]priced)|most expensive|priciest|dearest)\b",
    re.IGNORECASE,
)
IN_ORDER = "order"
"""Key of the price preferences that put what is found in strict order: the cheapest, the most expensive."""
PURPOSE_WEIGHT = 3.0
CHEAP_SHARE = 1 / 3
"""``cheap`` aims at the cheapest third of the category (else of the shop); it is a preference, never a
bound."""


def soft_wishes(
    text: str, constraints: list[Constraint], vocabulary: Vocabulary
) -> tuple[list[Preference], list[Span]]:
    """The wishes and where they are said."""
    found: list[Preference] = []
    spans: list[Span] = []
    if match := _IN_ORDER.search(text):
        spans.append(match.span())
        low = bool(match.group("low"))
        label = "cheapest first" if low else "most expensive first"
        direction = -1.0 if low else 1.0
        found.append(
            Preference(preference_id="", kind="price", key=IN_ORDER, label=label, direction=direction)
        )
    if match := _PURPOSE.search(text):
        found.append(
            _purpose(match.group("verb").lower().rstrip("s"), match.group("state").lower(), vocabulary)
        )
    for pattern in (_CHEAP, _DEAR, _WELL_RATED, _POPULAR):
        match = pattern.search(text)
        if match is None:
            continue
        spans.append(match.span())
        if pattern is _CHEAP:
            category = next((c.label for c in constraints if c.kind == "category"), None)
            found.append(price_preference(-1, vocabulary.price_quantile(CHEAP_SHARE, category)))
        elif pattern is _DEAR:
            found.append(price_preference(1))
        elif pattern is _WELL_RATED:
            found.append(Preference(preference_id="", kind="stars", label="well rated"))
        else:
            found.append(Preference(preference_id="", kind="popular", label="popular"))
    return found, spans


def _purpose(verb: str, state: str, vocabulary: Vocabulary) -> Preference:
    """Products that do it gain, whatever it is done to: those that measure it ("hot hours"), else those whose
    own words say so."""
    measured = next((facts for facts in vocabulary.numeric.values() if state in facts.words), None)
    condition: Filter = Words(f"{verb} {state}")
    if measured is not None:
        condition = Attribute(measured.name, min=measured.values[0])
    label = f"{verb}s {state}"
    return Preference(
        preference_id="",
        kind="condition",
        key=label,
        label=label,
        filter=condition,
        weight=PURPOSE_WEIGHT,
    )
