"""What is left of an utterance for search, once all that was understood otherwise is taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.language import acts
from agent.language.function_words import FUNCTION_WORDS
from agent.language.text import tokenize
from agent.meaning import Act

if TYPE_CHECKING:
    from agent.rules_understanding import Reading

Span = tuple[int, int]

_TALK = """
hello hi hey hiya thanks thank you please ok okay yes yeah yep no nope well so um uh actually maybe wait
sorry hold hang looking look search searching shopping hunting recommend recommendation recommendations
suggest suggestion suggestions buy buying purchase purchasing order get got gets getting want wanted wanting
wants need needed needs wish like love show shows showing find finding give gives bring take see browse help
me us my mine her his their our your i'm i'd i'll i've we're it's that's what's there's let's could can
would should may might will shall do does did have has had something anything someone somebody stuff thing
things item items product products one ones option options choice choices kind kinds type types sort version
versions model available sell sells stock carry offer offers store shop shops today now right next also too
instead again still just only really very quite pretty rather bit little lot lots think mean meant make
makes making made keep change set start let go going come coming work works know nice good great better best
perfect decent cool fine super lovely awesome ideal suitable possible preferably ideally prefer preferred
hopefully perhaps else other others another more few some any all both each every either neither price
priced prices pricing cost costs costing budget spend pay dollars dollar bucks euros euro pounds money cheap
affordable range expensive max maximum min minimum limit gift gifts present presents birthday christmas he
she they likes loves enjoys hates adores forget remember picture pictures photo photos image images view
decision decisions selection specific particular detailed concern brand brands color colors colour colours
different similar same new page results list
"""
_TALK_WORDS = frozenset(_TALK.split()) | FUNCTION_WORDS
_KEEP_INSIDE = frozenset(("for", "with", "and", "to", "in", "of"))
_RELATIVES = re.compile(acts.GIFT.pattern, re.IGNORECASE)
_SILENT = frozenset(
    (
        Act.UNDO,
        Act.HELP,
        Act.SMALL_TALK,
        Act.OUT_OF_SCOPE,
        Act.ASK_SHOP,
        Act.COMPARE,
        Act.ACCEPT,
        Act.REJECT,
        Act.ASK_PRODUCT,
        Act.ASK_BUYERS,
        Act.FORGET,
        Act.REMEMBER,
    )
)
"""Acts whose words are never searched for."""


def says_other_things(typed: str, corrected: str) -> bool:
    """Whether a correction changes a word that matters: not a filler ("somthing"), rightly spelt or not."""
    from rapidfuzz.distance import OSA

    before, after = ([t.text.lower() for t in tokenize(text)] for text in (typed, corrected))
    gone = [word for word in before if word not in after]
    return any(
        min(OSA.distance(word, filler, score_cutoff=1) for filler in _TALK_WORDS if len(filler) > 3) > 1
        for word in gone
    )


def remaining_query(reading: Reading, act: Act) -> tuple[str, tuple[str, ...]]:
    """The words to search for, in order, and those among them that the shop's vocabulary does not know."""
    if act in _SILENT:
        return "", ()
    taken = [*reading.spans, *(match.span() for match in acts.START_OVER.finditer(reading.text))]
    taken += [m.span() for m in acts.BUNDLE.finditer(reading.text)] if act is Act.BUNDLE else []
    bound = [m for m, c in reading.wishes.wanted if c.kind == "brand" or "size" in c.slot]
    taken += [(m.start, m.end) for m in bound]
    taken += [match.span() for match in _RELATIVES.finditer(reading.text)]
    known = [(m.start, m.end) for m in (*(w for w, _ in reading.wishes.wanted), *reading.wishes.loose)]
    known += [(m.start, m.end) for m, _ in reading.wishes.wished]
    words: list[str] = []
    unknown: list[str] = []
    for token in tokenize(reading.text):
        if not token.is_word or any(start <= token.start < end for start, end in taken):
            continue
        is_known = any(start <= token.start < end for start, end in known)
        if not is_known and token.text in _TALK_WORDS:
            if token.text in _KEEP_INSIDE and words and words[-1] not in _KEEP_INSIDE:
                words.append(token.text)
            continue
        words.append(token.text)
        if not is_known:
            unknown.append(token.text)
    while words and words[-1] in _KEEP_INSIDE:
        words.pop()
    return " ".join(words), tuple(unknown)
