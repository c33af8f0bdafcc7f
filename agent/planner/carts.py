"""The cart in conversation: put in, take out, change, look, check out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from agent.conditions import Sort, Where
from agent.explanations.evidence import short_title
from agent.money import price as format_price
from agent.planner.size_ends import chosen_end
from agent.planner.turn import Planned, look_up, meant_products
from agent.storage.carts import cart_owner
from agent.tools.cart import CartLine, CartState, Line
from agent.tools.choices import asked_of, said_in
from agent.tools.results import Found
from agent.understanding.language.follow_up_cues import SWAPPED
from agent.understanding.language.function_words import FUNCTION_WORDS
from agent.understanding.language.request_cues import (
    BESIDES,
    MISTAKEN,
    PUTTING,
    RETHINKING,
    SETTING,
    TAKING_OUT,
    YES,
)
from agent.understanding.language.text import content_words, stems
from agent.understanding.references import References
from agent.wording import listed, named, say

MOST_OF_A_CHOICE = 3
"""Words of an answer that only chooses among a product's options: "size large, blue"."""
_EVERYTHING = re.compile(r"\b(?:everything|all|whole|empty|clear|the lot)\b", re.IGNORECASE)


def add_to_cart(turn: Planned) -> str:
    """Put in what is meant; where nothing is shown or pointed at, what the words find."""
    kept = _kept(turn)
    items = [
        item
        for item in turn.meant.pointed.item_ids
        if item not in kept or "remove_from_cart" not in turn.meant.moves
    ]
    handles = _best_of(turn, items) if items else _to_add(turn)
    if not items and YES.fullmatch(turn.meant.text) and not turn.state.listed:
        handles = []  # a yes to nothing that was offered
    if not handles:
        return say("cart.which")
    quantity, counted = turn.meant.quantity, dict(turn.meant.lines)
    if _is_second_thought(turn, handles, kept):
        return show_cart(turn)
    handles = turn.handles(list(counted)) if counted else handles
    counts = list(counted.values()) if counted else [quantity] * len(handles)
    inside = all(turn.context.shelf.item(h) in kept for h in handles)
    sets = quantity is not None and inside and not counted and _sets(turn)
    choice = _said if sets else _chosen
    lines = []
    for handle, count in zip(handles, counts, strict=True):
        options = choice(turn, handle)
        pieces = None if _is_choice(turn, count, options) else count
        lines.append(Line(handle=handle, quantity=pieces, options=options or None))
    state: CartState = turn.call("cart", action="set" if sets else "add", lines=lines)
    return _told_of(turn, state, handles, "cart.changed" if sets else "cart.added")


def line_changed(turn: Planned) -> str:
    """Another choice of what is in the cart: "make that a large", or what answers "Done: … in your cart" ("M please").
    Empty where none is asked for.
    """
    meant, item = turn.meant, turn.state.focus
    text = meant.text
    just_put = bool(turn.state.exchanges) and turn.state.exchanges[-1].carted
    alters = RETHINKING.search(text) or (just_put and len(content_words(text)) <= MOST_OF_A_CHOICE)
    if item is None or not alters or meant.thing or meant.recipient or text.rstrip().endswith("?"):
        return ""
    if (
        BESIDES.search(text)
        or TAKING_OUT.search(text)
        or meant.main == "show_cart"
        or item not in _kept(turn)
    ):
        return ""
    (handle,) = turn.handles([item])
    options = _said(turn, handle, bare=just_put)
    if not options:
        return ""
    pieces = None if _is_choice(turn, meant.quantity, options) else meant.quantity
    line = Line(handle=handle, quantity=pieces, options=options)
    return _told_of(turn, turn.call("cart", action="set", lines=[line]), [handle], "cart.changed")


def swapped(turn: Planned) -> str:
    """One thing in the cart in place of another ("swap it for the first one"); empty where that is not asked, or
    not clear.
    """
    match, kept = SWAPPED.search(turn.meant.text), _kept(turn)
    if not kept:
        return ""
    if match is not None:
        references = References(turn.context.desk, turn.state)
        news = [i for i in references.resolve(match["new"]).item_ids if i not in kept]
        olds = [i for i in references.resolve(match["old"]).item_ids if i in kept] or list(kept)
    else:
        news, olds = _mistaken(turn, kept)
    if len(news) != 1 or len(olds) != 1:
        return ""
    old, new = turn.handles([olds[0], news[0]])
    gone: CartState = turn.call("cart", action="remove", lines=[Line(handle=old)])
    line = Line(handle=new, quantity=kept[olds[0]], options=_chosen(turn, new) or None)
    state = turn.call("cart", action="add", lines=[line])
    if not state.done:  # what was there stays
        back = [Line(handle=old, quantity=one.quantity, options=dict(one.chosen)) for one in gone.changed]
        turn.call("cart", action="add", lines=back)
    return _told_of(turn, state, [new], "cart.added")


