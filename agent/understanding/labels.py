"""The two label sets of the reader: what an utterance does (moves) and what its words are for (spans)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["MOVES", "MOVE_CODES", "SPAN_CODES", "SPAN_LABELS", "Move", "SpanLabel"]


class Move(StrEnum):
    """What an utterance does. One utterance may make several."""

    SEEK = "seek"
    REFINE = "refine"
    MORE = "more"
    REJECT = "reject"
    COMPARE = "compare"
    ASK_PRODUCT = "ask_product"
    ASK_BUYERS = "ask_buyers"
    ASK_SHOP = "ask_shop"
    ADVICE = "advice"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    SHOW_CART = "show_cart"
    CHECK_OUT = "check_out"
    GOES_WITH = "goes_with"
    RECOMMEND = "recommend"
    UNDO = "undo"
    START_OVER = "start_over"
    REMEMBER = "remember"
    FORGET = "forget"
    SOCIAL = "social"
    ABUSIVE = "abusive"
    OUT_OF_SCOPE = "out_of_scope"


class SpanLabel(StrEnum):
    """What a run of words is for."""

    THING = "thing"
    CONDITION = "condition"
    WISH = "wish"
    EXCLUDED = "excluded"
    RECIPIENT = "recipient"
    REFERENCE = "reference"
    ASKED = "asked"
    ORDER = "order"
    TAKEN_BACK = "taken_back"


MOVES = tuple(Move)
SPAN_LABELS = tuple(SpanLabel)

MOVE_CODES = dict(
    zip(
        [
            "sk",
            "rf",
            "mo",
            "rj",
            "cm",
            "ap",
            "ab",
            "as",
            "ad",
            "ca",
            "cr",
            "cs",
            "co",
            "bu",
            "rm",
            "un",
            "rs",
            "re",
            "fo",
            "so",
            "xx",
            "oo",
        ],
        MOVES,
        strict=True,
    )
)
"""The abbreviations that annotated files use."""
SPAN_CODES = dict(zip("TBWNHPASD", SPAN_LABELS, strict=True))
