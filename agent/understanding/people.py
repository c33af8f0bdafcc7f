"""Who it is for: a person's words to the values by which a shop marks whom things are made for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from agent.understanding.language.ages import AGED, age_in
from agent.understanding.language.english import english_ranks
from retrieval.text.word_set import word_set

_WOMAN = (
    "woman women women's womens lady ladies ladies' female girlfriend wife mum mom mother gran grandma "
    "granny nan nana aunt auntie sister bride missus mrs her she fiancee mother-in-law sister-in-law "
    "daughter-in-law stepmum stepmom gal gals chick chicks lass wifey gf hers shes bridesmaid goddaughter"
)
_MAN = (
    "man men men's mens gent gents gentleman male boyfriend husband dad father grandad grandpa grandfather "
    "uncle brother bloke guy groom mr him he his fiance father-in-law brother-in-law lad's lads fella "
    "son-in-law stepdad lad blokes guys fellas dude dudes chap chaps hubby bf hes godfather"
)
_KID = (
    "kid kids kids' child children children's boy boys girl girls toddler toddlers baby babies infant son "
    "daughter niece nephew grandson granddaughter grandchild grandchildren grandkid grandkids little "
    "junior youth teen teenager sons daughters nieces nephews newborn toddler's"
)
_GIRL = frozenset(["girl", "girls", "daughter", "niece", "granddaughter"])
_BOY = frozenset(["boy", "boys", "son", "nephew", "grandson"])
_DESCRIBING = frozenset(["she", "her", "hers", "shes", "he", "him", "his", "hes", "little", "junior"])
"""Words that tell of a person only where no noun does."""
_ROLES = word_set(
    "boss manager supervisor teacher teachers tutor coach colleague colleagues coworker coworkers co-worker co-workers "
    "workmate workmates neighbour neighbours neighbor neighbors landlord landlady host hostess hosts parents in-laws "
    "grandparents couple newlyweds friend friends mate mates bestie bff partner spouse roommate flatmate housemate nurse "
    "nurses doctor doctors carer carers secretary receptionist cleaner postman mailman vicar priest client clients "
    "employee employees staff retiree pensioner cousin"
)
"""Whom people have to do with: grown, unless an age or a word beside it says otherwise."""
_PEERS = word_set("friend friends mate mates bestie bff cousin neighbour neighbours neighbor neighbors")
"""Of a child these are children."""
_ADULT = frozenset(["grown-up", "grown", "adult", "adults", "grownup", "grownups"])
_GROUPS = {"woman": frozenset(_WOMAN.split()), "man": frozenset(_MAN.split()), "kid": frozenset(_KID.split())}
_VALUES = {
    "woman": ("women's", "women", "woman", "female", "ladies", "womens", "girls"),
    "man": ("men's", "men", "man", "male", "gents", "mens", "boys"),
    "kid": (
        "kids'",
        "kids",
        "kid",
        "children",
        "child",
        "youth",
        "junior",
        "kids",
        "toddler",
        "girls",
        "boys",
    ),
    "adult": ("adult", "adults"),
}
GROWN = 16
"""Years from which nobody is a child."""
EVERYONE = ("unisex", "everyone", "all", "adults")
_WORDS = re.compile(r"[a-z][a-z'-]*", re.I)
_NOUNS = sorted({*_WOMAN.split(), *_MAN.split(), *_KID.split()} - _DESCRIBING, key=len, reverse=True)
_PERSON = rf"(?:{'|'.join(_NOUNS)})"
_SOME = r"(?:[a-z-]+\s){0,2}?"
_MADE_FOR = re.compile(
    r"\b(?P<who>(?:wo)?men['’]?s|ladies['’]?|gents['’]?|mens|womens|girls['’]|boys['’])(?=\s+[a-z]|\W*$)",
    re.I,
)
_NEEDING = re.compile(
    rf"\b(?:my|our)\s(?P<who>{_SOME}{_PERSON})\b(?:['’]s)?,?\s(?:(?:he|she|who|only|really|just|is|'s|also|now)\s)*"
    r"(?:needs?|wants?|wears?|could use|would (?:love|like)|is after|is looking|likes?|loves?|goes|runs|does|plays|"
    r"dances?|dancer|takes a|built|tall|short|big|slim|small|turns|turning)\b",
    re.I,
)
_FOR = re.compile(
    rf"\b(?:for|dress|suits?|fits?)\s(?:(?:my|our|an?|the|this|his|her|their)\s)?(?P<who>{_SOME}{_PERSON})\b(?!['’]s)",
    re.I,
)
_CELEBRATED = re.compile(
    rf"\b(?:my|our)\s(?P<who>{_SOME}{_PERSON})['’]s\s(?:\w+\s)?(?:birthday|anniversary|christmas|xmas|present|gift|retirement|"
    r"graduation|wedding|stocking)\b",
    re.I,
)
_SPEAKER = re.compile(rf"\bi(?:['’]m| am|m)\s(?:an?\s)?(?P<who>{_SOME}{_PERSON})\b(?!['’]s)", re.I)
_SOMEBODY = re.compile(rf"\b(?:my|our|the)\s(?P<who>{_SOME}{_PERSON})\b", re.I)
_PRONOUN_NEEDS = re.compile(
    r"\b(?:(?P<she>she)|he)\s(?:(?:only|really|just|now|also)\s)*(?:needs?|wants?|could (?:use|do with)|"
    r"would (?:love|like)|wears?)\b",
    re.I,
)
"""Somebody who is only spoken of by another thing: "the wife's jacket has given up. She needs one"."""
_SIZED = re.compile(
    r"\b(?:for|in|fits?|suits?) (?P<who>him|her|his|hers)\b(?! (?:birthday|house|room))", re.I
)
_IS = r"turns?|has|have|makes?|will be"
_AGED = re.compile(
    rf"\b(?:(?:he|she)(?:['’]?s|\s+(?:is|was|{_IS}))|{_PERSON}(?:['’]s|\s+(?:is|are|{_IS}))|turns|turning|aged)\s+{AGED}",
    re.I,
)
_OF_WHOM = re.compile(
    rf"\b{_PERSON}(?:['’]s|s['’])\s+(?=(?:(?!one\b|and\b|or\b)[a-z-]+\s)?(?:{_PERSON}|teachers?|friends?|mates?|coach|trainer|tutor|boss|colleagues?|"
    r"carers?|nurses?|doctor|childminder|nanny|neighbou?rs?|in-laws|parents|family|class(?:mates?)?)\b)",
    re.I,
)
"""Before a person or a role, the one by whom it is told: "my daughter's teacher" is no daughter."""
_WHERE = re.compile(
    rf"\b(?:at|from|in|of)\s(?:my|our|his|her|their|the)\s{_PERSON}(?:['’]?s?['’]?)(?:\s+(?:school|nursery|class|kindergarten|"
    r"club|team|preschool|playgroup|daycare|crèche|creche))?\b",
    re.I,
)
"""Behind a role, where it is held: "the teachers at my son's school"."""
_ROLE = re.compile(rf"\b(?:{'|'.join(sorted(_ROLES, key=len, reverse=True))})\b", re.I)
_CHILD = re.compile(
    rf"\b(?:{'|'.join(sorted(_GROUPS['kid'] - _DESCRIBING, key=len, reverse=True))}|little ones?)\b", re.I
)
_ALL, _LONG = (frozenset(_NOUNS) | _ROLES, 6)
"""Words for persons, and letters from which on one may be misspelt."""
_SELF = re.compile(r"\b(?:me|myself|mine|i'm|im|i am)\b", re.I)


@dataclass(frozen=True)
class Person:
    """What is known of whom it is for."""

    group: str = ""
    """``woman``, ``man``, ``kid``, ``adult`` or unknown."""
    age: float | None = None
    """Years."""
    is_self: bool = False
    sex: str = ""
    """``woman`` or ``man``, of a child of whom that is said."""
    grown: bool = False
    """Whether it is surely for nobody but grown people, as far as the words go that are read."""

    @property
    def values(self) -> tuple[str, ...]:
        """How shops mark what suits; a girl gets nothing that is made for boys."""
        other = {"woman": "boys", "man": "girls"}.get(self.sex)
        return tuple(value for value in _VALUES.get(self.group, ()) if value != other)

    @property
    def grown_values(self) -> tuple[str, ...]:
        """What suits a child where the shop makes nothing for children: a grandson may be grown."""
        return _VALUES.get(self.sex, ()) if self.age is None else ()


def read_person(phrase: str) -> Person:
    """Group and age of a recipient, as far as the words tell."""
    told_by_a_child = _CHILD.search(phrase) is not None
    phrase = _plain(phrase)
    spoken = [
        _spelt(word.lower().replace("’", "'").removesuffix("'s").strip("'"))
        for word in _WORDS.findall(phrase)
    ]
    words = set(spoken)
    age = age_in(phrase)
    group = "adult" if words & _ADULT else _group(spoken)
    if age is not None:
        if age < 13 and (not group or group in ("kid", "man", "woman")):
            group = "kid"
        elif age >= GROWN and group == "kid":
            group = _sex(words)
    is_self = bool(_SELF.search(phrase)) and not words & (_GROUPS["kid"] | {"her", "him"})
    roles = words & (_ROLES - _PEERS if told_by_a_child else _ROLES)
    return Person(group, age, is_self, _sex(words) if group == "kid" else "", grown=bool(roles))


def _plain(text: str) -> str:
    """A text without those by whom a person or a role is only told."""
    text = _OF_WHOM.sub(" ", text)
    role = _ROLE.search(text)
    return text if role is None else text[: role.end()] + _WHERE.sub(" ", text[role.end() :])


@lru_cache(maxsize=2_000)
def _spelt(word: str) -> str:
    """A person's word that is misspelt by one letter, "girlfreind", as it is meant; no other English word."""
    if len(word) < _LONG or word in _ALL or word in english_ranks():
        return word
    return min((noun for noun in _ALL if OSA.distance(word, noun, score_cutoff=1) <= 1), default=word)


