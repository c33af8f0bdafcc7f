"""A model's second reading of an utterance, joined with the rules' one. The stricter of two readings holds.

A model may see wishes that no rule catches; it also invents. So nothing it says counts unless the utterance
itself has the number or the words, and the shop has the name. It can add constraints, never take one away.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from agent.language.amounts import find_amounts
from agent.language.numbers import digits
from agent.language.text import stems, tidy
from agent.meaning import Act, Constraint, Understanding
from agent.reading.bounds import price_constraint
from agent.reading.terms import Term
from agent.reading.vocabulary import Vocabulary
from agent.reading.wishes import denied_phrase
from agent.state import DialogueState
from retrieval.filters import Filter, Price

_GUESSED = frozenset((Act.ASK, Act.REFINE, Act.HELP, Act.OUT_OF_SCOPE))
"""Acts the rules fall back to; here a model may know better."""
_HARMLESS = frozenset(
    (Act.ASK, Act.REFINE, Act.RECOMMEND, Act.ASK_PRODUCT, Act.ASK_BUYERS, Act.ASK_SHOP, Act.COMPARE)
)
"""What a model may turn a guess into: nothing that forgets, rejects, buys or starts over."""


class LLMUnderstanding(BaseModel):
    """What the shopper of an online shop says, as data. Leave out what is not said."""

    act: Act | None = Field(None, description="what the shopper does")
    max_price: float | None = Field(None, gt=0, description="highest price, if one is said")
    min_price: float | None = Field(None, gt=0, description="lowest price, if one is said")
    brands: list[str] = Field(default_factory=list, max_length=5, description="brands wanted")
    not_brands: list[str] = Field(default_factory=list, max_length=5, description="brands refused")
    features: list[str] = Field(
        default_factory=list, max_length=8, description="colour, material, size or feature that must be there"
    )
    without: list[str] = Field(default_factory=list, max_length=8, description="what must not be there")
    gift: bool = Field(False, description="it is for someone else")


def merge(
    rules: Understanding, model: LLMUnderstanding, state: DialogueState, vocabulary: Vocabulary
) -> Understanding:
    """The rules' understanding with what the model adds; conflicts go to ``ambiguous`` and the stricter
    holds."""
    text = digits(tidy(rules.text), vocabulary.plausible_price)
    said = _Said(text)
    added, ambiguous = _price(rules, model, said, vocabulary)
    for name in (*model.brands, *model.features):
        if (term := _known(name, said, vocabulary)) is not None:
            _want(name, term, rules, state, added, ambiguous)
    for name in (*model.not_brands, *model.without):
        denied = denied_phrase(name, vocabulary) if said.has(name) else None
        if denied is not None:
            _refuse(name, denied, rules, state, added, ambiguous)
    turn = state.turn + 1
    numbered = tuple(
        c.model_copy(
            update={"constraint_id": f"l{turn}{chr(97 + n)}", "origin_turn": turn, "source": "model"}
        )
        for n, c in enumerate(added)
    )
    act = model.act if rules.act in _GUESSED and model.act in _HARMLESS and model.act else rules.act
    return rules.model_copy(
        update={
            "act": act,
            "add": (*rules.add, *numbered),
            "gift": True if model.gift and rules.gift is None else rules.gift,
            "ambiguous": (*rules.ambiguous, *ambiguous),
        }
    )


class _Said:
    """What an utterance holds: the only thing a model's reading is trusted on."""

    def __init__(self, text: str) -> None:
        self._stems = set(stems(text))
        self._numbers = {n for a in find_amounts(text) for n in (a.low, a.high, a.value) if n is not None}

    def has(self, name: str) -> bool:
        return bool(stems(name)) and set(stems(name)) <= self._stems

    def number(self, value: float | None) -> float | None:
        return value if value is not None and value in self._numbers else None


def _price(
    rules: Understanding, model: LLMUnderstanding, said: _Said, vocabulary: Vocabulary
) -> tuple[list[Constraint], list[str]]:
    low, high = said.number(model.min_price), said.number(model.max_price)
    if low is None and high is None:
        return [], []
    mine = next((c for c in rules.constraints if c.kind == "price"), None)
    theirs = price_constraint(low, high, vocabulary.currency)
    if mine is None:
        measured = any(c.kind in ("attribute", "stars") for c in rules.constraints)
        return ([], []) if measured else ([theirs], [])
    if isinstance(mine.filter, Price) and _tighter(theirs.filter, mine.filter):
        return [theirs], [f"{mine.label} or {theirs.label}"]
    return [], []


def _tighter(new: Filter, old: Price) -> bool:
    assert isinstance(new, Price)
    lower = new.max is not None and new.max + 1 < (old.max if old.max is not None else float("inf"))
    higher = new.min is not None and new.min - 1 > (old.min if old.min is not None else 0.0)
    return lower or higher


def _known(name: str, said: _Said, vocabulary: Vocabulary) -> Term | None:
    kinds = ("brand", "attribute", "tag")
    terms = [t for t in vocabulary.meanings(name) if t.kind in kinds and t.certain] if said.has(name) else []
    return terms[0] if terms else None


def _want(
    name: str,
    term: Term,
    rules: Understanding,
    state: DialogueState,
    added: list[Constraint],
    ambiguous: list[str],
) -> None:
    own = set(stems(name))
    if any(own & set(stems(c.words or c.label)) for c in (*rules.constraints, *state.constraints)):
        refused = any(c.negative and own & set(stems(c.words)) for c in rules.constraints)
        ambiguous += [f"{name}, or not {name}"] if refused else []
        return
    if own & {stem for p in rules.preferences for stem in stems(p.label)}:
        return
    slot = f"tag:{name.lower()}" if term.kind == "tag" else term.slot.lower()
    added.append(
        Constraint(
            constraint_id="",
            kind="brand" if term.kind == "brand" else "tag" if term.kind == "tag" else "attribute",
            slot=slot,
            label=term.value,
            filter=term.filter(),
            words=name,
        )
    )


def _refuse(
    name: str,
    denied: Constraint,
    rules: Understanding,
    state: DialogueState,
    added: list[Constraint],
    ambiguous: list[str],
) -> None:
    own = set(stems(name))
    for constraint in (*rules.constraints, *state.constraints):
        if own & set(stems(constraint.words or constraint.label)):
            if not constraint.negative and constraint in rules.constraints:
                ambiguous.append(f"{name}, or not {name}")
            return
    added.append(denied)
