"""What a seller's text says of having and not having: stretches that deny, that only compare, that tell of traces.

English and German in full, the commonest cues of other languages. A denial reaches as far as its own list goes
and no farther: where that is in doubt, a word counts as said, so that nothing is called free of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["free", "denied", "aside", "traces"]
"""``free`` says that there is none, ``denied`` that it is something else, ``aside`` speaks of another thing."""

_JOINT = re.compile(
    r"\s*,\s*(?:(?:and|or|nor|und|oder|et|y|e)\s+)?|\s+(?:and|or|nor|und|oder|et|y)\s+|\s*[/&]\s*"
)
_CLOSING = re.compile(r"\b(?:and|or|nor|und|oder|et|y)\b|&")
_OR = re.compile(r"\b(?:or|nor|oder|noch)\b|/")
_END = re.compile(
    r"[.;!?\n•|()\[\]“”\"]|\s[-–—]\s|\b(?:but|with(?!out)|contains?|containing|made|just|only|yet|aber|"
    r"mit|enthalt|sondern|"
    r"avec|plus|thanks|it|its|we|our|this|they)\b|\b(?:and|und) (?:is|has|are|ist)\b"
)
_CLAUSE_END = re.compile(r"[.;!?\n•|()\[\]]|\b(?:but|aber|contains?|enthalt|this|it|made)\b")
"""Where a comparison ends: "unlike things with nuts" goes on past the "with"."""
_LONGEST, _FIRST = 3, 4
"""Words of an item in a list of what there is none of, and those of the first that are looked at."""
_FROM = re.compile(
    r"\bfree\s+(?:from|of)\b(?! charge\b| cost\b)[:\s]*|\bfrei von\b[:\s]*|\bdevoid of\b|\b(?:does not|"
    r"do not|doesn'?t|don'?t|"
    r"never|not) contain\b(?: any)?|\b(?:nothing(?: (?:inside|here|in (?:it|them|here|this|the \w+)))?|"
    r"none of (?:it|them|these|those)) contains?\b(?: any)?|\bcontain(?:s|ing)? (?:no|neither|zero)\b|\bexclud(?:es|ing)\b|"
    r"\benthalt (?:keine?|weder)\b|"
    r"\bfree from\s*:|\bnone of:?|\bsans\b|\bsenza\b|\blibre de\b|\bsin\b(?! city)"
)
_WITHOUT = re.compile(r"\b(?:without|w/o|made without|ohne|zonder)\b[:\s]*(?!doubt|you|having|worr|limit)")
_NO = re.compile(
    r"\b(?:no|zero|keine?[nmrs]?|geen)\b(?!\.| longer| more| matter| need| doubt| problem| one\b| other| only|:)"
    r"|\b0\s?%|\b100\s?% free of"
)
_NON = re.compile(r"\bnon(?:-|\s)(?=\w)")
_NOT = re.compile(
    r"\b(?:not(?! (?:only|just|merely|limited|too|to|all|every|necessarily))|nicht(?! nur)|never|isn'?t|aren'?t)\b"
    r"(?:\s+(?:made|aus|from|of|with|real|genuine|actual|a|an))*"
)
_ASIDE = re.compile(
    r"\b(?:unlike|instead of|rather than|alternatives? (?:to|for)|substitutes? for|replacements? for|replac(?:es|ing)|"
    r"in place of|compared (?:to|with)|than|pairs? (?:\w+ )?with|goes? (?:\w+ )?with|go (?:\w+ )?with|"
    r"serve[ds]? (?:\w+ )?with|"
    r"(?:great|delicious|perfect|lovely) (?:with|on|over)|compatible with|looks? (?:and feels? )?like|feels? like|"
    r"statt|anstelle von|anstatt|passt (?:\w+ )?zu|schmeckt (?:\w+ )?(?:zu|mit)|wie)\b"
)
_TRACES = re.compile(
    r"\b(?:may|might|can|could|kann|konnen|konnte|peut|puede)\b(?! be\b)[^.;!?\n]{0,40}?"
    r"\b(?:contains?|traces?|spuren|includes?|enthalten|contenir|contener)\b[^.;!?\n]*"
    r"|\b(?:traces?|spuren)\s*(?:of|von|:)[^.;!?\n]*"
    r"|\b(?:made|produced|manufactured|packed|packaged|processed|prepared|baked|hergestellt|verpackt|verarbeitet)\b"
    r"[^.;!?\n]{0,40}\b(?:facility|facilities|factory|kitchen|equipment|lines?|premises|site|betrieb|"
    r"bakery|anlage)\b[^.;!?\n]*"
    r"|\b(?:facility|factory|kitchen|equipment|bakery|betrieb|line) (?:that|which|where|also)\b[^.;!?\n]*"
    r"|\b(?:not suitable|unsuitable|not safe|nicht geeignet|ungeeignet)\b[^.;!?\n]*"
    r"|\b(?:cannot|can't|can not) (?:be )?guarantee[^.;!?\n]*"
)
_AFTER = re.compile(
    r"(?<=\w)[\s-]free\b(?!\s+(?:from|of|gift|shipping|delivery|returns?|sample|trial|with|when|standard|postage|"
    r"download|bonus|standing|to\b|p&p))"
)
_LAST_WORD = re.compile(r"\w+$")
_HANGING = re.compile(r"(\w+)-\s*(?:,\s*(?:and|or|und)?|and|or|und|&|/)\s*$")
_PAIRED = re.compile(r"(?:^|[.!?;:•|(\n,]\s*)(\w+(?: \w+)?)\s*(?:&|/|\band\b|\bund\b)\s*$")
_OFFERED = re.compile(r"[\s-]free[\s-](?:option|version|variant|recipe|alternative recipe)s?\b")
_OFFERING = re.compile(
    r"\b(?:try our|available (?:in|as)(?: an?)?|also as an?|can be made)(?:\s+\w+){0,2}\s*$"
)
_DOUBTED = re.compile(
    r"\b(?:not(?! (?:only|just))|isn'?t|aren'?t|never|cannot|can'?t|no guarantee|nicht|hardly|nearly|almost)\b"
    r"(?:\s+\w+){0,2}\s*$"
)
_DETERMINERS = re.compile(
    r"^(?:(?:any|all|the|a|an|of|from|in|other|either|tree|whatsoever|kind of|traces? of|spuren von|"
    r"jegliche\w*|alle\w*)\s+)+"
)
_ANY_CUE = re.compile(
    r"free|frei|less\b|\bno\b|\bnon|without|w/o|ohne|\bkein|\bnot\b|nicht|never|contain|traces?\b|spuren|"
    r"unlike|instead|than\b|"
    r"alternative|substitute|replac|pair|goes?\b|\bgo\b|serve|with\b|look|feel|statt|passt|schmeckt|"
    r"\bwie\b|sans\b|sin\b|senza\b|"
    r"zero|0\s?%|may\b|can\b|could\b|might\b|kann\b|konn|made\b|produced|manufact|pack|process|prepared|"
    r"facility|exclud|"
    r"devoid|isn|aren|none of|suitable|place of|geen\b|zonder\b|libre|bak|betrieb|hergestellt|compatible|"
    r"guarantee|peut|puede"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text; ``items``: the exact things that are denied, as places."""

    kind: Kind
    start: int
    end: int
    items: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Statements:
    """The stretches of one text, and the places where a word before "free" ends, with what that says there."""

    stretches: tuple[Stretch, ...] = ()
    frees: tuple[tuple[int, Kind], ...] = ()

    def kind_at(self, start: int) -> Stretch | None:
        """The stretch around a place; what tells of traces before what denies."""
        around = [s for s in self.stretches if s.start <= start < s.end]
        return min(around, key=lambda s: (_ORDER[s.kind], s.start), default=None)


