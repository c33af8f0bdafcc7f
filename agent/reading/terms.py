"""What a phrase can mean in a shop: terms, mentions of them in an utterance, and facts of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.filters import Attribute, Brand, Category, Filter, Tags

TermKind = Literal["brand", "category", "attribute", "tag", "attribute_name", "aspect"]
SIZE_NAMES = frozenset(("size", "shoe size", "clothing size", "sizes", "us size", "eu size", "euro size"))
COLORS = frozenset(("color", "colour", "colors", "finish", "shade"))


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning of a phrase in this shop. ``certain``: the phrase alone is enough for a hard constraint."""

    kind: TermKind
    key: str
    value: str
    count: int
    certain: bool = True

    @property
    def slot(self) -> str:
        """What it competes with: a new colour takes the place of the old one."""
        return f"attribute:{self.key}" if self.kind == "attribute" else self.kind

    def filter(self) -> Filter:
        """The condition this term stands for; aspects and attribute names stand for none.

        Raises:
            ValueError: for an aspect or an attribute's name.
        """
        match self.kind:
            case "brand":
                return Brand((self.value,))
            case "category":
                return Category((self.value,))
            case "attribute":
                return Attribute(self.key, (self.value,))
            case "tag":
                return Tags((self.value,))
        raise ValueError(f"a term of kind {self.kind!r} is no condition")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the utterance, ``text[start:end]``, that the shop has words for."""

    start: int
    end: int
    phrase: str
    terms: tuple[Term, ...]
    corrected: bool = False

    @property
    def main(self) -> Term:
        return self.terms[0]


@dataclass(frozen=True, slots=True)
class NumericFacts:
    """A numeric attribute: the shop's name of it, its words, its unit and its sorted values."""

    name: str
    words: tuple[str, ...]
    unit: str | None
    values: tuple[float, ...]


_SIZES = (
    ("XXS", "Extra Extra Small", "2XS"),
    ("XS", "Extra Small", "X-Small"),
    ("S", "Small"),
    ("M", "Medium"),
    ("L", "Large"),
    ("XL", "Extra Large", "X-Large"),
    ("XXL", "Extra Extra Large", "XX-Large", "2XL"),
    ("XXXL", "Extra Extra Extra Large", "XXX-Large", "3XL"),
)
_SPELLINGS = {name.lower(): names for names in _SIZES for name in names}


def size_spellings(size: str) -> tuple[str, ...]:
    """All that a clothing size is called: ``Medium`` and ``M``; any other size is called as it is written."""
    return _SPELLINGS.get(size.lower(), (size,))


def is_size(key: str) -> bool:
    return key.lower() in SIZE_NAMES


def is_color(key: str) -> bool:
    return key.lower() in COLORS
