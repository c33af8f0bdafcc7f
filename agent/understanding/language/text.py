"""Tidying what people type or say, and cutting it into tokens that words of the shop can be compared with."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from agent.understanding.language.function_words import FUNCTION_WORDS

MAX_CHARACTERS = 2000
"""Longer utterances are cut: nobody says more in one turn, and it bounds the work."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "…": "..."})
_FILLERS = re.compile(
    r"(?:\b(?:u+[hm]+|e+r+m*|a+h+|hm+|mm+|i guess|basically|or something(?: like that)?"
    r"|let's see)\b,?"
    r"|(?:^|,\s*)you know\b,?|\byou know,|(?<=[,.])\s*like,|\blike,\s)",
    re.IGNORECASE,
)
_UNMARKED = re.compile(
    r"\b(?P<verb>do|does|did|is|are|was|were|has|have|would|should|could|must)nt\b|\b(?P<ca>ca|wo)nt\b"
    r"|\b(?P<i>i)m\b|\b(?P<that>that|what|let)s(?= (?:a|an|the|your|not|go|see|too|it|up|with|wrong|so)\b)"
    r"|\b(?P<ill>i)ll(?= (?:take|have|buy|get|go|pick|choose|order)\b)"
    r"|\b(?P<wh>w)it?ch(?= (?:one|ones|of|is|are|has|have)\b)",
    re.IGNORECASE,
)
""" "Dont", "cant", "im": the apostrophe is seldom typed."""
_STUTTER = re.compile(
    r"\b(i|i'm|a|an|the|my|me|we|it|is|in|on|of|or|and|but|for|to|with|show|want|maybe|please|some|can|could)"
    r"(?:\s*,?\s*(?:-|\.\.\.)?\s+\1\b)+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_](?:[\w]|'(?=\w))*|[$€£¥%&+<>=]|[.,;:!?()\"-]")

_SPELLINGS = {
    "grey": "gray",
    "colour": "color",
    "colours": "color",
    "coloured": "colored",
    "litre": "liter",
    "litres": "liter",
    "metre": "meter",
    "metres": "meter",
    "jewellery": "jewelry",
    "aluminium": "aluminum",
    "tyre": "tire",
    "tyres": "tire",
    "fibre": "fiber",
    "centre": "center",
    "flavour": "flavor",
    "flavours": "flavor",
    "pyjamas": "pajama",
    "moisturiser": "moisturizer",
    "trousers": "trouser",
    "knives": "knife",
    "shelves": "shelf",
    "scarves": "scarf",
    "loaves": "loaf",
    "wives": "wife",
    "men's": "man",
    "mens": "man",
    "men": "man",
    "women's": "woman",
    "womens": "woman",
    "women": "woman",
    "ladies": "woman",
    "ladies'": "woman",
    "kids": "kid",
    "children": "child",
    "children's": "child",
    "mice": "mouse",
    "tv's": "tv",
}
_UNCHANGED = frozenset(
    ("series", "species", "news", "lens", "always", "yes", "this", "its", "his", "has", "was")
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark, with its place in the tidied text; ``stem`` is what is compared."""

    text: str
    start: int
    end: int
    stem: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


def tidy(text: str) -> str:
    """One line, plain quotes and dashes, no control characters, fillers or stutters; case is kept."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).translate(_QUOTES)
    text = "".join(c if c.isprintable() else " " for c in text if unicodedata.category(c) != "Cf")
    text = _UNMARKED.sub(_with_apostrophe, text)
    text = _FILLERS.sub(" ", text)
    text = _STUTTER.sub(r"\1", text)
    return re.sub(r"\s+", " ", text).strip(" ,")


def _with_apostrophe(match: re.Match[str]) -> str:
    if match.group("wh"):
        return f"{match.group('wh')}hich"
    if match.group("ill"):
        return f"{match.group('ill')}'ll"
    verb, ending = match.group("verb") or match.group("ca"), match.group()[-1]
    if verb:
        return f"{verb}n't"
    return f"{match.group('i') or match.group('that')}'{ending}"


@lru_cache(maxsize=100_000)
def singular(word: str) -> str:
    """A crude singular in American spelling; only ever compared with the same of another word."""
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) < 4 or word in _UNCHANGED:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ie") and len(word) > 4:  # "hoodie", as of "hoodies"
        return word[:-2] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _SPELLINGS.get(word, word)


def tokenize(text: str) -> tuple[Token, ...]:
    return tuple(
        Token(lower := match.group().lower(), match.start(), match.end(), singular(lower))
        for match in _TOKEN.finditer(text)
    )


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """The comparable form of a shop's phrase: ``"Women's T-Shirts"`` -> ``("woman", "t", "shirt")``."""
    return tuple(token.stem for token in tokenize(tidy(text)) if token.is_word)


def content_words(phrase: str) -> list[str]:
    """The words and numbers of a phrase that carry meaning, in small letters."""
    return [
        t.text
        for t in tokenize(phrase)
        if (t.is_word or t.text[0].isdigit()) and t.text not in FUNCTION_WORDS
    ]
