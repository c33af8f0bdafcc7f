"""The sizes that something comes in: the smallest, the largest, all of them, and one that there is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from agent.dialogue import Topic
from agent.planner.turn import Planned, meant_products
from agent.tools.compile import Compiler
from agent.tools.facts import facts_of
from agent.tools.results import Fact
from agent.understanding.interpretation import SEEKING
from agent.wording import listed, say
from retrieval.filters import And
from retrieval.records import Product

_END = re.compile(r"\b(?P<least>smallest|tiniest|littlest|shortest)\b|\b(?:largest|biggest|longest)\b", re.I)
_SIZED = re.compile(
    r"\bsizes?\b|\b(?:it|that|this|they|those|them|these|one|ones)(?: \w+)? comes? in\b|\b(?:come|comes|available) in\b"
    r"|\b(?:make|do|sell|get|have|stock) (?:it|that|this|them|those|these|one) in\b",
    re.I,
)
"""Asks for what it is sold in, not for how large it is."""
_LETTERS = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")
_WORDS = {
    "extra small": "xs",
    "small": "s",
    "medium": "m",
    "large": "l",
    "extra large": "xl",
    "2xl": "xxl",
    "3xl": "xxxl",
}
MOST_READ = 5


_WHICH = re.compile(
    r"\b(?:which|what|wot|wat) (?:other |different )?sizes?\b(?=.*\b(?:have|has|got|do|does|comes?|stock|available|get|"
    r"left|are there|is there|sell|make)\b)(?!.*\b(?:should|would (?:i|he|she)|am i|is (?:he|she)|for my)\b)"
    r"|\bsizes (?:have you|do you|are|available|in stock|left)\b",
    re.I,
)
"""Asks for all the sizes there are."""
_BEYOND = re.compile(r"\b(?:X{2,4}[LS]|[2-6] ?XL)\b|\bplus[- ]sizes?\b", re.I)
"""Sizes of clothes that many do not make."""
MOST_SCANNED = 300


def sizes_told(turn: Planned, seek: Callable[[Planned], str]) -> str:
    """All sizes of what is meant where they are asked for, or that it does not come in the one asked for; empty
    where neither is asked or no sizes are stated.
    """
    text = turn.meant.text
    beyond, which = _BEYOND.search(text), _WHICH.search(text)
    if not (beyond or which) or turn.meant.main in (
        "add_to_cart",
        "remove_from_cart",
        "show_cart",
        "remember",
    ):
        return ""
    handles = turn.handles(turn.meant.pointed.item_ids[:1]) or ([] if turn.meant.kinds else _focus(turn))
    products = _meant(turn, handles)
    desk = turn.context.desk
    facts = [fact for product in products if (fact := _sizes(facts_of(desk, product))) is not None]
    values = sorted({value for fact in facts for value in values_of(fact)}, key=size_rank)
    if not values or (beyond and not set(_LETTERS) & {value.lower() for value in values}):
        return ""
    turn.context.shelf.back([fact.evidence for fact in facts[:MOST_READ]])
    letters = [value for value in values if value.lower() in _LETTERS]
    if handles:
        turn.call("show", handles=handles, aside=True)
    if beyond is None:
        what = f"[{handles[0]}]" if handles else turn.state.topic.thing or say("find.any_of_these")
        return say("size.all", what=what, all=listed(values))
    asked = beyond[0].upper().replace(" ", "").replace("2XL", "XXL").replace("3XL", "XXXL")
    if asked in {value.upper() for value in values}:
        return ""
    small = re.fullmatch(r"X+S", asked) is not None
    key = "size.not_made.small" if small else "size.not_made"
    said = say(key, asked=beyond[0], end=letters[0 if small else -1])
    return said if handles or turn.meant.main not in SEEKING else f"{said} {seek(turn)}"


def _focus(turn: Planned) -> list[str]:
    """The one product that is talked about."""
    state = turn.state
    return turn.handles((state.focus,)) if state.focus and state.listed in ((), (state.focus,)) else []


def _meant(turn: Planned, handles: Sequence[str]) -> list[Product]:
    """The products meant, else all of what is sought."""
    desk, shelf, topic = turn.context.desk, turn.context.shelf, turn.state.topic
    if handles:
        return desk.products(item for handle in handles if (item := shelf.item(handle)))
    where = (*(topic.kind_guess() or Topic(kinds=turn.meant.kinds).kind_guess()), *topic.where)
    compiled = Compiler(desk.shop.search, desk.schema).compile(where)
    found = desk.shop.search.matching(And(tuple(one.filter for one in compiled if one.filter is not None)))
    return desk.products(list(found)[:MOST_SCANNED])


def end_of_sizes(turn: Planned) -> str:
    """The end that is asked for of the sizes of what is meant; empty where none is asked for or none are stated."""
    text = turn.meant.text
    asked = _END.search(text)
    if asked is None or not _SIZED.search(text) or turn.meant.main == "add_to_cart":
        return ""  # "I'll take it in your biggest size" asks nothing
    named = bool(turn.meant.thing or turn.meant.kinds) and not turn.meant.pointed.item_ids
    handles = meant_products(turn, several=named)[:MOST_READ]
    desk, shelf = turn.context.desk, turn.context.shelf
    products = desk.products(item for handle in handles if (item := shelf.item(handle)))
    sized = [
        (shelf.handle(p.item_id), fact) for p in products if (fact := _sizes(facts_of(desk, p))) is not None
    ]
    if not sized:
        return ""
    values = sorted({value for _, fact in sized for value in values_of(fact)}, key=size_rank)
    end, which = (values[0], "size.least") if asked["least"] else (values[-1], "size.most")
    shelf.back([fact.evidence for _, fact in sized])
    turn.call("show", handles=handles, aside=len(sized) == 1)
    handle, fact = sized[0]
    if len(sized) == 1:
        return say(which, handle=handle, label=fact.label, value=end, all=fact.value)
    return say(f"{which}.of", label=fact.label, value=end)


def chosen_end(text: str, product: Product) -> dict[str, str]:
    """The smallest or largest size of a product, where that is chosen: "the biggest size please"."""
    asked = _END.search(text)
    if asked is None or not _SIZED.search(text):
        return {}
    sizes = {
        n: sorted(v, key=size_rank) for n, v in product.options.items() if "size" in n.lower().split() and v
    }
    return {name: values[0 if asked["least"] else -1] for name, values in sizes.items()}


def _sizes(facts: Iterable[Fact]) -> Fact | None:
    return next((fact for fact in facts if "size" in fact.label.split() and len(values_of(fact)) > 1), None)


def values_of(fact: Fact) -> list[str]:
    """The values of a fact that has several."""
    return [value.strip() for value in fact.value.split(",") if value.strip()]


def size_rank(value: str) -> tuple[float, ...]:
    """What a size is ordered by: letters from XXS to XXXL, numbers by their product ("160 x 230")."""
    low = value.strip().lower()
    letters = _WORDS.get(low, low).replace(" ", "")
    if letters in _LETTERS:
        return (0.0, float(_LETTERS.index(letters)))
    area = 1.0
    numbers = re.findall(r"\d+(?:\.\d+)?", low)
    for number in numbers:
        area *= float(number)
    return (1.0 if numbers else 2.0, area)
