"""Products that are a kind, without what only goes with it: a "laptop adapter card" is no cheapest laptop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from agent.understanding.language.text import stems
from retrieval.text.word_set import word_set

_ASIDE = re.compile(r"[,;(|+&]|\b(?:with|w/|for|and|incl\w*|compatible|fits?|without|plus)\b", re.I)
"""What follows in a title is no part of its name."""
_WITH_IT = frozenset(
    stem
    for word in word_set(
        "adapter adaptor cable cord mount bracket label case bag cover sleeve skin stand charger battery strap string dock "
        "cradle holder protector warranty service replacement refill collector connector support extension converter rest "
        "interface arm box rack tripod pouch hanger pedal polish cleaner spray"
    )
    for stem in stems(word)
)
"""Names of things that go with others."""


def proper(title_of: Callable[[str], str], items: Sequence[str], kinds: Iterable[str]) -> list[str]:
    """Those of some products whose titles do not go on after the name of the kind to what goes with it; all, where
    that is none. ``kinds``: names as conditions hold them.
    """
    heads = {stem for kind in kinds for stem in stems(kind.split(">")[-1])[-1:]}
    if not heads or heads & _WITH_IT:
        return list(items)
    kept = [item for item in items if not _goes_with(title_of(item), heads)]
    return kept or list(items)


def _goes_with(title: str, heads: set[str]) -> bool:
    name = stems(_ASIDE.split(title, maxsplit=1)[0])
    at = max((place for place, stem in enumerate(name) if stem in heads), default=len(name))
    return not _WITH_IT.isdisjoint(name[at + 1 :])
