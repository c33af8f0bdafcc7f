"""What shoppers say they must be without: "nut-free", "no gluten", "allergic to nuts", "is there milk in it?"."""

from __future__ import annotations

import re

from agent.understanding.language.forbidden import is_behind, leads, nothing_of_animals, told_afterwards
from agent.understanding.language.reactions import harmful
from retrieval.absence.rule import about
from retrieval.absence.statements import statements
from retrieval.absence.substances import Match, Word, plain, substances, words_of

_ASKING = re.compile(
    r"\b(?:contain\w*|have|has|having|with|without|free|in (?:it|this|that|them|these|those)|any|made (?:of|from|with)|"
    r"allerg\w*|intoleran\w*|c(?:o)?eliacs?|safe|ingredients?|vegan|traces?)\b",
    re.IGNORECASE,
)
_SUFFERING = re.compile(
    r"\b(?:all?er[gj]i[ck] to|allergy to|allergies to|intolerant to|intolerance to|can(?:'|no)?t (?:have|eat"
    r"|tolerate|do|take)|"
    r"can(?:no|')?t (?:handle|stomach)|react(?:s)? (?:badly )?to|sensitive to|avoid(?:s|ing)?|nothing with|"
    r"not contain(?:ing)?|doesn'?t contain|don'?t contain|must(?:n'?t| not) contain)\s+(?:any |anything with |all )?",
    re.IGNORECASE,
)
_SUFFERER = re.compile(r"[\s-](?:allerg(?:y|ies|ic)|intoleran(?:t|ce)|sensitiv(?:e|ity))\b", re.IGNORECASE)
_ILLNESS = re.compile(r"\bc(?:o)?eliacs?\b|\bz[oö]liakie\b", re.IGNORECASE)
_ABSTAINING = re.compile(
    r"\b(?:do|does)(?:n['’]?t| not) (?:really |actually |even )?drink\b"
    r"(?=\W*$|\W*[.,;!?]|\W+(?:tho(?:ugh)?|any ?more|at all|either|so|and|or|but|now|much|alcohol)\b)"
    r"|\btee-?\s?total\w*|\boff the (?:drink|booze)\b|\btrinkt? (?:keinen|nie) alkohol\b",
    re.IGNORECASE,
)
"""Says of somebody that they take no alcohol."""
_AND = re.compile(r"\s*(?:,|/|&|\b(?:and?|or|nor|any)\b)\s*", re.IGNORECASE)
_ALLERGY = re.compile(r"\ball?er[gj]\w*|\bintoleran\w*|\breact\w*", re.IGNORECASE)
ANIMAL = "animal products"
"""The substance that nothing is from animals without."""


def is_substance(thing: str) -> bool:
    """Whether a thing is one that products contain, or a part of one, so that its absence must be shown."""
    return substances().named(thing) is not None or bool(about(thing)["within"])


def substance_of(thing: str) -> str:
    """The key of the substance that words are a name of, the words themselves for a part of one; else nothing."""
    own = substances().named(thing)
    return own.key if own is not None else thing if is_substance(thing) else ""


def is_allergen(thing: str) -> bool:
    return bool(about(thing)["allergen"])


def ruled_out(text: str) -> tuple[str, ...]:
    """Substances that a shopper says they must be without, in any of the ways people say so: "nut-free", "no gluten",
    "allergic to nuts", "a nut allergy". Exact; whatever a reader made of the words, these hold.
    """
    folded = plain(text)
    words = words_of(folded)
    told = statements(folded)
    free = {end for end, kind in told.frees if kind == "free"}
    suffering = [*(m.end() for m in _SUFFERING.finditer(folded)), *leads(folded)]
    found: dict[str, None] = {}
    matches = substances().find(words)
    named = {match.first for match in matches if match.role == "name"}
    put_off = [*_told_afterwards(folded, words, matches), *_harmful(folded, words, matches)]
    for match in matches:
        start, end = words[match.first].start, words[match.last].end
        stretch = told.kind_at(start)
        denied = stretch is not None and stretch.kind == "free" and any(a == start for a, _ in stretch.items)
        lead = max((at for at in suffering if at <= start), default=None)
        listed = lead is not None and all(
            part.strip() == "" or substances().find(words_of(part)) for part in _AND.split(folded[lead:start])
        )
        put = match in put_off or is_behind(folded, end)
        said = end in free or denied or listed or put or _SUFFERER.match(folded, end)
        if said and (
            match.role == "name" or ((listed or put) and match.role == "member" and match.first not in named)
        ):
            found[match.key if match.role == "name" else folded[start:end]] = None
    for word in words:
        joined = substances().without(word.text) if word.text.endswith(("free", "frei")) else None
        if joined is not None:
            found[joined.key] = None
    if _ILLNESS.search(text):
        found["gluten"] = None
    if _ABSTAINING.search(text):
        found["alcohol"] = None
    if nothing_of_animals(text):
        found[ANIMAL] = None
    return tuple(thing for thing in found if not (ANIMAL in found and _is_of_animals(thing, text)))


def _told_afterwards(folded: str, words: list[Word], matches: list[Match]) -> list[Match]:
    """The substances of which a later word says that somebody is to do without: "the midwife forbids it"."""
    found = []
    for at in told_afterwards(folded):
        before = [match for match in _clear(matches) if words[match.last].end <= at]
        last = max((m.last for m in before), default=None)
        found += [m for m in before if m.last == last]
    return found


def _harmful(folded: str, words: list[Word], matches: list[Match]) -> list[Match]:
    """The substances of which it is told what they do to somebody: "almonds put me in hospital"."""
    clear = _clear(matches)
    spans = [(words[match.first].start, words[match.last].end) for match in clear]
    return [clear[at] for at in harmful(folded, spans)]


def _clear(matches: list[Match]) -> list[Match]:
    """Without the words that mean more than a substance: "cream" is more than dairy."""
    vague = {m.first for m in matches if m.role == "member" and "animal" in substances()[m.key].traits}
    return [m for m in matches if m.role == "name" or (m.role == "member" and m.first not in vague)]


def _is_of_animals(thing: str, text: str) -> bool:
    """Whether who wants nothing from animals has said with it that this may not be, and means no allergy."""
    own = substances().get(thing)
    return own is not None and thing != ANIMAL and "animal" in own.traits and not _ALLERGY.search(text)


def asked_substance(question: str) -> str | None:
    """The substance, or the part of one, that a question on a product is about; None where it is about another thing."""
    if not _ASKING.search(question) and not _ILLNESS.search(question):
        return None
    if _ILLNESS.search(question):
        return "gluten"
    folded = plain(question)
    words = words_of(folded)
    found = substances().find(words)
    for match in sorted(found, key=lambda m: (m.role != "name", m.first - m.last)):
        own = substances()[match.key]
        if own.allergen or "ingredients" in own.lists or match.role == "name":
            return (
                own.key if match.role == "name" else folded[words[match.first].start : words[match.last].end]
            )
    joined = (substances().without(w.text) for w in words if w.text.endswith(("free", "frei", "less")))
    return next((own.key for own in joined if own is not None), None)