_ORDER = {"traces": 0, "free": 1, "denied": 2, "aside": 3}
_NOTHING = Statements()


def statements(text: str) -> Statements:
    """``text``: folded, see `substances.plain`. Linear; nothing is looked for in a text without a cue."""
    if _ANY_CUE.search(text) is None:
        return _NOTHING
    free: list[Stretch] = []
    for pattern, closing in ((_FROM, None), (_WITHOUT, _CLOSING), (_NO, _OR)):
        free += [_listed(text, m.end(), "free", closing) for m in pattern.finditer(text)]
    free += [_single(text, m.end()) for m in _NON.finditer(text)]
    denied = [_listed(text, m.end(), "denied", _OR) for m in _NOT.finditer(text)]
    aside = [_listed(text, m.end(), "aside", _CLOSING, _CLAUSE_END) for m in _ASIDE.finditer(text)]
    traces = [
        Stretch("traces", m.start(), m.end())
        for m in _TRACES.finditer(text)
        if not any(f.start <= m.start() < f.end for f in free)
    ]
    return Statements((*free, *denied, *aside, *traces), _frees(text, traces))


def _listed(
    text: str, start: int, kind: Kind, closing: re.Pattern[str] | None, ends: re.Pattern[str] = _END
) -> Stretch:
    """The list that follows a cue. ``closing``: what the last joint must have for the list to go on; None: any."""
    while start < len(text) and text[start].isspace():
        start += 1
    stop = ends.search(text, start)
    end = stop.start() if stop else len(text)
    items, joints = _items(text, start, end)
    if not items:
        return Stretch(kind, start, start)
    kept = 1
    if len(items) > 1 and (closing is None or closing.search(joints[-1])):
        while kept < len(items) and len(text[slice(*items[kept])].split()) <= _LONGEST:
            kept += 1
        if closing is not None and kept < len(items):
            # "without sugar, almonds make it sweet": the list did not close, so only what "or" joins to the first.
            kept = 2 if kept > 1 and _OR.search(joints[0]) and "," not in joints[0] else 1
    first = items[0]
    if kept == 1:
        reach = re.match(rf"(?:\S+\s+){{0,{_FIRST - 1}}}\S+", text[first[0] : first[1]])
        first = (first[0], first[0] + (reach.end() if reach else 0))
    told = (first, *items[1:kept])
    return Stretch(kind, start, told[-1][1], tuple(_undetermined(text, item) for item in told))


