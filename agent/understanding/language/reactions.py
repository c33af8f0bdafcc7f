"""What somebody cannot bear, told by what it does to them: "almonds put me in hospital", "hives from lanolin"."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WHOM = r"(?:me|him|her|us|them|my \w+|our \w+)"
_BODY = r"(?:throat|lips?|tongue|face|eyes?|mouth|airways?|hands?|skin|chest|ears?|neck|fingers?)"
_HARM = re.compile(
    r"\b(?:hospital\w*|emergency (?:room|department|services)|casualty|ambulance|paramedics?|epi-?pen|anaphyla\w*"
    r"|hives|nettle ?rash|welts|blotch\w*|rash(?:es)?|asthma attack|wheez\w*|choking|on a drip|goner"
    rf"|{_BODY} (?:\w+ )?(?:swells?|swelled|close[sd]?|closing|puffs?|blows?|burns?|itch\w*|tingles?|blisters?|peels?"
    r"|goes? (?:numb|red|up))|(?:swells?|swelled|swelling|puffs?|puffed|blows?|blew) (?:\w+ ){0,2}up"
    r"|(?:come|comes|came|coming) (?:out|up) in|(?:break|breaks|broke|breaking) out"
    r"|(?:can['’]?t|cannot|can not|couldn['’]?t|stops?|stopped) breath\w*|gasping|(?:nearly|almost) died?"
    rf"|(?:kills?|killed|killing) {_WHOM}|(?:deadly|lethal|fatal|poison) (?:for|to) {_WHOM}"
    rf"|(?:makes?|made|making) {_WHOM} (?:\w+ )?(?:ill|sick|itch\w*|swell|wheeze|throw up|vomit|faint|unwell|poorly"
    r"|sneeze)|vomit\w*|throw(?:s|ing)? up|threw up)\b|\b(?:A ?& ?E|A and E|the ER|in ER)\b",
    re.I,
)
_LEADS = re.compile(
    r"=|->|=>|→|\b(?:means?|meant|puts?|putting|sends?|sent|lands?|landed|gives?|gave|makes?|made|brings?|brought"
    r"|equals?|blows?|blew|kills?|killed|i|he|she|we|they|will|would|could|can|might|have|has|had|is|are|and|then|so|went|go|goes)\b",
    re.I,
)
"""Between a cause and what it does."""
_DENIED = re.compile(r"n['’]?t\b|\b(?:not|never|without|no|free|wont|doesnt)\b", re.I)
"""Between the two: "with almond oil, that won't make me break out"."""
_COMES_OF = re.compile(
    r"\b(?:from|with|after|to|of|by|at|near|around|when(?:ever)?|if|because|due|once|every time|as soon as)\b",
    re.I,
)
"""Between what is suffered and its cause."""
_WHENEVER = re.compile(r"\b(?:when(?:ever)?|if|after|every time|as soon as|once)\b", re.I)
"""Before a cause."""
_REMEDY = re.compile(
    r"\b(?:for|against|sooth\w*|calm\w*|treat\w*|heal\w*|help\w*|reliev\w*|cure\w*|ease\w*|prevent\w*|stop\w*)\b[^.?!;]{0,20}$",
    re.I,
)
"""Before what is to be treated: "oat cream for hives" tells of no cause."""
_SENTENCES = re.compile(r"[^.?!;\n]+")
SOON, NEAR = 15, 60
"""Set once, not tuned. Characters behind what is suffered in which its cause is led in, so that "in hospital and wants a
box with nuts" tells none; and between the two at most."""


def tells_harm(text: str) -> bool:
    """Whether it is told that something did somebody harm."""
    return any(not _REMEDY.search(text, 0, harm.start()) for harm in _HARM.finditer(text))


def harmful(text: str, named: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Which of the things named in a text, by start and end, are told to do harm; their places in ``named``."""
    found: dict[int, None] = {}
    for sentence in _SENTENCES.finditer(text):
        for harm in _HARM.finditer(text, sentence.start(), sentence.end()):
            if _REMEDY.search(text, sentence.start(), harm.start()):
                continue
            for at, (start, end) in enumerate(named):
                inside = at not in found and sentence.start() <= start and end <= sentence.end()
                if inside and _does(text, sentence.start(), (start, end), harm.span()):
                    found[at] = None
    return tuple(sorted(found))


def _does(text: str, begin: int, thing: tuple[int, int], harm: tuple[int, int]) -> bool:
    """Whether a thing is told to do a harm in the sentence that begins at ``begin``."""
    first = thing[1] <= harm[0]
    between = text[thing[1] : harm[0]] if first else text[harm[1] : thing[0]]
    if len(between) > NEAR or _DENIED.search(between):
        return False
    if first:
        told = _LEADS.search(text, thing[1], harm[1]) or _WHENEVER.search(text, begin, thing[0])
    else:
        told = None if "," in between else _COMES_OF.search(between[:SOON])
    return told is not None