def is_grown(who: Person, text: str) -> bool:
    """Whether what is looked for is for grown people alone: no child is spoken of beside them."""
    grown = who.grown or who.group in ("woman", "man", "adult")
    if who.is_self or who.group == "kid" or not grown or (who.age is not None and who.age < GROWN):
        return False
    return not _CHILD.search(_plain(text))


def _group(words: Sequence[str]) -> str:
    """Of the nouns the last, which the others only describe ("her father"), but a child whatever follows;
    none where goods for both are asked for.
    """
    nouns = [name for word in words if word not in _DESCRIBING for name in _GROUPS if word in _GROUPS[name]]
    if "kid" in nouns or {"men", "women"} <= set(words):
        return "kid" if "kid" in nouns else ""
    told = nouns or [name for word in words for name in _GROUPS if word in _GROUPS[name]]
    return told[-1] if told else ""


def person_in(text: str) -> Person | None:
    """Whom a text is about that marks nobody: who needs or wears something, whom it is for, the speaker, or
    the group that goods are called by. A person who only says something ("mum says") is none.
    """
    goods = " ".join(match["who"] for match in _MADE_FOR.finditer(text))
    if goods:
        return read_person(goods)
    for pattern in (_NEEDING, _FOR, _CELEBRATED, _SPEAKER, _SIZED):
        for match in pattern.finditer(text):
            found = read_person(match["who"])
            if found.group:
                return replace(found, is_self=pattern is _SPEAKER)
    return _who_needs(text)


def _who_needs(text: str) -> Person | None:
    """The person before that "she" or "he" needs something is said of."""
    needs = _PRONOUN_NEEDS.search(text)
    if needs is None:
        return None
    sex = "woman" if needs["she"] else "man"
    for match in reversed(list(_SOMEBODY.finditer(text[: needs.start()]))):
        found = read_person(match["who"])
        if sex in (found.group, found.sex):
            return found
    return None


def ages_told(text: str) -> list[tuple[int, int]]:
    """Where a text says how old somebody is ("he's 5"): such a number is no price and no size."""
    return [match.span() for match in _AGED.finditer(text)]


def _sex(words: set[str]) -> str:
    return "woman" if words & _GIRL else "man" if words & _BOY else ""
