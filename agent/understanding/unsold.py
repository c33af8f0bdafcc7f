"""Whether a thing that is named is sold here at all."""

from __future__ import annotations

from collections.abc import Sequence

from agent.shop_context import ShopContext
from agent.understanding.language.english import english_ranks
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.text import stems
from agent.understanding.utterance import is_vague
from retrieval.filters import And, Words

HARDLY = 0.2
"""Below this likelihood even a kind that was found is another thing."""
SOLD = 0.6
"""Below this likelihood the shop is said to have nothing of the kind."""
MOST_WORDS = 4
"""Words of a name at most."""
_TELLS = frozenset(
    (
        "to",
        "where",
        "that",
        "which",
        "who",
        "when",
        "how",
        "goes",
        "is",
        "are",
        "it",
        "i",
        "my",
        "your",
        "something",
        "anything",
    )
)
"""Words of a description, which no product's name has."""
_NO_NAME = FUNCTION_WORDS | {"one", "ones"}
"""Words that a product's name never ends in."""


def is_unsold(desk: ShopContext, thing: str) -> bool:
    """Whether a thing is a product's name of whose kind this shop surely has nothing."""
    search = desk.shop.search
    words = thing.lower().split()
    if is_vague(thing) or words[-1] in _NO_NAME:  # "something soft", "the linen one"
        return False
    if len(words) > MOST_WORDS or not _TELLS.isdisjoint(
        words
    ):  # "spoon where the pad goes inside" is a description
        return False
    if search.titled(thing) or not (search.kinds.is_thing(thing) or _is_nowhere(desk, thing)):
        return False
    return search.kinds.sells(thing) < SOLD and not _is_told_of_one(desk, thing)


def _is_told_of_one(desk: ShopContext, thing: str) -> bool:
    """Whether something is called by a thing's last word and told to be as the words before say: a "rain jacket" is a
    jacket that is told to be for rain.
    """
    *told, head = thing.lower().split()
    kind = desk.shop.search.kinds.filter_of(head)
    return bool(told) and kind is not None and desk.shop.search.count(And((kind, Words(" ".join(told))))) > 0


def _is_nowhere(desk: ShopContext, thing: str) -> bool:
    """Whether a thing is called by an English word that this shop has nowhere ("leotards")."""
    head = thing.lower().split()[-1:]
    frequency = desk.shop.search.keywords.document_frequency
    return bool(head) and head[0] in english_ranks() and not any(frequency(s) for s in stems(head[0]))


def is_another_thing(desk: ShopContext, thing: str, kinds: Sequence[str]) -> bool:
    """Whether a kind that a thing was taken for only goes by a like word: a "trainer" that is no shoe."""
    named = {s for kind in kinds for s in stems(kind.split(">")[-1])}
    if named & set(stems(thing)[-1:]) or desk.shop.search.titled(thing):
        return False
    return desk.shop.search.kinds.sells(thing) < HARDLY
