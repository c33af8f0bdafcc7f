"""What a speaker takes back within a breath: "a four inch, no wait, a two inch inseam"."""

from __future__ import annotations

import re

from agent.understanding.language.numbers import VALUE_WORDS

_NUMBER_WORDS = "|".join((*VALUE_WORDS, "grand"))
_NUMBER = (
    rf"(?:[$€£]\s?)?(?:\d[\d.,]*\d|\d|(?:a )?(?:{_NUMBER_WORDS})(?:[ -](?:and[ -])?(?:{_NUMBER_WORDS}))*)"
)
_PAUSE = r"(?:[\s,.;…-]|\b(?:u+m+|u+h+|er+m*|oh|well|hmm+|actually|hold on|hang on|like)\b)*"
_CUE = (
    rf"(?:\b(?:no|nope|wait|sorr?y|rather|correction|i mean|i meant|make (?:that|it)|scratch that|not that|"
    rf"my mistake|let'?s say)\b{_PAUSE})+"
)
_TELLING = r"\b(?:wait|sorr?y|rather|correction|mean|meant|make|scratch|mistake)\b"
TELLING = re.compile(_TELLING, re.I)
"""One of these is in every `CUE`; to look for them first is quick where there is none."""
CUE = re.compile(rf"{_PAUSE}(?=[^.?!]*{_TELLING})(?:{_CUE})", re.I)
"""What stands between the words taken back and those that take their place; a bare "no" may deny what follows."""
_RENUMBERED = re.compile(
    rf"(?P<old>{_NUMBER})(?P<words>(?:[\s-]?[a-z\"']+){{0,3}}?)(?P<cue>{_PAUSE}{_CUE})"
    rf"(?=(?:(?:a|an|the|about|around|under|over)\s+)?{_NUMBER}\b)",
    re.I,
)


CORRECTION = re.compile(
    r"\bi (?:meant|ment|mean)\b|\b(?:typo|correction|slip of the tongue|my mistake)\b", re.I
)
"""Words that put right what was said before."""
_OPENING = re.compile(
    rf"^\W*(?:(?:oh|ah|wait|sorry|hang on|hold on|actually)\b{_PAUSE})*\bno\b(?={_PAUSE}(?:wait|sorr?y|sry|actually|my|i|"
    r"i'm|we|he|she|they|it|it's|that's|you|his|her|our)\b)",
    re.I,
)
"""A "no" that opens a sentence and denies nothing in it: "wait no my teacher says"."""


_ECHO = re.compile(
    rf"(?:^|(?<=[.!?]))\s*(?:what|wow|blimey|ouch)?\W*(?:(?:over|more than|nearly|almost) )?"
    rf"(?:a )?{_NUMBER}(?: ?(?:dollars|bucks|quid|pounds|euros))?(?: for (?:that|this|it|an? [a-z]+))?"
    r"\s*(?:\?!|!\?|\?\?)[?!]*",
    re.I,
)
"""A price said after somebody, in surprise: "over a thousand?!"."""


def repaired(text: str) -> str:
    """``text``, of the same length, without prices that are only echoed and numbers that are taken back at once."""
    text = _ECHO.sub(lambda match: " " * len(match[0]), text)
    text = _OPENING.sub(lambda match: " " * len(match[0]), text)
    return _RENUMBERED.sub(_without_number, text)


def corrected(text: str) -> str:
    """What a text that opens by putting something right says instead ("sorry, I mean 35"); empty where it does not."""
    cue = CUE.match(text)
    return text[cue.end() :].strip() if cue is not None and text[: cue.end()].strip(" ,.") else ""


def _without_number(match: re.Match[str]) -> str:
    """Blank, but for a thing that is named between the number and its correction ("12-string guitar, no, six")."""
    kept = (
        match["words"]
        if len(match["words"].split()) > 1 or "-" in match["words"]
        else " " * len(match["words"])
    )
    return f"{' ' * len(match['old'])}{kept}{' ' * len(match['cue'])}"
