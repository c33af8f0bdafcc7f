"""The planner's prose: what was understood, how much fits, the first pick with its best reason, the names of
what else is shown, a next step.

Reasons are left to the cards. Every sentence is checked like a model's.
"""

from __future__ import annotations

from collections.abc import Sequence

from agent.language.text import stems
from agent.meaning import Preference
from agent.money import price as format_price
from agent.reading.soft_wishes import IN_ORDER
from agent.reasons.evidence import counted, short_title
from agent.records import Card, Reason
from agent.toolbox.turn import Turn

PICK = "My pick is"
MUCH_CHEAPER = 0.8
"""The cheapest card is worth a sentence from this share of the first one's price down."""
LONGEST_CLAUSE = 110
"""Characters of a reason that is said aloud; longer ones are read on the card."""
GOOD_STARS = 4.0
LONGEST_ECHO = 6
"""Words of a request that a reply may repeat; a longer one is "what you describe"."""
_PLAIN_FIELDS = ("price", "tags", "title", "stock", "listing", "category")
"""Fields that the card shows anyway; as the one reason said aloud they tell nothing."""


_SAID_IN_ORDER = {"category": 0, "price": 2, "stars": 2, "stock": 3}
"""What it is comes first, what it may cost last."""


def fitting(turn: Turn, count: int, size: int) -> str:
    """How much fits and what was understood: "7 products fit: Coffee grinder, under $80, ideally quiet"."""
    if count == size:
        return f"Here is what comes nearest to {echo(turn)}"
    if not turn.state.in_slot("category") and (thing := _only_searched(turn)):
        limits = ", ".join(c.label for c in (*turn.state.constraints, *turn.lasting))
        return f"Here is what comes nearest to “{thing}” ({limits})"
    many = f"{count:,} products fit" if count > 1 else "One product fits"
    said = sorted((*turn.state.constraints, *turn.lasting), key=lambda c: _SAID_IN_ORDER.get(c.kind, 1))
    labels = [c.label for c in said]
    wishes = [f"ideally {label.removeprefix('ideally ')}" for label in _wishes(turn.state.preferences)]
    understood = ", ".join((*labels, *wishes))
    return f"{many}: {understood}" if understood else many


def _only_searched(turn: Turn) -> str:
    """The thing that is sought by its words alone, so that what fits the limits was not all of it; else
    empty."""
    words = turn.state.query.split()
    bound = {stem for c in (*turn.state.constraints, *turn.lasting) for stem in stems(f"{c.words} {c.label}")}
    if not words or len(words) > LONGEST_ECHO or set(stems(turn.state.query)) & bound:
        return ""
    return turn.state.query


def echo(turn: Turn) -> str:
    """The shopper's own words for what they seek, where they are few."""
    words = turn.understanding.sought
    return f"“{words}”" if 0 < len(words.split()) <= LONGEST_ECHO else "what you describe"


def pick(cards: Sequence[Card], opening: str = PICK) -> str:
    """The first card with its best reason, and the cheapest where that is another and much cheaper."""
    first = cards[0]
    opening = "It is" if len(cards) == 1 and opening == PICK else opening
    said = f"{opening} [{first.handle}]{priced(first)}"
    if reason := best_reason(first):
        said += f": {reason}"
    cheapest = min((c for c in cards if c.price is not None), key=lambda c: c.price or 0.0, default=None)
    if (
        cheapest is not None
        and first.price is not None
        and cheapest.currency == first.currency
        and (cheapest.price or 0.0) <= MUCH_CHEAPER * first.price
    ):
        return f"{said}. The cheapest of these is [{cheapest.handle}]{priced(cheapest)}."
    return f"{said}."


def in_order(cards: Sequence[Card], direction: float) -> str:
    """How the first pick is called in price order, where it holds of the cards."""
    prices = [card.price for card in cards if card.price is not None]
    extreme = (min if direction < 0 else max)(prices, default=None)
    if len(prices) < 2 or cards[0].price != extreme:
        return "First comes"
    return "The cheapest is" if direction < 0 else "The most expensive is"


def next_step(turn: Turn, cards: Sequence[Card]) -> str:
    """What the shopper may do next, another thing in turn."""
    reviewed = any(card.review_count for card in cards)
    if len(cards) == 1:
        return "Ask me what buyers say about it." if reviewed else "Ask me anything about it."
    steps = [
        "I can compare the first with the second.",
        "Tell me what to change: cheaper, another brand, or more like one of them.",
        *(["Ask me what buyers say about any of them."] if reviewed else []),
    ]
    return steps[turn.state.turn % len(steps)]


def best_reason(card: Card) -> str:
    """The reason worth saying aloud, without its quote; without one the stars; empty without either."""
    for reason in card.reasons:
        if _tells(reason) and len(clause := _clause(reason.text)) <= LONGEST_CLAUSE:
            return clause
    if card.stars is not None and card.stars >= GOOD_STARS:
        return f"{card.stars} stars from {counted(card.review_count, 'review')}"
    return ""


def priced(card: Card) -> str:
    """What it costs; a card without a price says so, or "[P1] and [P2] at $9" would price both."""
    if card.price is None:
        return " (price not given)"
    return f" at {format_price(card.price, card.currency)}"


def names(said: str, card: Card) -> bool:
    """Whether prose with handles names a card."""
    return f"[{card.handle}]" in said or card.title in said or short_title(card.title) in said


def also_shown(cards: Sequence[Card]) -> str:
    """The cards that the wording left out, so that the text names all that is shown."""
    each = [f"[{card.handle}]{priced(card)}" for card in cards]
    joined = each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}" if each else ""
    return f"Also shown: {joined}." if each else ""


def _tells(reason: Reason) -> bool:
    # A reason from their history names a product that is not shown here; that one stays on its card.
    if reason.kind in ("history", "shoppers"):
        return False
    fields = {one.rpartition(":")[2] for one in reason.evidence_ids if one.startswith("field:")}
    plain = fields and all(field in _PLAIN_FIELDS for field in fields)
    return not plain and not reason.text.startswith("The shop says")


def _wishes(preferences: Sequence[Preference]) -> list[str]:
    """Labels of what only weighs, each once: "quiet" and "quiet, buyers say" are one wish."""
    labels = [p.label.split(",")[0] for p in preferences if p.kind != "similar" and p.key != IN_ORDER]
    return list(dict.fromkeys(labels))


def _clause(text: str) -> str:
    first = text.split(": “")[0].rstrip(".").replace(".”", "”")
    return first if len(first.split()) > 1 and first[1:2].isupper() else first[:1].lower() + first[1:]
