"""Whose measure an amount is: of a body ("I'm 198 cm", "my dog is 35 kilos"), of a place ("the wall is 160 wide"), or, as
mostly, of what is looked for.
"""

from __future__ import annotations

import re
from typing import Literal

Of = Literal["body", "place", ""]

_ANIMAL = (
    r"(?:dogs?|pupp(?:y|ies)|hounds?|cats?|kittens?|horses?|pony|ponies|rabbits?|labs?|labradors?|retrievers?|spaniels?"
    r"|shepherds?|terriers?|collies?|poodles?|huskies|husky|beagles?|parrots?|tortoises?)"
)
_SOMEBODY = (
    rf"(?:{_ANIMAL}|husband|wife|partner|boyfriend|girlfriend|son|daughter|boy|girl|kid|child|mum|mom|dad|mother|father"
    r"|brother|sister|grandson|granddaughter|grandma|grandpa|gran|grandad|friend|man|woman|guy|bloke|lady|person|people|rider"
    r"|teen(?:ager)?|toddler|baby)"
)
_PLACE = (
    r"(?:balcon(?:y|ies)|wall|room|bedroom|ceiling|alcove|niche|recess|nook|gap|corridor|hall(?:way)?|landing|door(?:way|frame)?"
    r"|window(?:sill)?|terrace|patio|garden|yard|bathroom|kitchen|flat|studio|apartment|shed|stair(?:s|case|well)|lift|elevator"
    r"|loft|attic|cellar|basement|garage|boot|trunk|van|driveway|space|corner|spot|worktop|counter)"
)
_SMALL = (
    r"(?:is|are|was|am|weigh(?:s|ing)?|measur(?:es|ing|ed)|stands?|of|at|only|just|barely|hardly|about|around|roughly|nearly"
    r"|almost|over|under|like|some|now|already|maybe|an?|and|it|it['’]?s|here|there|home|which|that|that['’]?s|has|got|most|big"
    r"|tall|small|short|heavy|slim|large|little|narrow|tiny|low|very|really|exactly|got)"
)
_BODY_BEFORE = re.compile(
    r"\b(?:i['’]?m|i am|i weigh|we['’]?re|he['’]?s|she['’]?s|(?:he|she|they) (?:is|are|weighs?)|they['’]?re|weigh(?:s|ing)?"
    rf"|{_SOMEBODY}(?:['’]s)?(?=\W+(?:is|are|weigh\w*|he|she|of|at|\d)))"
    rf"(?:[\s,(]+(?:{_SMALL}|he|she|he['’]?s|she['’]?s|{_SOMEBODY}))*[\s,(]*$",
    re.I,
)
_BODY_BEHIND = re.compile(
    rf"[\s-]*(?:(?:tall|heavy|big|old|young|adult|grown)\s+)*(?:{_SOMEBODY})\b(?!['’]?s? (?:bed|sofa|desk|wardrobe))",
    re.I,
)
_PLACE_BEFORE = re.compile(rf"\b{_PLACE}(?:['’]?s)?(?:[\s,(]+{_SMALL})*[\s,(]*$", re.I)
_PLACE_BEHIND = re.compile(
    rf"[\s-]*(?:(?:long|wide|high|deep|tall|narrow|square|sq)\s+)*{_PLACE}\b"
    r"|\s*(?:(?:long|wide|high|deep|tall|across)\s+)?(?:of|between) (?:free |spare )?(?:space|room|wall)\b",
    re.I,
)
_HAD = re.compile(
    r"\s*(?:(?:long|wide|high|deep|tall|across)\s+)?(?:is (?:all|what) )?(?:that )?(?:i|we)(?:['’]?ve)? (?:have|got|had)\b",
    re.I,
)
"""Behind a length, that it is of the place that there is; of a bare number it may be money."""
_LENGTH = re.compile(r"\d\s*(?:mm|cm|m|ft|feet|foot|in|inch(?:es)?|met(?:re|er)s?|\"|')\s*$", re.I)
_EXTENT = re.compile(r"\b(?:long|length|wide|width|high|height|tall|deep|depth|across)\b", re.I)
_EXTENT_OF = (
    (re.compile(r"\b(?:ceilings?|lofts?|attics?)\b", re.I), "high"),
    (re.compile(r"\bwalls?\b", re.I), "wide"),
)
"""What is measured of a place where nothing else is said."""


def measured_of(text: str, start: int, end: int) -> Of:
    """Of what the amount ``text[start:end]`` is a measure."""
    before, behind = text[:start], text[end:]
    had = _HAD.match(behind) and _LENGTH.search(text[start:end])
    if had or _PLACE_BEFORE.search(before) or _PLACE_BEHIND.match(behind):
        return "place"
    return "body" if _BODY_BEFORE.search(before) or _BODY_BEHIND.match(behind) else ""


def extent_of(text: str, start: int, end: int) -> str:
    """The word for what is measured of a place: the one said next to the amount, else what goes without saying."""
    if (said := _EXTENT.match(text[end:].lstrip())) or (said := _EXTENT.search(text[start:end])):
        return said[0]
    return next((extent for place, extent in _EXTENT_OF if place.search(text[:start])), "")
