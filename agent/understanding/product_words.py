"""The words that phrases and products go by when one points at the other."""

from __future__ import annotations

import re

from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.numbers import ORDINAL_WORDS
from agent.understanding.language.text import stems
from agent.understanding.language.units import NAMES
from retrieval.records import Product

ORDINALS = {word: place for place, word in enumerate(ORDINAL_WORDS, start=1)}
ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "top": 1, "former": 1}
ORDINALS |= {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
ORDINALS |= {"last": -1, "latter": -1, "bottom": -1, "next to last": -2}
"""Places on a list by their words; negative ones from its end."""

LETTERS_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9+-]+", re.I)
"""A model's name: letters and digits in one word."""


def content_stems(phrase: str) -> list[str]:
    """Stems of the words that name something."""
    skip = FUNCTION_WORDS | {"first", "second", "third", "last", "pair", "number", "option", "ones"}
    return [s for s in stems(phrase) if s not in skip and (len(s) > 1 or s.isdigit())]


def name_words(phrase: str) -> list[str]:
    """The words of a phrase that can be of a name, as written."""
    skip = FUNCTION_WORDS | {"one", "ones", "pair"}
    found = re.findall(r"[^\W_]+(?:[-'’+&.][^\W_]+)*", phrase)  # "3a" is one name, not three of something
    return [word for word in found if word.lower() not in skip]


def codes_in(phrase: str) -> list[re.Pattern[str]]:
    """Patterns of the codes in a phrase ("5G", "s10"), however their parts are written; no measures, and no places."""
    found = []
    for word in re.findall(r"\w+", phrase.lower()):
        unit = re.sub(r"^\d+", "", word)
        if CODE.fullmatch(word) and word not in ORDINALS and not (len(unit) > 1 and unit in NAMES):
            parts = r"[\s-]?".join(map(re.escape, LETTERS_DIGITS.split(word)))
            found.append(re.compile(rf"\b{parts}s?\b", re.I))
    return found


def said_of(product: Product) -> str:
    """The title and what the fields say, as one text."""
    return " ".join(
        (product.title, *map(str, product.attributes.values()), *map(str, product.options.values()))
    )


def words_of(product: Product) -> set[str]:
    words = {
        *stems(product.title),
        *stems(product.brand or ""),
        *(s for c in product.category for s in stems(c)),
    }
    for name, value in (*product.attributes.items(), *product.options.items()):
        if value is True:
            words.update(stems(name.replace("_", " ")))
        for text in value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ():
            words.update(stems(text))
        if isinstance(value, float):
            words.add(f"{value:g}")
    return words
