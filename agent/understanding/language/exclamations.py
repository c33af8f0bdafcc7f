"""What speakers utter and mean nothing by: hesitations, exclamations, forms of address."""

from __future__ import annotations

import re

_HESITATIONS = r"u+h+m*|u+m+|e+r+m+|h+m{2,}|ehm+|ahem"
_EXCLAMATIONS = (
    r"blimey|crikey|yikes|gosh|golly|jee+z(?:e)?|gee+z|sheesh|yowza|wowza|whoa+|woah+|oo+f|ouch|ugh+|arg+h+|phew|cor|gah|"
    r"omg|wtf|ffs|lol|lmao|(?:ha){2,}h?|dang|darn|(?:bloody|flipping|flippin'?|blooming) (?:hell|heck)|"
    r"good (?:grief|lord|heavens|gracious)|goodness(?: me)?|my (?:word|goodness)|oh my(?: (?:god|days|word|goodness))?|"
    r"holy (?:cow|moly|smokes|mackerel)|(?:for )?(?:heaven|pete|god)'?s sake|weak sauce|"
    r"well i never|fair play|fair dos"
)
_ADDRESS = r"man|mate|bro|bruv|dude|buddy|pal|fella|guv|lads|guys"
_UTTERED = re.compile(rf"(?<![\w'-])(?:{_HESITATIONS}|{_EXCLAMATIONS})(?![\w'-])[\s,.!…]*", re.I)
_ADDRESSED = re.compile(
    r"(?P<lead>(?:^|(?<=[\s,.!?]))(?:nah|no|nope|yo|hey|hi|hiya|oi|cheers|ta|thanks|ok|okay|yeah|yep|aw|sorry|listen|"
    rf"right|come on),? )(?:{_ADDRESS})\b[\s,.!]*"
    rf"|,\s*(?:{_ADDRESS}|dear|love|darling|hun|petal)(?P<end>\s*(?:[,.!?]|$))",
    re.I,
)
_AMAZED = re.compile(r"^\W*(?:how much|you what|what)\s*(?:\?!|!\?|\?{2,}|!{2,})[?!]*\s*(?=\w)", re.I)
"""Amazement, which asks nothing, before what is wanted: "how much?! just give me the cheapest"."""


def without_exclamations(text: str) -> str:
    """``text`` without them; as it is where it holds nothing else."""
    rest = _AMAZED.sub("", text)
    rest = _ADDRESSED.sub(lambda match: match["lead"] or match["end"], rest)
    rest = _UTTERED.sub("", rest).strip()
    return rest if re.search(r"\w{2}", rest) else text
