"""Street addresses in free text, English and German.

A house number beside a name is an address where something bears it out: words that lead to one ("I live at",
"Lieferadresse:"), a flat, a postcode, or a German street. Otherwise it may be a film ("21 Jump Street"), and
stays.
"""

from __future__ import annotations

import re

MASK = "[address]"

# --- English ----------------------------------------------------------------------------------------------

_PLAIN_TYPE = (
    r"(?:(?:street|avenue|road|lane|boulevard|terrace|parkway|highway|crescent|square|drive|court|place)\b|"
    r"(?:st|ave|rd|ln|blvd|pkwy|hwy|sq|dr|ct|pl)\b(?:\.(?=,|\s))?)"
)
_TYPE = (
    rf"(?:{_PLAIN_TYPE}|"
    r"(?:way|circle|trail|alley|mews|row|close|gardens|grove|hill|park|loop|cir|cres|ter)\b)"
)
_NUMBER = r"(?<![\w.,#$\u20ac\u00a3/-])\d{1,5}[A-Za-z]?(?:-\d{1,4})?"
_DIRECTION = r"(?:[NSEW]{1,2}\.?|north|south|east|west)"
_NOT_A_NAME = (
    r"(?!(?:the|a|an|of|in|on|at|to|for|per|and|or|with|from|than|more|other|different|inch|inches|cm|mm|"
    r"kg|lb|lbs|oz|miles?|minutes?|hours?|days?|pack|pairs?|pieces?|times|years?)\b)"
)
_WORD = rf"{_NOT_A_NAME}(?:[^\W\d_][\w'\u2019.-]{{0,24}}|\d{{1,3}}(?:st|nd|rd|th))"
_STREET = rf"{_NUMBER}\s(?:{_DIRECTION}\s)?(?:{_WORD}\s){{1,3}}?"
_UNIT = r"(?:,?\s(?:apt|apartment|unit|suite|ste|flat|floor|room)\b\.?\s?#?\s?\w{1,5}\b|,?\s#\s?\w{1,5}\b)"
_CITY_WORD = r"(?:(?:St|Ft|Mt)\.|[A-Z][\w'\u2019-]{1,24})"
_CITY = rf"{_CITY_WORD}(?:\s{_CITY_WORD}){{0,2}}"
_POSTCODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b"
_PLACE = rf"(?:(?:,?\s{_CITY}){{0,2}}(?:,?\s[A-Z]{{2}})?,?\s{_POSTCODE})"
_REST = rf"(?:\s{_DIRECTION}\b)?{_UNIT}?(?:(?-i:{_PLACE})|(?-i:,\s{_CITY}(?:,\s[A-Z]{{2}}\b)?))?"

_LEADS_TO_ONE = (
    r"(?:(?:live|lives|lived|living|reside|resides|staying|located|moved)\s(?:at|to|on|in)"
    r"|address(?:\sis(?:\snow)?|\schanged\sto|:|,)?"
    r"|(?:ship|deliver|send|mail|post|return|bring|forward)(?:ed|ped|s|t)?"
    r"(?:\s(?:it|them|this|that|everything|all|(?:my|the)\s(?:order|package|parcel)))?\sto:?"
    r"|(?:home|house|office|flat|apartment)\sis(?:\s(?:at|on))?)"
)
_SAID = re.compile(rf"(?P<before>\b{_LEADS_TO_ONE}\s)(?:{_STREET}{_TYPE}){_REST}", re.IGNORECASE)
_FOLLOWED = (
    r"(?=\s*(?:[.,;:!?)\n]|$)"
    r"|\s(?:and|in|instead|please|by|but|so|is|was|for|near|or|because|as|when|since)\b)"
)
_AT = re.compile(
    rf"(?P<before>(?<!look)(?<!looks)(?<!looking)(?<!looked)\s(?:at|near)\s)"
    rf"(?={_NUMBER}\s(?-i:[A-Z\d]))(?:{_STREET}{_PLAIN_TYPE}{_FOLLOWED}){_REST}",
    re.IGNORECASE,
)
_WITH_PLACE = re.compile(
    rf"(?P<before>)(?={_NUMBER}\s(?-i:[A-Z\d]))(?:{_STREET}{_TYPE})(?:\s{_DIRECTION}\b)?"
    rf"(?:{_UNIT}(?-i:{_PLACE})?|(?-i:{_PLACE}))",
    re.IGNORECASE,
)
_BOX = re.compile(
    rf"(?P<before>)\b(?:P\.?\s?O\.?\s?Box|post\soffice\sbox|Postfach)\s#?\d{{1,4}}(?:\s?\d{{2}}){{0,2}}\b"
    rf"(?:(?-i:{_PLACE}))?",
    re.IGNORECASE,
)

