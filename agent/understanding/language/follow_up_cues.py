"""Words by which a later turn takes up what came before: another variety of it, its other end, less of it."""

from __future__ import annotations

import re

_KINDS_OF = r"(?:ones?|types?|sorts?|kinds?|things?|jobs?|models?|versions?)"
VARIETY = re.compile(
    rf"^(?:(?:one|some|any) of )?(?:those|these|them|the)\s+(?P<what>[\w'-]+(?: [\w'-]+){{0,2}}?)\s+{_KINDS_OF}$", re.I
)
"""A sort of what is looked for, that may be none of those shown: "one of those pod ones"."""
NEEDED = re.compile(
    r"\b(?:it|they|these|those|that|this|he|she)(?:'d| would| should| will|'ll)?(?: really| also| actually| just)*"
    r" (?:needs?|must have|should have|ha(?:s|ve) (?:got )?to have|ought to have|wants?)"
    r"(?: (?:an?|some|any|the|its own|proper|decent|good|kind of|sort of))*\s+$",
    re.I,
)
"""Before a part that what is looked for must have: "and it needs some kind of liner inside"."""
OTHER_END = re.compile(
    r"\b(?:the )?(?:other|opposite) (?:end|extreme)\b|\bthe other way (?:round|around|about)\b"
    r"|\b(?:and|what about|how about) the opposite\b",
    re.I,
)
"""Asks for the other end of an order: "and at the other end of the scale?"."""
FOR_LESS = re.compile(
    r"\bfor (?:a (?:bit|little|lot|good bit) )?less(?: money| cash)?(?=\W*$|[,.;?!]| (?:please|maybe|then|if)\b)"
    r"|\bless (?:money|pricey|dear|costly)\b|\b(?:cost|costing|costs) (?:a (?:bit|little|lot) )?less\b(?! than)"
    r"|\beasier on the (?:wallet|purse|pocket)\b|\bkinder (?:on|to) (?:my|the) (?:wallet|purse|pocket)\b",
    re.I,
)
TOO_DEAR = re.compile(
    r"\b(?:too|way|bit|tad|rather|very) (?:too )?(?:steep|dear|pricey|expensive|costly)\b|\btoo (?:much (?:money|for me|to "
    r"pay|to spend)|rich for)\b|\b(?:out of|over|above|beyond) (?:my|our) (?:budget|price range|means|league)\b"
    r"|\bcan(?:'?t|not) (?:afford|stretch to|run to) (?:that|those|it|them)\b"
    r"|\bcosts? (?:an arm and a leg|a (?:bomb|fortune|packet))\b|\barm and a leg\b",
    re.I,
)
"""Says that what is shown costs too much."""
_NUMBER = r"\d+(?:\.\d+)?"
NOT_THE_OLD = re.compile(
    rf"(?P<new>{_NUMBER})[^\d.?!;]{{0,14}}?\W(?:not|instead of|rather than)\s+(?:an? |the )?(?P<old>{_NUMBER})", re.I
)
OLD_BUT_NEW = re.compile(
    rf"\bnot (?:an? |the )?(?P<old>{_NUMBER})[^\d.?!;]{{0,14}}?\W(?:but|it'?s|it is|make (?:it|that)|i mean\w*)\W+(?:an? )?"
    rf"(?P<new>{_NUMBER})",
    re.I,
)
"""One number put in the place of another: "32 not 64", "not 14 but 12.5"."""
NEITHER = re.compile(
    r"\b(?:neither|none|not (?:either|any)) of (?:those|them|these)\b|\bnot (?:those|these|them)\b|\bneither\b"
    r"|\b(?:no|nothing) (?:of )?(?:those|them)\b",
    re.I,
)
"""Says of what was just named that it is not wanted."""
VERSION = re.compile(
    r"\b(?:is|are) there (?:an?|any|some)(?: other)? (?:versions?|models?|ones?|types?|sorts?|kinds?|variants?|sizes?)\b"
    r"|\b(?:do|have) (?:you|u|they|we) (?:have|do|got|sell|make|keep|stock) (?:an?|any|some|another)(?: other)? "
    r"(?:versions?|models?|ones?|types?|sorts?|kinds?|variants?)\b",
    re.I,
)
"""Asks for one of the kind that is otherwise: "is there a version that prints more?"."""
OF_THE_KIND = re.compile(
    r"\b(?:do|does|are|is|can|have|any|which|some)\b[^.?!]{0,20}?\b(?:any|which|some) of (?:the|your|those|these)\s+"
    r"(?P<kind>[\w' -]{0,30}?\w+s)\b",
    re.I,
)
"""Asks for those of a kind that meet something: "do any of the leggings come in purple"."""
FOR_SOMEONE = re.compile(
    r"\bwhat (?:do|have|did) (?:you|u)(?: guys| lot)? (?:have|got|sell|stock|do|keep)(?: in| there)? for\b", re.I
)
"""Asks what there is at all for somebody: "what do you have for a bloke who runs then"."""
SWAPPED = re.compile(
    r"\b(?:swap|exchange|replace|switch|trade)\s+(?P<old>[^,.;]{1,40}?)\s+(?:for|with|to)\s+(?P<new>[^,.;]{2,60})", re.I
)
"""One thing in the cart in place of another."""
FITTING = re.compile(
    r"\b(?:for|fits?|to fit|goes? (?:in|on|with|into)|works? (?:in|with)|compatible with|takes?|uses?|needs?|into|in)\b", re.I
)
"""Ties a part or a supply to the thing that it is for."""
