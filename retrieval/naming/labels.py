"""The kinds that each product goes under: its category's names, its title's head, its stated type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.naming.heads import HeadReader
from retrieval.naming.thesaurus import Phrase, phrase_of
from retrieval.records import Product
from retrieval.text.normalization import fold

LEAF, HEAD, TYPE, JOINED, LIKE, ALSO, ABOVE = 1.0, 0.9, 0.95, 0.7, 0.6, 0.55, 0.3
"""How sure a label is: the last category's name, the title's head, a stated type, one of several names in a
category's ("Coats & Jackets"), what it is like, what a set is of, a category above."""
DIRECT = 0.5
"""Labels below say only what department a product is in."""
_AND = re.compile(r"\s*(?:&|,|/|\+|\band\b|\bor\b)\s*", re.IGNORECASE)
_SHARED = re.compile(r"\b(?!\w*s\b)\w+\s*(?:&|\band\b)\s*\w+[\w\s-]*s\s*$", re.IGNORECASE)
"""A singular, "and", a plural at the end: the last word is said of both."""
_TYPE_NAMES = frozenset({"product type", "type", "producttype", "item type", "kind", "attr t product type"})
_BRACKETS = re.compile(r"\([^)]*\)")


def category_names(level: str) -> list[Phrase]:
    """The names in one category's name: "women's coats & jackets" -> women's coats, women's jackets."""
    parts = [phrase_of(part) for part in _AND.split(_BRACKETS.sub(" ", level)) if part.strip()]
    parts = [part for part in parts if part]
    if len(parts) > 1 and len(parts[-1]) > 1 and _SHARED.search(level):  # "Guitar & Bass Amplifiers"
        return [(*part, parts[-1][-1]) for part in parts[:-1]] + [parts[-1]]
    if len(parts) > 1 and len(parts[0]) > 1:  # what stands before the first belongs to each: men's, women's
        before = parts[0][:-1]
        parts = [parts[0], *((*before, *part) if len(part) == 1 else part for part in parts[1:])]
    return parts


def labels_of(product: Product, reader: HeadReader) -> Iterator[tuple[Phrase, float]]:
    """Each label with how sure it is."""
    head = reader.read(product.title)
    if product.category:
        names = category_names(product.category[-1])
        heads = {name[-1] for name in names}
        other = head is not None and head.phrase[-1] in heads and len(heads) > 1
        for name in names:
            joined = JOINED if len(names) > 1 else LEAF
            if not other or (head and name[-1] == head.phrase[-1]):
                yield name, joined
        for level in product.category[:-1]:
            for name in category_names(level):
                yield name, ABOVE
    if head is not None:
        yield head.phrase, HEAD
        if head.also:
            yield head.also, ALSO
    for value in _types(product):
        found = phrase_of(_BRACKETS.sub(" ", value))[:4]
        if found and reader.is_thing(found[-1]):
            yield found, TYPE


def _types(product: Product) -> Sequence[str]:
    return [v for k, v in product.attributes.items() if fold(k) in _TYPE_NAMES and isinstance(v, str)]
