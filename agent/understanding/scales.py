"""Words that grade: "cheapest", "not too heavy", "longer battery", "best rated", and the field
each is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from agent.conditions import PRICE, STARS
from agent.understanding.language.comparatives import COMPARATIVES, superlative
from agent.understanding.language.directions import direction_on, is_better_lower, measures
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.graded import graded_key
from agent.understanding.language.text import stems, tokenize

if TYPE_CHECKING:
    from agent.tools.schema import Field

CLOSE, SHORTEST = 82.0, 5
"""How near a misspelt word must be to a word of a field's name, and how long that word at least."""
_EXTRA = {
    "cheap": ("pricier", -1), "affordable": ("pricier", -1), "inexpensive": ("pricier", -1),
    "budget": ("pricier", -1), "pricey": ("pricier", 1), "costly": ("pricier", 1),
    "expensive": ("pricier", 1), "dear": ("pricier", 1),
    "bulky": ("bigger", 1), "heavy": ("heavier", 1), "noisy": ("louder", 1), "loud": ("louder", 1),
    "high": ("taller", 1), "low": ("lower", -1), "little": ("smaller", -1), "wee": ("smaller", -1),
    "economical": ("pricier", -1), "luxurious": ("pricier", 1), "premium": ("pricier", 1),
    "upmarket": ("pricier", 1), "exclusive": ("pricier", 1), "teeny": ("smaller", -1), "dinky": ("smaller", -1),
    "slow": ("slower", 1), "weak": ("stronger", -1), "dark": ("brighter", -1), "mini": ("smaller", -1),
}  # fmt: skip
_IRREGULAR = {"least": -1, "lowest": -1, "fewest": -1, "less": -1, "lower": -1, "fewer": -1, "minimum": -1}
_IRREGULAR |= {"most": 1, "highest": 1, "more": 1, "higher": 1, "maximum": 1, "max": 1}
_BEST = frozenset(["best", "better", "nicest", "nicer", "finest", "top", "greatest", "favourite", "favorite"])
_WORST = frozenset(["worst", "worse", "poorest"])
_RATED = re.compile(
    r"\b(?:rated|ratings?|reviews?|reviewed|stars?|happy|happier|happiest|love[ds]?|marks?|scores?|customers?|buyers?|people)\b"
)
_STARRED = re.compile(
    r"\b(?:rated|ratings?|reviews?|reviewed|stars?|marks?|scores?|happiest|customers?|buyers?)\b"
)
"""Of these, the words that tell of stars in a wish as well; "ring people" and "loves cats" do not."""
_SOLD = re.compile(r"\b(?:popular|sell\w*|sold|selling|bestsell\w*|trending|buy the most|most bought)\b")
_WORTH = re.compile(r"\b(?:value|bang|bargain|worth|money)\b")
_COSTS = re.compile(
    r"\b(?:costs?|price[ds]?|money|dollars?|pay|spend|expensive|cheap\w*|set .{1,12} back|bucks?)\b"
)
_BEST_RATED = re.compile(
    r"\b(?:highest|top|best|most|better|higher)[ -](?:(?:customer|buyer|user|average|overall|star)s?[ -])?"
    r"(?:rated|ratings?|reviewed|starred|scor\w+|marks?|loved|liked|praised|thought of)\b"
    r"|\b(?:rates?|rated|rank\w*|marks?|score[sd]?|likes?|liked|loves?|prefer\w*|think\w*|thought)\b"
    r".{0,25}\b(?:higher|highest|better|best|more|most)\b"
)
_LIKED_MOST = re.compile(
    r"\b(?:highest|top|best|most)[ -](?:(?:customer|buyer|user|average|overall|star)s?[ -])?"
    r"(?:rated|ratings?|reviewed|scores?|marks?|liked|loved|praised|thought of)\b"
    r"|\b(?:people|buyers?|customers?|everyone|everybody|they|others|who)\b.{0,24}\b(?:like|love|rate|prefer|enjoy)d?\b.{0,12}"
    r"\b(?:best|most|highest)\b",
    re.I,
)
_LEAST_PAID = re.compile(
    r"\b(?:the )?least (?:that )?(?:i|we|you|one|anyone|it)\b.{0,24}\b(?:pay|spend|costs?|set me back)\b"
    r"|\bcosts? (?:me |us |the )?(?:the )?least\b|\bleast money\b|\beasiest on (?:the|my|our) (?:wallet|purse|pocket)\b"
    r"|\blowest[ -]priced?\b|\bmost cheap(?:ly)?\b",
    re.I,
)
_PRICED = re.compile(r"\bprice[ds]?\b|\bcosts?\b")
_ENDS = {"low": -1, "lower": -1, "lowest": -1, "high": 1, "higher": 1, "highest": 1}
_WEIGHS = re.compile(r"\bweigh\w*\b")
_UNKNOWN = re.compile(r"(?<![\w'-])[a-z]{5,}(?![\w'-])")
_COMPARING = re.compile(r"\b(?:than|[a-z]{2,}er|less|more|fewer|worse)\b")
_ENDING = re.compile(r"\b(?:[a-z]{2,}est|least|most|best|worst|top|max|min)\b")