def _items(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], list[str]]:
    items, joints, at = [], [], start
    for joint in _JOINT.finditer(text, start, end):
        if joint.start() > at:
            items.append((at, joint.start()))
            joints.append(joint.group())
        at = joint.end()
    if text[at:end].strip():
        items.append((at, at + len(text[at:end].rstrip())))
    else:
        joints = joints[:-1]
    return items, joints


def _single(text: str, start: int) -> Stretch:
    """ "non-dairy": the one word behind it."""
    found = re.compile(r"\w+").match(text, start)
    end = found.end() if found else start
    return Stretch("free", start, end, ((start, end),))


def _undetermined(text: str, item: tuple[int, int]) -> tuple[int, int]:
    found = _DETERMINERS.match(text[item[0] : item[1]])
    return (item[0] + found.end(), item[1]) if found and found.end() < item[1] - item[0] else item


def _frees(text: str, traces: list[Stretch]) -> tuple[tuple[int, Kind], ...]:
    """Where what stands before "free" ends: "nut-, gluten- and dairy-free" has three such places."""
    found: list[tuple[int, Kind]] = []
    for match in _AFTER.finditer(text):
        end = match.start()
        word = _LAST_WORD.search(text, max(0, end - 40), end)
        start = word.start() if word else end
        before = text[max(0, start - 40) : start]
        kind: Kind = "free"
        if _DOUBTED.search(before):
            kind = "traces"
        elif (
            _OFFERED.match(text, match.start())
            or _OFFERING.search(before)
            or any(t.start <= end < t.end for t in traces)
        ):
            kind = "aside"
        found.append((end, kind))
        while (hung := _HANGING.search(text, max(0, start - 40), start)) is not None:
            found.append((hung.end(1), kind))
            start = hung.start(1)
        if text[end] != "-" and (pair := _PAIRED.search(text, max(0, start - 40), start)) is not None:
            found.append((pair.end(1), kind))
    return tuple(found)