# --- German -----------------------------------------------------------------------------------------------

_CAPITAL = r"[A-Z\u00c4\u00d6\u00dc][\w-]{1,24}"
_HOUSE = (
    r"\s?\d{1,4}(?:\s?[a-h]\b)?(?:\s?[-/]\s?\d{1,4})?\b(?![.,]\d|\s?(?:\u20ac|%|cm|mm|kg|GB|TB|Zoll|Euro)\b)"
)
_TOWN = rf"{_CAPITAL}(?:\s(?:am|an\sder|im|ob\sder)\s{_CAPITAL})?"
_GERMAN_PLACE = rf"(?:,?\s(?:D-)?\d{{5}}\s{_TOWN}|,\s(?:A-|CH-)?\d{{4,5}}\s{_TOWN})"
_STRASSE = r"(?:stra(?:\u00df|ss)e|str\.)"
_OTHER_TYPE = r"(?:weg|gasse|allee|platz|ring|damm|ufer|chaussee|steig|stieg|graben|wall|pfad|kamp|hof|markt)"
_STANDS_BY = r"(?:Am|An\sder|An\sden|Im|In\sder|Auf\sder|Auf\sdem|Unter\sden|Zum|Zur|Beim)"
_GLUED = rf"(?-i:[A-Z\u00c4\u00d6\u00dc])[\w.-]{{1,30}}?{_STRASSE}"  # Hauptstraße, Dr.-Koch-Straße
_APART = rf"(?-i:{_CAPITAL}\s(?:{_CAPITAL}\s)?){_STRASSE}"  # Lange Straße
_STRASSE_ALWAYS = re.compile(
    rf"(?P<before>)\b(?:{_GLUED}|{_APART}){_HOUSE}(?:(?-i:{_GERMAN_PLACE}))?", re.IGNORECASE
)
_ANY_GERMAN_STREET = (
    rf"(?:[^\W\d_][\w-]{{1,30}}?[\s-]?(?:{_STRASSE}|{_OTHER_TYPE})"
    rf"|(?-i:{_STANDS_BY}\s{_CAPITAL}(?:\s{_CAPITAL})?))"
)
_GERMAN_LEADS = (
    r"(?:(?:wohn\w{0,6}|lebe|(?:liefer|haus|rechnungs)?adresse|anschrift)\b(?:\s(?:ist|lautet))?[:,]?"
    r"(?:\s(?:jetzt|in|im|an|am|der|die|den|dem)){0,3}"
    r"|(?:schick|send|liefer|versend|bring)\w{0,4}(?:\s\w{1,12}){0,4}?\s(?:an|nach|in|zum|zur)"
    r"(?:\s(?:der|die|den|dem))?)\s"
)
_GERMAN_SAID = re.compile(
    rf"(?P<before>\b{_GERMAN_LEADS}){_ANY_GERMAN_STREET}{_HOUSE}(?:(?-i:{_GERMAN_PLACE}))?", re.IGNORECASE
)
_GERMAN_WITH_PLACE = re.compile(  # a name that tells of no street needs the comma before the postcode
    rf"(?P<before>)\b(?:{_STANDS_BY}\s{_CAPITAL}(?:\s{_CAPITAL})?{_HOUSE}{_GERMAN_PLACE}"
    rf"|[A-Z\u00c4\u00d6\u00dc][\w-]{{1,30}}?{_OTHER_TYPE}{_HOUSE}{_GERMAN_PLACE}"
    rf"|{_CAPITAL}{_HOUSE},\s(?:D-|A-|CH-)?\d{{4,5}}\s{_TOWN})"
)
_PATTERNS = (_SAID, _WITH_PLACE, _AT, _BOX, _GERMAN_SAID, _STRASSE_ALWAYS, _GERMAN_WITH_PLACE)


def mask_street_addresses(text: str) -> str:
    """``text`` with street addresses and post-office boxes replaced by ``[address]``. Idempotent."""
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<before>{MASK}", text)
    return text