def _mistaken(turn: Planned, kept: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What was meant by who says that another product was ("no, I meant the small one"), and what was put in for it."""
    before = turn.state.exchanges[-1] if turn.state.exchanges else None
    if before is None or not before.carted or not MISTAKEN.search(turn.meant.text):
        return [], []
    news = [item for item in turn.meant.pointed.item_ids if item not in kept]
    return news, [item for item in before.shown if item in kept]


def _told_of(turn: Planned, state: CartState, handles: Sequence[str], key: str) -> str:
    """What became of the cart."""
    turn.call("show", handles=handles, aside=True)
    if not state.done:
        return f"{say('cart.failed', problem=state.problem)} {say('cart.unchanged')}"
    return f"{_added(turn, state, key)} {_sum(state)}".strip()


def _is_second_thought(turn: Planned, handles: Sequence[str], kept: Mapping[str, int]) -> bool:
    """Whether what has just been put in is only spoken of again ("actually the red", of which there is none)."""
    meant, before = turn.meant, turn.state.exchanges
    again = bool(before) and before[-1].carted and RETHINKING.search(meant.text) is not None
    puts = meant.quantity is not None or PUTTING.search(meant.text) or BESIDES.search(meant.text)
    return again and not puts and all(turn.context.shelf.item(h) in kept for h in handles)


def _is_choice(turn: Planned, count: int | None, options: Mapping[str, str]) -> bool:
    """Whether a number that is said once is the size that is chosen: "add it in 43"."""
    said = re.findall(r"\d+", turn.meant.text)
    return count is not None and said.count(str(count)) == 1 and str(count) in options.values()


def _sets(turn: Planned) -> bool:
    """Whether a number is how many of what is in the cart there shall be: "make it two", "two of them then"."""
    text = turn.meant.text
    return bool(SETTING.search(text)) or not (PUTTING.search(text) or turn.meant.pointed.by_name)


def _best_of(turn: Planned, items: Sequence[str]) -> list[str]:
    """The products pointed at; of several, the one at the end of the order asked for ("the cheapest of those")."""
    scale, handles = turn.meant.scale, turn.handles(items)
    of_another = "seek" in turn.meant.moves and bool(turn.meant.thing)  # "… and your cheapest pillow?"
    if scale is None or not scale.superlative or turn.meant.pointed.by_name or of_another:
        return handles
    if len(handles) < 2:  # "the cheapest one": of those on the screen, not the one talked about
        handles = turn.handles(turn.state.listed) or handles
    sort = Sort(field=scale.field, order="desc" if scale.direction > 0 else "asc")
    found: Found = turn.call("find", among=handles, sort=sort, limit=1)
    return [row.card.handle for row in found.rows] or handles


def _to_add(turn: Planned) -> list[str]:
    scale = turn.meant.scale
    if scale is not None and scale.superlative and turn.state.listed and not turn.meant.kinds:
        return _best_of(turn, turn.state.listed)
    if scale is not None and not turn.meant.among:
        return [row.card.handle for row in look_up(turn, 1).rows]
    return meant_products(turn)


def _added(turn: Planned, state: CartState, key: str) -> str:
    left = [line for line in state.changed if line.quantity] or state.changed
    told = [_called_by(line, counted=key == "cart.changed") for line in left]
    choices = sorted({named(name) for line in left for name, _ in line.options})
    said = turn.say(key, what=listed(told))
    return f"{said} {say('cart.choose', choices=listed(choices))}" if choices else said


def _called_by(line: CartLine, *, counted: bool) -> str:
    """``2 × [P1] (size 42)``; ``counted``: with the number of a single piece, too."""
    single = line.quantity == 1 and not counted
    pieces = f"[{line.handle}]" if single else f"{line.quantity} × [{line.handle}]"
    return f"{pieces} ({line.choice})" if line.chosen else pieces


def _chosen(turn: Planned, handle: str) -> dict[str, str]:
    """What is said of the product's options, now or before: who looks for shoes in 42 wants them in 42."""
    item_id = turn.context.shelf.item(handle)
    product = turn.context.desk.shop.catalog.product(item_id) if item_id else None
    if product is None or not product.options:
        return {}
    return asked_of(product, turn.state.topic.where) | _said(turn, handle)


def _said(turn: Planned, handle: str, *, bare: bool = False) -> dict[str, str]:
    """What is said of the product's options now; ``bare``: be it a letter alone."""
    item_id = turn.context.shelf.item(handle)
    product = turn.context.desk.shop.catalog.product(item_id) if item_id else None
    if product is None:
        return {}
    wished = (Where(field=p.field, value=p.value) for p in turn.meant.prefer if isinstance(p.value, str))
    text, held = turn.meant.text, _held(turn, product.item_id)
    asked = asked_of(product, (*wished, *turn.meant.where)) | chosen_end(text, product)
    return asked | said_in(text, product, bare=bare, held=held)


def _held(turn: Planned, item_id: str) -> dict[str, str]:
    """The choice in which a product is in the cart; empty where it is there in none or in several."""
    lines = turn.context.desk.carts.lines(cart_owner(turn.context.user_id, turn.context.session_id))
    own = [line for line in lines if line.item_id == item_id]
    return dict(own[0].options) if len(own) == 1 else {}


def _sum(state: CartState) -> str:
    if state.total is None:
        return ""
    return say("cart.sum" if state.count > 1 else "cart.sum_one", total=state.total_text)


_ONE_OF_IT = re.compile(
    r"\b(?:remove|take|drop|delete|lose|bin|put)\s+(?:back\s+|out\s+|off\s+)?(?:just\s+|only\s+)?(?:one|1)\b"
    r"(?:\s+of\s+(?:them|those|these|it)|\s+(?:out|off|away|back|please)|\s+from\s+(?:the|my)\s+(?:cart|basket|bag))*\W*$",
    re.I,
)
"""Takes one of what is there several times."""


def remove_from_cart(turn: Planned) -> str:
    """Take out what is meant: everything, what is pointed at, or the one thing in it."""
    kept = _kept(turn)
    if not kept:
        return say("cart.empty_already")
    pointed = _called(turn, kept) or [item for item in turn.meant.pointed.item_ids if item in kept]
    quantity = turn.meant.quantity or (1 if _ONE_OF_IT.search(turn.meant.text) else None)
    some = quantity is not None
    if not pointed and not some and (_EVERYTHING.search(turn.meant.text) or turn.meant.pointed.whole_list):
        turn.call("cart", action="clear")
        return turn.say("cart.cleared")
    items = pointed or (
        [turn.state.focus] if turn.state.focus in kept else list(kept) if len(kept) == 1 else []
    )
    if not items:
        return say("cart.take_which", inside=inside_words(turn.call("cart", action="show")))
    lines = [
        Line(handle=h, quantity=quantity, options=_said(turn, h) or None)
        for h in turn.handles([i for i in items if i])
    ]
    sets = turn.meant.quantity is not None and SETTING.search(turn.meant.text) is not None
    state: CartState = turn.call("cart", action="set" if sets else "remove", lines=lines)
    if not state.done:
        return say("cart.failed", problem=state.problem)
    if sets:
        return f"{_added(turn, state, 'cart.changed')} {_sum(state)}".strip()
    several = f"{quantity} × " if some and state.lines else ""
    gone = listed([f"{several}{_title(line)}" for line in state.changed])
    left = say("cart.left", inside=inside_words(state)) if state.lines else say("cart.empty_now")
    return say("cart.removed", what=gone, left=left)


def _called(turn: Planned, kept: Iterable[str]) -> list[str]:
    """What of the cart is called by a word of its title that nothing else in it has ("the grinder")."""
    titles = {p.item_id: set(stems(p.title)) for p in turn.context.desk.products(list(kept))}
    said = set(stems(turn.meant.text)) - FUNCTION_WORDS
    counts = {item: len(words & said) for item, words in titles.items()}
    best = max(counts.values(), default=0)
    found = [item for item, count in counts.items() if count == best]
    return found if best and len(found) == 1 and len(titles) > 1 else []


def show_cart(turn: Planned) -> str:
    """What is in the cart, and what it comes to."""
    state: CartState = turn.call("cart", action="show")
    # Who has just emptied it wants nothing in.
    emptied = any(exchange.carted for exchange in turn.state.exchanges)
    if not state.lines and turn.state.listed and not emptied:
        (first,) = turn.handles(turn.state.listed[:1])
        return f"{say('cart.empty')} {say('cart.offer', handle=first)}"
    if not state.lines:
        return say("cart.empty")
    return say("cart.inside", inside=inside_words(state))


def check_out(turn: Planned) -> str:
    """On to the shop's own checkout."""
    state: CartState = turn.call("cart", action="checkout")
    if not state.lines:
        return say("cart.nothing_to_pay")
    way = say("cart.check_out", url=state.checkout_url) if state.checkout_url else say("cart.check_out_page")
    return f"{say('cart.inside', inside=inside_words(state))} {way}"


def _kept(turn: Planned) -> dict[str, int]:
    """Item id to quantity of what is in the cart."""
    return turn.context.desk.carts.items(cart_owner(turn.context.user_id, turn.context.session_id))


def inside_words(state: CartState) -> str:
    """What is in the cart, with what it comes to; with each price where they can't be summed."""
    told = [
        f"{line.quantity} × {_title(line)}" if line.quantity > 1 else _title(line) for line in state.lines
    ]
    if state.total is None:  # what each costs, as they can't be summed
        told = [f"{name} ({_price(line)})" for name, line in zip(told, state.lines, strict=True)]
    total = (
        say("cart.together", total=state.total_text)
        if state.total is not None and len(told) + state.count > 2
        else ""
    )
    single = f", {state.total_text}" if not total and state.total is not None else ""
    return f"{listed(told)}{total or single}."


def _price(line: CartLine) -> str:
    if line.price is None:
        return say("cart.no_price")
    return format_price(line.price, line.card.currency)


def _title(line: CartLine) -> str:
    """Cards of what is only in the cart are not shown, so their names are written out."""
    title = short_title(line.card.title)
    return f"{title} ({line.choice})" if line.chosen else title
