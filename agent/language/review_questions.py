"""Questions that buyers' words answer: "does any review mention rain", "the quietest according to buyers"."""

from __future__ import annotations

import re

_WHO = (
    r"(?:reviews?|reviewers?|buyers?|customers?|owners?|users?|shoppers|people|anyone|anybody|someone"
    r"|somebody|any of (?:these|those|them))"
)
_SAYS = (
    r"(?:mention\w*|sa(?:y|ys|id|ying)|complain\w*|thinks?|thought|calls?|called|finds?|found|report\w*"
    r"|writes?|wrote|written|speaks?|spoken|talks?|prais\w+|describes?|likes?|loves?|hates?|dislikes?)"
)
BY_BUYERS = re.compile(
    r"\b(?:according to|by|going by) (?:(?:the|its|their|what) )?(?:other )?"
    r"(?:buyers|people|customers|owners|users|reviewers|shoppers|reviews)\b",
    re.IGNORECASE,
)
""" "Quietest according to buyers": their words are asked for, whatever number the shop gives."""
_OPENING = (
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|also|then|well|hi|hello|please|tell me|(?:can|could) you tell me"
    r"|i wonder|(?:out )?of (?:these|those|them))\W+)*"
)
_ASKED_OF_BUYERS = re.compile(
    rf"{_OPENING}(?:what(?:'s| is| are)(?: the)?|are there|any)\b[^.?!]{{0,20}}\b"
    r"(?:complaints?|downsides?|drawbacks?|weaknesse?s?|flaws?|pros|cons)\b"
    rf"|{_OPENING}(?:what|how|which|do|does|did|has|have|if|whether)\b"
    r"(?!(?: (?:do|did|can|would|have))? you\b)[^.?!]{0,60}?"
    rf"\b{_WHO}\b[^.?!]{{0,30}}?\b{_SAYS}\b"
    rf"|\b(?:any|see|read|show(?: me)?|find(?: me)?)(?: the| some)? reviews (?:of|on|about)\b"
    rf"|{BY_BUYERS.pattern}",
    re.IGNORECASE,
)


def asks_of_buyers(text: str) -> bool:
    """Whether what buyers wrote is asked for, and not products that are well reviewed."""
    return _ASKED_OF_BUYERS.search(text) is not None