@dataclass(frozen=True)
class Scale:
    """More (1) or less (-1) of a field. ``comparative``: than something; ``superlative``: than all others."""

    field: str
    """A shop's field, ``price``, ``stars``, ``popularity``, or an aspect that buyers speak of."""
    direction: int
    comparative: bool = False
    superlative: bool = False
    word: str = ""
    known: bool = True
    """Whether it is a field, not only an aspect."""


_ALIASES = {"space": "storage", "gigs": "memory", "gig": "memory", "juice": "battery"}
"""What shoppers call a measure that fields call otherwise: "the one with the most space"."""
_YEARS = 1900
_FORMS: dict[str, tuple[str, int]] = {word: (word, 1) for word in COMPARATIVES}
for _key in COMPARATIVES:
    if _key.endswith("er"):
        _FORMS[superlative(_key)] = (_key, 1)
for _word, (_key, _sign) in _EXTRA.items():
    _direction = COMPARATIVES[_key][0]
    _FORMS.setdefault(_word, (_key, 1 if _direction == _sign else -1))
    for _form in (
        f"{_word}er",
        f"{_word}est",
        f"{_word.removesuffix('y')}iest",
        f"{_word.removesuffix('y')}ier",
    ):
        _FORMS.setdefault(_form, _FORMS[_word])


_FORMS |= dict.fromkeys(("poshest", "fanciest", "swankiest", "spendiest", "steepest"), ("pricier", 1))
"""Forms of words that say something else without their ending: "fancy a new jacket"."""
_FORMS |= {"latest": ("newer", 1), "oldest": ("newer", -1), "older": ("newer", -1)}


_GRADES = sorted(
    word
    for word in {*_FORMS, *_IRREGULAR, *_BEST, *_WORST, "rated", "rating", "reviews", "reviewed", "popular"}
    if len(word) >= SHORTEST
)


def graded(word: str) -> tuple[int, tuple[str, ...]] | None:
    """Direction and topics of a word that grades, in any form; None for another word."""
    word = word.lower()
    found = _FORMS.get(word) or ((key, 1) if (key := graded_key(word)) else None)
    if found is None and len(word) > 4:
        for tail in ("est", "er", "st", "r"):
            stem = word.removesuffix(tail)
            for base in (stem, stem[:-1] if stem[-2:-1] == stem[-1:] else stem, stem.removesuffix("i") + "y"):
                if stem != word and (key := graded_key(base)):
                    found = (key, 1)
    if found is None:
        return None
    direction, topics = COMPARATIVES[found[0]]
    return direction * found[1], topics


def read_scale(
    phrase: str, fields: Sequence[Field], near: Callable[[str], Field | None] | None = None
) -> Scale | None:
    """What a phrase orders by, given the numeric fields of the kind (fullest first); None where it grades
    nothing.

    ``near``: the numeric field nearest in meaning to some words, asked last.
    """
    low = _as_meant(phrase.lower())
    compares, ends = bool(_COMPARING.search(low)), bool(_ENDING.search(low))
    form: dict[str, Any] = {"comparative": compares and not ends, "superlative": ends, "word": phrase}
    words = [token.text for token in tokenize(low) if token.is_word]
    if _WORTH.search(low) and (set(words) & (_BEST | {"most", "good", "great"}) or "bang" in words):
        return Scale("value", 1, **{**form, "superlative": True})
    if _SOLD.search(low):
        return Scale("popularity", 1, **{**form, "superlative": True})
    for word in words:
        if word in _WORST and not (_STARRED.search(low) or _RATED.search(low)):
            continue  # "my heels are worst": nobody asks to be shown the worst
        if word in _BEST or word in _WORST:
            rest = [w for w in words if w not in _BEST | _WORST]
            field = _named(rest, fields)
            if field is not None and not _RATED.search(low):
                return Scale(field.name, -1 if is_better_lower(field.name) else 1, **form)
            return Scale(STARS, 1 if word in _BEST else -1, **{**form, "superlative": True})
    if _BEST_RATED.search(low):
        return Scale(STARS, 1, **{**form, "superlative": True})
    if _PRICED.search(low):
        sign = next((sign for word, sign in _ENDS.items() if word in words), 0)
        if sign:
            return Scale(PRICE, sign, **form)
    for at, word in enumerate(words):
        meaning = graded(word)
        if meaning is not None:
            scale = _on_topics(meaning, [*words[:at], *words[at + 1 :]], fields)
            if scale is not None:
                if at and words[at - 1] in ("less", "least"):
                    scale = Scale(scale.field, -scale.direction, known=scale.known)
                return Scale(scale.field, scale.direction, **form, known=scale.known)
    for word in words:
        if word in _IRREGULAR:
            scale = _irregular(low, words, _IRREGULAR[word], fields, form, near)
            if scale is not None or not _RATED.search(low):
                return scale
    if _RATED.search(low):
        return Scale(STARS, 1, **{**form, "superlative": True})
    return None


