"""Words by which an utterance goes over to something else, or stays with what was spoken of."""

from __future__ import annotations

import re

BESIDES = re.compile(
    r"^\W*(?:(?:oh|ok(?:ay)?|right|cool|great|and|then|uh|um|so|well|thanks?|n)\W+)*(?:also|and|plus|n|besides)\b"
    r"|\b(?:an?other|other|next|one (?:more|last)|different|separate) (?:thing|matter|problem|question|job)\b"
    r"|\b(?:as well|too)\W*$|\bby the way\b|\bwhile (?:i'm|we're|you're) (?:at it|here)\b",
    re.I,
)
"""Says that something comes on top: "and then the other thing is", "also my feet get cold"."""
SAME = re.compile(
    r"\b(?:same|similar|like (?:that|this|it)|instead|rather|forgot|should have said|meant)\b", re.I
)
"""Speaks of what was looked for before."""
