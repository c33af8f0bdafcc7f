"""The phrases by which a description tells a value outright, on folded text."""

from __future__ import annotations

import re

from retrieval.absence.substances import words_of
from retrieval.text_attributes.passages import Text

NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "ten": 10,
    "twelve": 12,
}
_NUMBER = r"(\d{1,2}|" + "|".join(NUMBERS) + ")"
PERSONS_SAYS = re.compile(
    rf"\b{_NUMBER}[\s-]?(?:persons?|people|man|seaters?|seats?|personen|places)\b(?! warranty)"
    rf"|\b(?:sleeps|seats|seating for|fits up to|room for) (?:up to )?{_NUMBER}\b"
    r"(?! ?(?:cm|mm|in|inch|kg|lb|hours?|years?|months?|weeks?|days?|[a-z]+s\b))"
    rf"|\b(?:for|fur|seating for|sleeps) {_NUMBER} (?:people|persons|personen|adults|guests)\b"
)
SEVERAL = re.compile(r"(?:\d|\b(?:or|to|and))\s?[-–/]?\s*$")
"""Before a number: it is the end of a range."""
COLOR_SAYS = re.compile(r"\b(?:colou?r|farbe)\s*:?\s+(?=[a-z])")
MATERIAL_SAYS = re.compile(
    r"\b(?:(?:made|crafted|built|carved|woven|knitted|turned|cut|sewn) (?:entirely |completely |only )?"
    r"(?:of|from|in|out of)|solid|100\s?%|pure|genuine|real|material\s*:|materials\s*:|fabric\s*:|aus)\s+(?:an? |the )?"
    r"(?:durable |sturdy |soft |premium |quality |high[- ]quality |solid |fine |organic |recycled |natural |massivem )?"
)
_SUBJECTS = frozenset(re.findall(r"\w+", """
    it this these they is are was were been has the a an all our each every in from and which that product item piece
    whole body entirely handcrafted hand beautifully carefully expertly ein es ist cut oz
"""))  # fmt: skip
"""Words of a sentence that speaks of the product as a whole, in the singular."""


def is_of_the_whole(text: Text, cue: int, title: Text) -> bool:
    """Whether a sentence speaks of the product, not of a part of it: "the bottle is made of plastic"."""
    sentence = re.split(r"[.!?]\s|\n", text.folded[:cue])[-1]
    if "%" in sentence:  # a further share
        return False
    names = {word.text for word in title.words}
    said = {word.text for word in words_of(re.split(r"[,;:]", sentence)[-1])}
    return said - _SUBJECTS <= names