def wishes_stars(phrase: str) -> bool:
    """Whether a wish that speaks of people or of what they love is one for what buyers rate well."""
    low = phrase.lower()
    words = {token.text for token in tokenize(low)}
    return bool(_STARRED.search(low) or _BEST_RATED.search(low) or words & (_BEST | _WORST))


def _as_meant(low: str) -> str:
    """The phrase with misspelt words of grading as they are meant: "most expencive", "beter"."""
    return _UNKNOWN.sub(lambda word: _nearest_grade(word[0]), low)


@lru_cache(maxsize=2_000)
def _nearest_grade(word: str) -> str:
    """The one grade that a word which English does not know is a slip of; the word itself where there is none."""
    if word in english_ranks():
        return word
    near = process.extract(word, _GRADES, scorer=OSA.distance, score_cutoff=1, limit=3)
    return next((grade for grade, _, _ in near if grade[0] == word[0]), word)


def read_order(text: str) -> Scale | None:
    """An order that a whole text asks for in words that no span need hold: "what's the least I would have to pay"."""
    if _LEAST_PAID.search(text):
        return Scale(PRICE, -1, superlative=True, word="cheapest")
    if _LIKED_MOST.search(text):
        return Scale(STARS, 1, superlative=True, word="best rated")
    return None


def order_words(phrase: str, scale: Scale) -> str:
    """The words of an order by price, stars or sales that say it: "best rated" of "best rated HP"."""
    words = phrase.removeprefix("the ").split()
    if scale.field == PRICE and scale.superlative and not any(word.lower().endswith("est") for word in words):
        return "most expensive" if scale.direction > 0 else "cheapest"
    if words[-1:] in (["least"], ["most"]):  # "weighs the least"
        return {"weight": "heaviest" if scale.direction > 0 else "lightest"}.get(
            scale.field.split("_")[0], ""
        )
    if scale.field in (PRICE, STARS, "popularity"):
        while len(words) > 1 and not _says_order(words[-1].lower()):
            words.pop()
    elif words and not _is_end(words[0]) and (end := next((w for w in words if _is_end(w)), "")):
        return end  # "lasts longest on a charge"
    return " ".join(words)


def _is_end(word: str) -> bool:
    return _ENDING.fullmatch(word.lower()) is not None


def _says_order(word: str) -> bool:
    patterns = (_RATED, _SOLD, _WORTH, _COSTS, _ENDING, _COMPARING)
    return word in _BEST | _WORST or graded(word) is not None or any(p.search(word) for p in patterns)


def _on_topics(
    meaning: tuple[int, tuple[str, ...]], others: Sequence[str], fields: Sequence[Field]
) -> Scale | None:
    direction, topics = meaning
    if PRICE in topics:
        return Scale(PRICE, direction)
    of_extent = topics[0] == "size"
    meant = [f for f in fields if _has_extent(f, topics, others)] if of_extent else fields
    named = _named(others, meant)
    if named is not None:
        return Scale(named.name, direction)
    # a measure with a unit tells it better than "screen format"
    first = [field for field in fields if field.unit is not None] if of_extent else []
    for topic, field in (*product(topics, first), *product(topics, fields)):
        if topic == "year" and (field.range is None or field.range[1] < _YEARS):
            continue  # a number of years is no date
        goes = direction_on(field.name, topics, direction) if measures(field.name, topic) else None
        if goes is not None:
            return Scale(field.name, goes)
    return Scale(topics[0], direction, known=False)


def _has_extent(field: Field, topics: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a field tells how big something is: by a topic, or as what is named ("memory", no "memory voltage")."""
    head = field.stems[-1:]
    return any(measures(field.name, topic) for topic in topics) or head in [stems(word) for word in words]


def _irregular(
    low: str,
    words: Sequence[str],
    sign: int,
    fields: Sequence[Field],
    form: dict[str, Any],
    near: Callable[[str], Field | None] | None,
) -> Scale | None:
    if _COSTS.search(low):
        return Scale(PRICE, sign, **form)
    weight = next((f for f in fields if measures(f.name, "weight")), None)
    if _WEIGHS.search(low) and weight is not None:
        return Scale(weight.name, sign, **form)
    rest = [w for w in words if w not in _IRREGULAR]
    tells = [w for w in rest if w not in FUNCTION_WORDS]
    field = _named(rest, fields) or (near(" ".join(tells)) if near and tells else None)
    return Scale(field.name, sign, **form) if field is not None else None


def _named(words: Sequence[str], fields: Sequence[Field]) -> Field | None:
    """The numeric field that one of the words names ("battery" of ``battery_hours``)."""
    called = (_ALIASES.get(word, word) for word in words)
    asked = {stem for word in called for stem in stems(word) if len(stem) > 2}
    best = next((field for field in fields if asked & set(field.stems)), None)
    if best is not None:
        return best
    names = {stem: field for field in reversed(fields) for stem in field.stems if len(stem) >= SHORTEST}
    for stem in asked:
        near = (
            process.extractOne(stem, list(names), scorer=fuzz.ratio, score_cutoff=CLOSE)
            if len(stem) > 4
            else None
        )
        if near is not None:
            return names[near[0]]
    return None
