"""What is made for children, as far as a shop tells: by whom it marks it for, by ages, by kind and by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from retrieval.filters import Attribute, Category, Filter, Items, Or
from retrieval.text.normalization import fold
from retrieval.text.word_set import word_set

if TYPE_CHECKING:
    from agent.tools.schema import Field
    from retrieval.search import SearchEngine

LITTLE, NO_LONGER = 5.0, 14.0
"""What may be had from so few years on is a small child's; what ends at so many is no grown person's."""
_LEAST = frozenset(("from", "min", "minimum", "recommended", "starting", "suitable"))
_MOST = frozenset(("to", "max", "maximum", "until"))
"""In the name of a field of ages, which end it is."""
_WHOM = frozenset(("gender", "audience", "made", "age", "group", "department", "target", "sex"))
"""In the name of a field, that it says whom things are made for."""
_MARKED = word_set(
    "kids kid children child youth junior toddler toddlers girls boys baby babies infant infants preschool newborn"
)
_OF_CHILDREN = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|infants?|bab(?:y|ies)|newborns?|nursery|juniors?|boys|girls)\b", re.I
)
_TOYS = re.compile(r"\btoys?\b", re.I)
_ALL_AGES = re.compile(
    r"\b(?:games?|puzzles?|jigsaws?|model|models|hobby|hobbies|adults?|family|grown)\b", re.I
)
"""What plays is no toy of children alone that is a game."""
_TITLED = re.compile(
    r"\b(?:kids['’]?|kid['’]s|children(?:['’]s)?|child['’]s|toddlers?|infants?|babies|baby['’]s)(?!\w)"
    r"|(?<!dog )(?<!cat )(?<!pet )\btoys?\b",
    re.I,
)


def for_children(search: SearchEngine, fields: Iterable[Field]) -> Filter:
    """What is made for children and for nobody else."""
    paths = tuple(" > ".join(path) for path in search.table.paths if _is_kind(path))
    titles = ((item, search.title(item)) for item in search.item_ids)
    items = tuple(item for item, title in titles if _TITLED.search(title) and not _ALL_AGES.search(title))
    return Or((Category(paths), Items(items), *_marked(fields)))


def _is_kind(path: Sequence[str]) -> bool:
    """Whether a category is of children's things: "Books > Children", but not "Toys > Board games"."""
    if any(_OF_CHILDREN.search(part) for part in path):
        return True
    return any(map(_TOYS.search, path)) and not any(map(_ALL_AGES.search, path))


def _marked(fields: Iterable[Field]) -> Iterator[Filter]:
    """What fields say: whom it is for, from which age on, and up to which."""
    for own in fields:
        words = set(own.name.lower().replace("_", " ").split())
        if own.type == "text" and words & _WHOM:
            values = tuple(value for value in own.values if fold(value).replace("'", "") in _MARKED)
            yield Attribute(own.name, values) if values else Or()
        elif own.type == "number" and "age" in words and "month" not in words and "months" not in words:
            if words & _MOST:
                yield Attribute(own.name, max=NO_LONGER)
            elif words & _LEAST:
                yield Attribute(own.name, max=LITTLE)
