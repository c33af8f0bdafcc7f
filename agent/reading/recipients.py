"""Whom it is for, said by kinship: "for my wife" asks for women's things where the shop tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.meaning import Act, Constraint, Understanding
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState
from retrieval.filters import And, Category, Filter, Or, leaves

_WOMEN, _MEN, _KIDS = ("women",), ("men",), ("kids", "children")
_KIN: dict[str, tuple[str, ...]] = {
    "wife|girlfriend|mom|mum|mother|sister|aunt|grandma|grandmother": _WOMEN,
    "husband|boyfriend|dad|father|brother|uncle|grandpa|grandfather": _MEN,
    "daughter|niece": (*_WOMEN, *_KIDS, "girls"),
    "son|nephew": (*_KIDS, "boys"),
    "grandson|granddaughter|grandchild": _KIDS,
}
_ANYBODY = ("women", "men", "kids", "children", "girls", "boys", "unisex")
_RECIPIENT = re.compile(
    r"\bfor (?:my|our|his|her|their) (?:\w+ ){0,2}?(?P<kin>" + "|".join(_KIN) + r")\b", re.IGNORECASE
)
_EVERYONE = frozenset("|".join(_KIN).split("|"))
_SEEKING = (Act.ASK, Act.REFINE, Act.ANSWER, Act.CRITIQUE, Act.START_OVER)
SLOT = "category:people"
_SHARE = 0.5
"""A kind of product is made for somebody when at least so many of it are marked so."""


def for_recipient(
    meant: Understanding, state: DialogueState, vocabulary: Vocabulary, facts: Facts
) -> Understanding:
    """``meant`` with a constraint for the recipient, where most of what is sought is marked for men, women
    or kids and something fits; a lamp for a wife is any lamp. "Men's", said outright, counts more."""
    match = _RECIPIENT.search(meant.text)
    if match is None or facts.count is None or meant.act not in _SEEKING:
        return meant
    kin = match.group("kin").lower()
    words = next(words for names, words in _KIN.items() if kin in names.split("|"))
    own, anybody = _marked(vocabulary, (*words, "unisex")), _marked(vocabulary, _ANYBODY)
    after = state.apply(meant)
    others = [c for c in after.constraints if not (c.slot == SLOT and c.words in _EVERYONE)]
    said = {leaf for constraint in others for leaf in leaves(constraint.filter)}
    if not own or not set(anybody).isdisjoint(said):
        return meant
    rest = And(tuple(c.filter for c in others if c.strict))
    sought, marked = facts.count(rest), facts.count(And((rest, Or(anybody))))
    if not sought or marked < _SHARE * sought or not facts.some(And((rest, Or(own)))):
        return meant
    constraint = Constraint(
        constraint_id=f"c{state.turn + 1}for",
        kind="category" if isinstance(own[0], Category) else "attribute",
        slot=SLOT,
        label=f"for {' or '.join(words[:2])}",
        filter=own[0] if len(own) == 1 else Or(own),
        origin_turn=state.turn + 1,
        words=kin,
    )
    field = "replace" if len(others) < len(after.constraints) else "add"
    return meant.model_copy(update={field: (*getattr(meant, field), constraint)})


def _marked(vocabulary: Vocabulary, words: Iterable[str]) -> tuple[Filter, ...]:
    """How products here are marked for these people: by a category, a value or a tag."""
    terms = (term for word in words for term in vocabulary.meanings(word))
    return tuple(dict.fromkeys(t.filter() for t in terms if t.kind in ("category", "attribute", "tag")))
