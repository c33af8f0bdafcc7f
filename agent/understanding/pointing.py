"""The products of the talk that an utterance points at, and what that makes of its moves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from agent.understanding.labels import SpanLabel
from agent.understanding.language.follow_up_cues import IN_STOCK
from agent.understanding.language.request_cues import (
    ALIKE,
    COUNTED,
    INTO_CART,
    PUTTING,
    SIMILAR,
    SUMMED,
    TAKING,
)
from agent.understanding.language.request_cues import OF_ONE as ITS_PRICE
from agent.understanding.moves import DENYING, GUESSED, Moves, moves_without_undo
from agent.understanding.named_products import Pointed
from agent.understanding.reader import Read, Span
from agent.understanding.references import ORDINAL, References
from agent.understanding.scales import Scale
from agent.understanding.utterance import Utterance, denies

_OF = re.compile(r"\s*(?:ones? )?(?:of|out of|from|among)\s*", re.I)
_ON_PRODUCTS = frozenset(("ask_product", "ask_buyers", "compare", "add_to_cart"))
"""Moves about products that may be named without being marked."""
_PLACE = re.compile(rf"\bthe (?:{ORDINAL.pattern})", re.I)
OF_ONE = frozenset(("ask_product", "ask_buyers"))
"""Moves that ask of one product."""
_ONE_WITH = re.compile(r"\bthe (?:one|model|pair) (?:with|that(?:'s| is| has)|which(?: is| has)) the\b", re.I)
_ONE = re.compile(r"\W*(?:it|its|this|that)\W*", re.I)
_PRONOUN = re.compile(r"\W*(?:it|its|this|that|them|'?em|they|these|those)\W*", re.I)
_HEAD = re.compile(r"\s+(?:things?|thingy|thingies|thingamajigs?|ones?|stuff|jobs?)\b", re.I)
"""A word that names nothing, after what describes a product: "those fox card things"."""
_GOING_BACK = frozenset(("undo", "more", "seek", "start_over"))
"""Moves that pointing into an earlier list may be taken for."""
_CHOOSING = frozenset(("seek", "refine", "recommend", "compare", "ask_product", "ask_buyers"))
"""Moves that may ask which of two named products is better."""


def pointed_at(
    said: Utterance, references: References, read: Read, moves: Moves, has_conditions: bool
) -> tuple[Pointed, Moves]:
    """The products that the utterance points at, and its moves: what is denied is rejected."""
    takes = any(cue.search(said.text) for cue in (TAKING, PUTTING, INTO_CART))
    if earlier := references.of_earlier(said.text):
        gone = _GOING_BACK if takes else (*_GOING_BACK, "add_to_cart")
        return Pointed(earlier), tuple(m for m in moves if m not in gone) or ("refine",)
    spans = said.marked(SpanLabel.REFERENCE)
    pointed = _products(said, references, moves[0])
    open_choice = len(pointed.item_ids) < 2 or pointed.by_name
    if moves[0] in _CHOOSING and open_choice and (two := references.names.either(said.text)):
        return Pointed(two, by_name=True), ("compare",)
    if has_conditions:
        moves = moves_without_undo(moves, read)
    if moves[0] in DENYING and (places := references.at_place(said.text)):
        return Pointed(places), ("reject",)
    unseen = pointed.by_name and not references.are_known(pointed.item_ids)
    if moves[0] == "add_to_cart" and unseen and not takes:
        return pointed, ("ask_product", *moves[1:])  # what was only named is shown before it is bought
    if pointed.item_ids and moves[0] in GUESSED and denies(said.text, spans):
        moves = ("reject", *moves)
    return pointed, moves


def _products(said: Utterance, references: References, move: str) -> Pointed:
    """The products that references point at; else those that a question about products names."""
    spans = said.marked(SpanLabel.REFERENCE)
    if not spans and move in _ON_PRODUCTS:
        named = references.names.named(said.text)
        if not named.item_ids and _of_all_of_it(said.text):
            named = references.called(said.text)
        return Pointed(named.item_ids, named.by_name)
    if move == "add_to_cart" and COUNTED.search(said.text):
        return references.resolve("it")  # "two of those then": of what is talked about
    if move in OF_ONE and any(_ONE.fullmatch(span.text) for span in spans):
        spans = spans[:1]  # "is the second waterproof and has it a hood", "how long is it on the charger"
    if move in OF_ONE and all(_ONE.fullmatch(span.text) for span in spans):
        placed = references.resolve(place[0]) if (place := _PLACE.search(said.text)) else Pointed()
        if len(placed.item_ids) == 1:
            return placed
    if move in OF_ONE:
        whole = [span for span in spans if not references.is_part(span.text)]
        if spans and not whole and _of_all_of_it(said.text):
            return references.called(said.text)
        spans = whole
    spans = [_with_head(span, said.text) for span in spans]
    if any(references.describes(span.text) for span in spans):  # "the one with the lid, put it in my basket"
        spans = [s for s in spans if not _PRONOUN.fullmatch(s.text)]
    found = [references.resolve(span.text) for span in spans]
    for at, (one, other) in enumerate(pairwise(spans)):
        if _OF.fullmatch(said.text[one.end : other.start]) and (
            best := references.extreme(one.text, found[at + 1].item_ids)
        ):
            return Pointed((best,))  # "the cheaper of the first two"
    if move in OF_ONE and any(pointed.by_name for pointed in found):
        found = [pointed for pointed in found if pointed.by_name]  # "the Bella, is the lid any good"
    items = dict.fromkeys(item_id for pointed in found for item_id in pointed.item_ids)
    by_name = any(p.by_name for p in found)
    several = move == "compare" or SUMMED.search(said.text)
    if several and len(items) < 2 and len(called := references.names.names_in(said.text)) > 1:
        items, by_name = dict.fromkeys((*items, *called)), True
    return Pointed(tuple(items), by_name, any(p.whole_list for p in found))


def _with_head(span: Span, text: str) -> Span:
    """A reference with the word for any thing that follows it."""
    head = _HEAD.match(text, span.end)
    return span if head is None else replace(span, end=head.end(), text=text[span.start : head.end()])


def _of_all_of_it(text: str) -> bool:
    """Whether the price or the stock of a product is asked for, which no part of it has of its own."""
    return bool(IN_STOCK.search(text) or ITS_PRICE.search(text))


def the_one_with(text: str, scale: Scale | None, references: References, listed: Sequence[str]) -> str | None:
    """The product at the end of a scale of which something is asked: "the one with the most space, what colour is it"."""
    if scale is None or not (
        scale.superlative and scale.known and len(listed) > 1 and _ONE_WITH.search(text)
    ):
        return None
    return references.best(scale, listed)


def likened_to(said: Utterance, pointed: Pointed, focus: str | None) -> str | None:
    """The product that others should resemble: the one pointed at, or talked about ("shame. what's similar?")."""
    if focus and not said.marked(SpanLabel.REFERENCE) and ALIKE.search(said.text):
        return focus
    before = (said.text[: span.start] for span in said.marked(SpanLabel.REFERENCE))
    alike = len(pointed.item_ids) == 1 and any(SIMILAR.search(words) for words in before)
    return pointed.item_ids[0] if alike else None
