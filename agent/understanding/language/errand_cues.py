"""Words by which an utterance goes over to something else, or stays with what was spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterator

BESIDES = re.compile(
    r"^\W*(?:(?:oh|ok(?:ay)?|right|cool|great|and|then|uh|um|so|well|thanks?|n)\W+)*(?:also|and|plus|n|besides)\b"
    r"|\b(?:an?other|other|next|one (?:more|last)|different|separate) (?:thing|matter|problem|question|job)\b"
    r"|\b(?:as well|too)\W*$|\bby the way\b|\bwhile (?:i'm|we're|you're) (?:at it|here)\b",
    re.I,
)
"""Says that something comes on top: "and then the other thing is", "also my feet get cold"."""
ANOTHER_MATTER = re.compile(
    r"\b(?:an?other|other|next|one (?:more|last)|last|different|separate) (?:thing|matter|problem|question|job)\b",
    re.I,
)
"""Says so outright, whatever "it" then is: "one more thing, it rattles when I drive"."""
SCRAPPED = re.compile(
    r"\b(?:scrap|scratch|forget|drop|bin|skip|leave|never ?mind) (?:that|it|this|them|those|the (?:lot|whole thing|idea))\b"
    r"|\bnever ?mind\b|\bchanged? (?:my|our) minds?\b",
    re.I,
)
"""Gives up what was looked for."""
SAME = re.compile(
    r"\b(?:same|similar|like (?:that|this|it)|instead|rather|forgot|should have said|meant)\b", re.I
)
"""Speaks of what was looked for before."""
IT = re.compile(r"\b(?:it|them|one of (?:those|these|them))\b(?!['’]| [a-z]+(?:s|ing)\b)", re.I)
"""What is talked about, by a pronoun."""
FOR_IT = re.compile(
    r"\b(?:for|fits?|to fit|(?:goes?|to go|going) (?:in|on|with|into|onto)|compatible with|matching)\s+"
    r"(?:it|them|that|those|these|this)\b(?: one| ones)?(?! [a-z]+(?:s|ing)\b)"
    r"|\bto (?:match|go with)\W*$|\b(?:stick|put|fit|hang|screw|clip) (?:it|em|them|one) (?:in|on|onto|into|to|over)\b",
    re.I,
)
"""Ties a thing to the one talked about."""
_USE = re.compile(
    r"\b(?:to|that|which|what|for|you)\s+(?:(?:can|could|will|would|you)\s+)?(?P<verb>[a-z]{3,}?)(?P<ending>s|ing)?\s+"
    r"(?:(?:my|the|an?|our|his|her|your)\s+)?(?P<of>[a-z]+(?: [a-z]+)?)",
    re.I,
)
"""What a thing does, and to what: "something to hold it", "that sharpens knives", "how do you tune one of those"."""


def agent_nouns(text: str) -> Iterator[tuple[str, str]]:
    """What does what is told, and to what: a "holder" of "it", a "sharpener" of "knives"."""
    for use in _USE.finditer(text):
        verb = use["verb"].lower()
        doubled = f"{verb}{verb[-1]}er" if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" else ""
        for noun in (f"{verb}r" if verb.endswith("e") else f"{verb}er", doubled):
            if noun:
                yield noun, use["of"]
