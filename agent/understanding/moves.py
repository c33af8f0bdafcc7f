"""Which moves an utterance makes: as the reader saw them, corrected by what the utterance turned out to hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import BRAND, PRICE, Where
from agent.dialogue import DialogueState
from agent.understanding.interpretation import SEEKING, SURE
from agent.understanding.labels import SpanLabel
from agent.understanding.language.budgets import is_raised
from agent.understanding.language.follow_up_cues import (
    ASKS_ANEW,
    FOR_SOMEONE,
    FRAGMENT,
    IN_STOCK,
    INCLUDED,
    INSTEAD,
    LINKED,
    NEEDED_WITH,
    OF_CART,
    OF_IT,
    OF_THE_KIND,
    OF_USE,
    OTHER_END,
    SAME_BUT,
    SERVICE,
    THE_SORT,
    VERSION,
    WHAT_ELSE,
    WHETHER,
    WHOSE_WORK,
)
from agent.understanding.language.repairs import CORRECTION, corrected
from agent.understanding.language.request_cues import (
    ABOUT_IT,
    AS_WELL,
    ASKS_BESIDE,
    COMPARED_ONE,
    COUNT_OF,
    FOR_MY_TASTE,
    GOING,
    GREETING,
    HOW_TO_PAY,
    IN_ALL,
    IN_SUM,
    INTO_CART,
    KEPT,
    NOT_SHOWN,
    OF_ONE,
    ONES,
    OWED,
    PLACED,
    POLITE,
    PUTTING,
    RECOUNTED,
    REQUEST,
    REQUIRING,
    SEE,
    SELECTING,
    SHOWING,
    TAKING,
    TAKING_OUT,
    UNDECIDED,
    UNWANTED,
    WHICH,
    YES,
)
from agent.understanding.marks import asks_reduced
from agent.understanding.reader import Read
from agent.understanding.scales import Scale, graded
from agent.understanding.things import Sought
from agent.understanding.utterance import Utterance, only_bounds, only_denies, only_indifferent, quantity

Moves = tuple[str, ...]

MADE = 0.4
"""A move less likely than this is not made."""
BOLD = 0.65
"""Beside another move, one that changes a cart or what is kept needs this likelihood."""
SETTLED, QUESTIONED = 0.5, 0.8
"""A main move that changes them needs this likelihood, more of it in a question."""
_CHANGING = frozenset(("add_to_cart", "remove_from_cart", "check_out", "forget", "start_over"))
DENYING = frozenset(("reject", "refine", "more", "undo", "seek"))
"""Moves of which "not the second one" may be one, whatever the reader marked."""
GUESSED = frozenset(("seek", "refine", "more"))
"""Moves that a denied reference turns into a rejection."""
_BESIDE_THE_SHOP = frozenset(("out_of_scope", "social", "abusive", "forget"))
"""Moves that a request for a kind of the shop is not, unless the reader is sure."""
_TELLING = frozenset(("advice", "ask_buyers", "ask_shop"))
_ABOUT = frozenset(("ask_shop", "ask_product", "ask_buyers", "advice", "recommend"))
"""Moves that asking for another version may be taken for."""
_MARKING = frozenset(
    (
        "show_cart",
        "ask_shop",
        "recommend",
        "more",
        "ask_product",
        "ask_buyers",
        "goes_with",
        "advice",
        "out_of_scope",
    )
)
"""Moves that "what's on sale for men" may be taken for."""
_ABOUT_MORE = frozenset(("refine", "seek", "more", "recommend", "ask_product", "advice"))
"""Moves that asking for what else is needed may be taken for."""
_FINDING = frozenset(("seek", "refine"))
_ASIDE = frozenset(("show_cart", "check_out", "out_of_scope", "social", *_ABOUT))
"""Moves that nothing but a bound may be taken for."""
_OF_CART = frozenset(("add_to_cart", "remove_from_cart", "reject"))
"""Moves that another number may be taken for."""
ONE = re.compile(r"\b(?:ones?|it|that|this|those|these|them)\b", re.I)
_IS_IT = re.compile(r"\W*(?:(?:and|so|oh)\W+)?(?:is|are|was) (?:the|this|that|it|they|these|those)\b", re.I)
"""Asks of one product whether something is so."""
_MORE = re.compile(r"\b(?:more|less|better|worse)\b", re.I)
_SELECTING = frozenset(("seek", "refine", "ask_product", "ask_buyers", "compare"))
"""Moves that asking for some of those shown may be taken for."""


def moves_read(read: Read, text: str) -> Moves:
    """The moves that the reader believes in, the main one first; at least one. Nothing is changed on a guess."""
    made = [str(s.move) for s in read.moves if s.probability >= (BOLD if str(s.move) in _CHANGING else MADE)]
    main, sure = str(read.main), read.moves[0].probability
    if GREETING.fullmatch(text):
        return ("social",)
    if main == "more" and ABOUT_IT.search(text) and any(s.label == SpanLabel.REFERENCE for s in read.spans):
        return ("ask_product",)
    takes_back = any(span.label == SpanLabel.TAKEN_BACK for span in read.spans)
    if main == "forget" and takes_back and not KEPT.search(text):
        return ("refine", *(move for move in made if move not in ("forget", "refine")))
    needs = any(span.label == SpanLabel.WISH for span in read.spans) and not FOR_MY_TASTE.search(text)
    if main == "recommend" and "seek" in made and needs:
        return ("seek", *(move for move in made if move not in ("seek", "recommend")))
    if main == "ask_product" and SEE.search(text):
        return ("seek", *(move for move in made if move not in ("seek", "ask_product")))
    asks = text.rstrip().endswith("?") and not POLITE.search(text)
    if main in _CHANGING and (sure < SETTLED or (asks and (sure < QUESTIONED or not TAKING.search(text)))):
        main = next((move for move in made if move not in _CHANGING), "refine")
        made = [move for move in made if move not in _CHANGING]
    return (main, *(move for move in made if move != main))


def moves_in_talk(
    moves: Moves,
    said: Utterance,
    state: DialogueState,
    *,
    varied: bool,
    corrected: bool,
    refused: bool,
    tells: bool,
) -> Moves:
    """Moves of a later turn. ``varied``: it asks for a variety of what is looked for; ``corrected``: it puts a number
    right; ``refused``: it names what is not wanted; ``tells``: it asks for nothing new.
    """
    text, points = said.text, bool(said.marked(SpanLabel.REFERENCE))
    things = said.marked(SpanLabel.THING)
    moves = _moves_said(moves, said, state)
    if refused:
        return ("reject",)
    if moves[0] not in _FINDING and only_indifferent(text) and not state.topic.is_empty:
        return ("refine",)
    if moves[0] in _ABOUT_MORE and not things and state.listed and NEEDED_WITH.search(text):
        return ("goes_with",)
    if moves[0] == "refine" and not (things or points) and WHAT_ELSE.search(text):
        return ("more", *moves[1:])
    if moves[0] in GUESSED and SERVICE.search(text) and not things:
        return ("ask_shop",)
    if corrected or (OTHER_END.search(text) and state.topic.sort is not None):
        return ("refine",)
    plural = any(ONES.search(span.text) for span in said.marked(SpanLabel.REFERENCE))
    if (
        (varied or plural)
        and moves[0] == "add_to_cart"
        and not (TAKING.search(text) or PUTTING.search(text) or INTO_CART.search(text) or OF_ONE.search(text))
    ):
        return ("refine",)
    if (VERSION.search(text) or INSTEAD.search(text)) and not points and moves[0] in _ABOUT:
        return ("refine",)
    if FOR_SOMEONE.search(text) and moves[0] in SEEKING:
        return ("seek",)
    valued = bool(said.marked(SpanLabel.CONDITION)) and not said.marked(SpanLabel.THING)
    if moves[0] == "seek" and valued and state.topic.kinds and FRAGMENT.fullmatch(text):
        return ("refine",)
    reduced = moves[0] == "seek" and asks_reduced(text) and not said.marked(SpanLabel.THING)
    if reduced and state.topic.kinds and not IN_ALL.search(text):
        return ("refine",)  # "anything on sale?", of hoodies
    if tells:
        return ("refine", *(move for move in moves if move not in ("seek", "refine")))
    if moves[0] == "show_cart" and points and not (OF_CART.search(text) or OWED.search(text)):
        return ("ask_product",)
    if moves[0] == "advice" and state.listed and OF_IT.search(text):
        return ("ask_product",)
    if moves[0] == "refine" and state.listed and not things and asks_of_shown(text):
        return ("ask_product",)
    if moves[0] == "ask_buyers" and state.listed and WHOSE_WORK.search(text):
        return ("ask_product",)
    if moves[0] == "ask_shop" and state.listed and IN_STOCK.search(text):
        return ("ask_product",)
    of_kind = OF_THE_KIND.search(text) is not None and len(state.listed) < 2
    return ("refine",) if of_kind and state.listed and moves[0] in ("ask_product", "ask_buyers") else moves


def _moves_said(moves: Moves, said: Utterance, state: DialogueState) -> Moves:
    """Nothing is put into the cart for what only tells how things should be ("I want cedar please"), and nothing is taken
    out where nothing was put in, unless the words say so.
    """
    text, points = said.text, bool(said.marked(SpanLabel.REFERENCE))
    carted = any(exchange.carted for exchange in state.exchanges)
    priced = any(where.field == PRICE for where in state.topic.where)
    if moves[0] in _OF_CART and corrected(text) and priced and not carted:
        return ("refine",)  # "no, make it 60", of a budget
    if moves[0] == "remember" and state.topic.lists and NOT_SHOWN.match(text):
        return ("refine",)
    in_words = TAKING.search(text) or INTO_CART.search(text)
    if moves[0] == "add_to_cart" and not (in_words or PUTTING.search(text) or points):
        tells = said.marked(SpanLabel.CONDITION) or said.marked(SpanLabel.WISH) or REQUIRING.search(text)
        return ("refine",) if tells and quantity(text, said.spans) is None else moves
    just = bool(state.exchanges) and state.exchanges[-1].carted
    if moves[0] == "add_to_cart" and just and quantity(text, said.spans) is None:
        says = any(cue.search(text) for cue in (TAKING, INTO_CART, PUTTING, AS_WELL, PLACED, YES))
        return moves if says else ("refine",)  # "blue one", of what was just put in
    taking_out = TAKING_OUT.search(UNWANTED.sub(" ", text)) or OF_CART.search(text)
    if moves[0] == "remove_from_cart" and not (carted or taking_out):
        return ("reject",) if points else ("refine",)
    return moves


def is_value(text: str) -> bool:
    """Whether a question only names what it should be: "USB-C plug?", not "charger included?"."""
    return FRAGMENT.fullmatch(text) is not None and INCLUDED.search(text) is None


def asks_of_shown(text: str) -> bool:
    """Whether it is asked if what is shown serves, or has something."""
    return bool(OF_USE.search(text) or WHETHER.search(text))


def only_tells(said: Utterance) -> bool:
    """Whether nothing new is asked for: which sort it should be, or only what it must be good for."""
    if THE_SORT.search(said.text) or SAME_BUT.search(said.text):
        return True
    linked = LINKED.search(said.text) is not None
    return linked and not (said.marked(SpanLabel.THING) or ASKS_ANEW.search(said.text))


def moves_with_marks(moves: Moves, text: str, points: bool, marked: bool) -> Moves:
    """Whoever asks what is reduced or marked by the shop wants to see it; ``points``: whether it is asked of a product;
    ``marked``: whether the shop marks products so.
    """
    of_one = points or _IS_IT.match(text) is not None
    asks = moves[0] in _MARKING and not of_one and (marked or asks_reduced(text))
    return ("seek",) if asks else moves


def moves_with_kind(moves: Moves, read: Read, said: Utterance, sought: Sought) -> Moves:
    """Whoever surely names a kind of the shop looks for it."""
    if moves[0] == "start_over" and sought.kinds and "seek" not in moves:
        moves = (*moves, "seek")
    if moves[0] == "reject" and sought.things and not said.marked(SpanLabel.EXCLUDED):
        return ("seek",)  # "leave the sofas. Got a daybed?"
    if moves[0] == "reject" and sought.kinds and CORRECTION.search(said.text):
        return ("refine",)
    if moves[0] == "goes_with" and "ask_product" in moves and not GOING.search(said.text):
        return tuple(move for move in moves if move != "goes_with")  # "would that do my boots, too"
    if moves[0] == "seek" and sought.parts:
        moves = tuple(move for move in moves if move != "goes_with")
    if sought.confidence < SURE:
        return moves
    if moves[0] == "remember" and "seek" not in moves and REQUEST.search(said.text):
        return ("seek", *moves)  # "I'm allergic to nuts, show me a bar"
    if moves[0] in _BESIDE_THE_SHOP and read.moves[0].probability < SURE:
        return ("seek",)
    if moves[0] == "goes_with" and not (GOING.search(said.text) or said.marked(SpanLabel.REFERENCE)):
        return ("seek",)  # "trousers, comfy" goes with nothing
    if moves[0] == "goes_with" and sought.parts:
        return ("seek",)  # "shampoo and conditioner": neither is there yet
    if moves[0] in _TELLING and WHICH.match(said.text) and not said.marked(SpanLabel.REFERENCE):
        return ("seek",)  # "which kettle do people like best" asks to be shown it
    return moves


def moves_with_cart(moves: Moves, text: str) -> Moves:
    """Whoever says "to my basket" puts something there, unless it is taken out or asked about; what one product
    costs is asked of it, what is owed of the cart.
    """
    if moves[0] == "add_to_cart" and UNDECIDED.fullmatch(text):
        return ("refine",)
    if moves[0] in ("check_out", "show_cart") and HOW_TO_PAY.search(text):
        return ("ask_shop",)
    if moves[0] == "add_to_cart" and "refine" in moves and not TAKING.search(text):
        return tuple(move for move in moves if move != "add_to_cart")  # "dusty rose ones if you can"
    if moves[0] == "add_to_cart" and "social" in moves and not (TAKING.search(text) or YES.fullmatch(text)):
        return ("social",)  # "thanks, that's me sorted"
    if (
        moves[0] == "add_to_cart"
        and SHOWING.search(text)
        and not (TAKING.search(text) or PUTTING.search(text))
    ):
        return ("refine",)
    if "add_to_cart" in moves and COMPARED_ONE.fullmatch(text):
        return ("refine",)  # which one it is, is told before it is bought
    if moves[0] in ("remove_from_cart", "reject") and RECOUNTED.fullmatch(text):
        return ("add_to_cart",)  # "no, 3": so many there shall be
    if COUNT_OF.match(text):
        return ("add_to_cart", *(move for move in moves if move == "show_cart"))
    served = moves[0] == "ask_shop" and SERVICE.search(text)  # "do you assemble it, and what does that cost"
    if OF_ONE.search(text) and not (IN_SUM.search(text) or served):
        if moves[0] in ("show_cart", "ask_shop", "add_to_cart", "goes_with", "advice"):
            return ("ask_product",)
        if moves[0] == "undo":
            return ("undo", "ask_product")  # "back to that Moto, what are you asking for it"
        moves = (moves[0], *(move for move in moves[1:] if move != "show_cart"))
    if moves[0] == "refine" and OWED.search(text):
        return ("show_cart",)
    told = INTO_CART.search(text) is not None and moves[0] not in (
        "add_to_cart",
        "remove_from_cart",
        "show_cart",
    )
    return ("add_to_cart",) if told else moves


def moves_and_request(moves: Moves, said: Utterance, sought: Sought) -> Moves:
    """Whoever takes a product and asks for another thing in one breath looks for that as well: "put that in my basket,
    and what's your softest pillow".
    """
    if moves[0] != "add_to_cart" or "seek" in moves or sought.confidence < SURE or not sought.things:
        return moves
    ends = [span.end for span in said.marked(SpanLabel.REFERENCE) if span.end < sought.things[0].start]
    asks = bool(ends) and ASKS_BESIDE.search(said.text[min(ends) : sought.things[0].start]) is not None
    return (*moves, "seek") if asks else moves


def moves_with_conditions(moves: Moves, where: Sequence[Where], text: str) -> Moves:
    """Whoever says what it must be, what it may cost now, or what must not be in it, looks for something, be it from
    the start.
    """
    if moves[0] in _ABOUT and is_raised(text) and any(w.field == PRICE for w in where):
        return ("refine",)
    refused = bool(where) and all(w.field == BRAND and w.is_negative for w in where)
    if moves[0] == "reject" and refused and only_denies(text) and not ONE.search(text):
        return ("refine",)  # "no Acme if you can" rejects nothing shown that is of another maker
    if moves[0] in (*_ASIDE, "refine") and where and only_bounds(corrected(text) or text):
        return ("refine",)  # "max 60", and "no wait, make that 85 dollars", which puts nothing into the cart
    if moves[0] == "start_over" and "seek" not in moves and any(not w.is_negative for w in where):
        return (*moves, "seek")
    return ("seek",) if moves[0] == "out_of_scope" and any(w.op == "lacks" for w in where) else moves


def is_selecting(moves: Moves, text: str, scale: Scale | None, read: Read) -> bool:
    """Whether those of the products shown are asked for that meet something ("which of them is waterproof"): no
    order, and no opinion.
    """
    if (scale is not None and (scale.superlative or scale.comparative)) or _compares(text):
        return False
    surely_told = moves[0] == "ask_buyers" and read.moves[0].probability >= SURE
    return moves[0] in _SELECTING and not surely_told and SELECTING.search(text) is not None


def _compares(text: str) -> bool:
    """Whether it is asked which is more of something: "faster", "the warmer one"."""
    words = (word for word in re.findall(r"[a-z]+", text.lower()) if word.endswith("er"))
    return any(graded(word) is not None for word in words) or _MORE.search(text) is not None


def moves_with_order(moves: Moves, scale: Scale | None) -> Moves:
    """One end of an order is looked for, not recommended: "the most expensive thing in the whole shop"."""
    ordered = scale is not None and scale.superlative and scale.known
    return ("seek", *moves[1:]) if ordered and moves[0] == "recommend" else moves


def moves_without_undo(moves: Moves, read: Read) -> Moves:
    """An utterance that states conditions takes nothing back, unless the reader is sure."""
    if moves[0] != "undo" or read.moves[0].probability >= SURE:
        return moves
    return tuple(move for move in moves if move != "undo") or ("refine",)
