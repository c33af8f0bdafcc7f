"""What the offline planner does for each move: one table, each entry a few tool calls and the
words for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agent.conditions import KIND, TITLE, Where
from agent.dialogue import Topic
from agent.planner.asking import ask_buyers, ask_product, compare
from agent.planner.asking_back import asked_back, not_sold
from agent.planner.carts import add_to_cart, check_out, remove_from_cart, show_cart
from agent.planner.finding import found_words
from agent.planner.likely_kind import likely_kinds, tells_need, with_trusted_kind
from agent.planner.misread import with_trusted_conditions
from agent.planner.several import asked, seek_each
from agent.planner.shop_questions import advice, ask_shop
from agent.planner.suggesting import goes_with, recommend
from agent.planner.talking import abusive, forget, out_of_scope, remember, social, start_over
from agent.planner.turn import Planned, is_unsold
from agent.planner.unchanged import unchanged_words
from agent.tools.asked import content
from agent.tools.compile import Compiler
from agent.tools.results import Found, Row
from agent.understanding.language.request_cues import ASKS_COUNT
from agent.understanding.unsold import is_another_thing
from agent.wording import say
from retrieval.filters import And
from retrieval.text.natural import is_natural

_PURPOSE = re.compile(r"\bfor (?!(?:under|less|below|about|around|up|sale)\b|[$£€\d])", re.I)
NEARLY = 0.6
"""A kind as near in meaning as this is shown in place of one that is not sold."""
SHOWN, RESEMBLING = 5, 3
"""Products shown: where all that is asked binds, and where wishes weigh that the further ones hardly meet."""
FAR_BEHIND = 0.5
"""So much lower a score than the first one's, in deviations of what was found. In dialogues of development, where the
first served, so did .76 of the nearer products and .64 of these."""
FIRST, FIRST_AMONG = 3, 2
"""Products shown where one end of an order is asked for, of all and of those on the screen."""


def seek(turn: Planned) -> str:
    """Find for the topic in force, and show what was found."""
    topic, meant = turn.state.topic, turn.meant
    if topic.personal and not (topic.kinds or topic.thing or topic.sort or _chooses_among(turn)):
        return recommend(turn)
    if len(topic.parts) > 1 and not meant.among:
        return seek_each(turn)
    unsold = _is_not_sold(turn)
    nothing_near = unsold and (meant.kind_confidence < NEARLY or topic.sure)
    if nothing_near and not tells_need(topic):
        return not_sold(turn, topic.thing)
    if _points_out(turn):
        return show_again(turn)
    if nothing_near:
        topic = topic.model_copy(update={"kinds": (), "sure": False})
    others = _asks_for_others(turn)
    among = [] if others else _among(turn)
    found = _searched(turn, topic, near=unsold and not nothing_near, others=others, among=among)
    whole, found = found, _near_the_first(turn, _of_one_kind(turn, found), among)
    if found.rows:
        turn.call("show", handles=[row.card.handle for row in _known_of(turn, found)])
    label = meant.scale.word if meant.scale and meant.scale.superlative else ""
    unmet = (topic.thing,) if unsold else meant.unmet
    turn.context.shelf.loosened += tuple(dict.fromkeys((*unmet, *topic.unmet)))
    words = found_words(found, topic, label, turn=turn.state.turn, unmet=() if nothing_near else unmet)
    if nothing_near:
        words = f"{say('find.unsold', what=topic.thing)} {words}"
    return f"{counted_words(turn, whole)} {unchanged_words(turn, found)} {words} {asked_back(turn, whole)}".strip()


def _searched(turn: Planned, topic: Topic, *, near: bool, others: bool, among: Sequence[str]) -> Found:
    """What is found for a topic; what the utterance alone needs, where nothing else of the topic is left. ``near``: its
    kind stands in for one that is not sold.
    """
    topic = topic if near else with_trusted_kind(turn, topic)
    topic = with_trusted_conditions(turn, topic)
    stands_in = topic.kind_guess() if near else _kind_shown(turn)
    guess = [] if topic.sure or near else likely_kinds(turn, topic)
    limit = turn.meant.count or _fitting_number(turn, among)
    wanted = asked(turn, topic, stands_in, guess)
    found: Found = turn.call("find", **wanted, limit=limit, others=others, among=among)
    alone = Topic(query=turn.meant.text, where=topic.where)
    if not (found.exhausted and tells_need(alone)):
        return found
    wanted = asked(turn, alone, (), likely_kinds(turn, alone))
    told: Found = turn.call("find", **wanted, limit=RESEMBLING, others=True)
    return told


def _asks_for_others(turn: Planned) -> bool:
    """Whether what was shown is to stay out."""
    meant, moves = turn.meant, turn.meant.moves
    limits = any(not where.is_negative for where in meant.where)  # "too dear. 15 max": what was shown may fit
    pointed = len(meant.pointed.item_ids)
    some_denied = 0 < pointed < len(turn.state.listed)
    refuses_shown = pointed > 0 or not meant.where  # "not Acme" refuses a maker, and nothing of another
    refused = "reject" in moves and not limits and not some_denied and refuses_shown
    return refused or ("more" in moves and not (limits and bool(meant.among)))


def counted_words(turn: Planned, found: Found) -> str:
    """How many there are, where that is asked ("how many dresses under $200"); empty where something gave way, and
    where what they are for binds nothing ("how many kettles for camping"): nobody counted that.
    """
    asks = ASKS_COUNT.match(turn.meant.text) and turn.state.topic.sure and found.rows and not found.loosened
    if _PURPOSE.search(turn.meant.text) and not turn.meant.where:
        return ""
    return say("find.count", count=found.total) if asks else ""


def _kind_shown(turn: Planned) -> tuple[Where, ...]:
    """The kind of what was shown first, where an order is asked of what only a need tells ("the cheapest that fits")."""
    topic = turn.state.topic
    before = turn.state.undo[-1] if turn.state.undo else topic
    if topic.sort is None or before.sort is not None or topic.kinds or topic.thing or not topic.lists:
        return ()
    (first,) = turn.context.desk.products(topic.lists[-1][:1]) or (None,)
    path = " > ".join(first.category) if first is not None else ""
    return (Where(field=KIND, value=path),) if path else ()


def _points_out(turn: Planned) -> bool:
    """Whether only products that were shown are asked for, by their place: "just the second one again"."""
    meant = turn.meant
    asks = (
        meant.where
        or meant.prefer
        or meant.thing
        or meant.words
        or meant.scale
        or meant.like
        or meant.taken_back
    )
    return meant.by_place and not asks and not {"more", "reject"} & set(meant.moves)


def show_again(turn: Planned) -> str:
    """The products pointed at, once more."""
    found: Found = turn.call("find", among=turn.handles(turn.meant.pointed.item_ids))
    turn.call("show", handles=[row.card.handle for row in found.rows])
    return found_words(found, turn.state.topic, "", turn=turn.state.turn)


def _of_one_kind(turn: Planned, found: Found) -> Found:
    """What was found without what is of another kind than the first, where nobody said what it should be: of
    those, hardly one in three serves the need. A gift may be anything.
    """
    topic = turn.state.topic
    if topic.sure or topic.sort or topic.gift or topic.like or topic.personal or turn.meant.among:
        return found
    kind = found.rows[0].card.category if found.rows else ()
    rows = tuple(row for row in found.rows if row.card.category == kind) if kind else found.rows
    return found.model_copy(update={"rows": rows})


def _known_of(turn: Planned, found: Found) -> tuple[Row, ...]:
    """Of the products on the screen those of which the shop says what is asked ("do any of those come without
    plastic"), where there are any; else all that was found.
    """
    known = tuple(row for row in found.rows if not row.unknown)
    asks = turn.meant.among and any(where.is_negative for where in turn.meant.where)
    return known if asks and known else found.rows


def _near_the_first(turn: Planned, found: Found, among: Sequence[str]) -> Found:
    """What was found without what comes far behind the first, where wishes weigh; of what is called as the thing, where
    no more is told than that, nothing is left out.
    """
    ordered = turn.state.topic.sort is not None or among
    if turn.meant.count or ordered or not found.rows or _fitting_number(turn, among) != RESEMBLING:
        return found
    scores = {one.item_id: one.total for one in turn.context.shelf.considered}
    least = scores.get(found.rows[0].item_id, 0.0) - FAR_BEHIND
    topic = turn.state.topic
    named = frozenset() if _says_more(topic) else content(topic.thing)
    rows = tuple(
        row
        for row in found.rows
        if scores.get(row.item_id, least) >= least or (named and named <= content(row.card.title))
    )
    return found.model_copy(update={"rows": rows})


def suggest(turn: Planned) -> str:
    """For this shopper, of all; "which would you take" asks for one of those on the screen."""
    return seek(turn) if _chooses_among(turn) else recommend(turn)


def _chooses_among(turn: Planned) -> bool:
    """Whether advice is asked on what is on the screen."""
    return (
        turn.meant.main == "recommend" and turn.meant.among and not {"more", "reject"} & set(turn.meant.moves)
    )


def _fitting_number(turn: Planned, among: Sequence[str]) -> int:
    """How many products answer the request: who asks for the cheapest does not ask for five."""
    scale = turn.meant.scale
    if turn.meant.main == "recommend":
        return FIRST_AMONG
    if ASKS_COUNT.match(turn.meant.text):
        return SHOWN
    if scale is None or not scale.superlative:
        topic = turn.state.topic
        named = topic.sure and (not is_natural(topic.query) or not _says_more(topic))
        wished = bool(topic.prefer or (topic.query and not named))
        return RESEMBLING if wished else SHOWN
    return FIRST_AMONG if among else FIRST


def _says_more(topic: Topic) -> bool:
    """Whether more is said than a thing by its name and whom it is for."""
    return bool(content(topic.query) - content(topic.thing) - content(topic.recipient))


def _is_not_sold(turn: Planned) -> bool:
    """Whether a thing is named of whose kind this shop has nothing."""
    topic, desk = turn.state.topic, turn.context.desk
    if not turn.meant.thing or any(w.field == TITLE for w in topic.where):
        return False
    if topic.sure:
        return len(topic.parts) < 2 and is_another_thing(desk, topic.thing, topic.kinds)
    return is_unsold(turn, topic.thing)


def _among(turn: Planned) -> list[str]:
    """The products on the screen that the order or the condition is asked of; none where none of them meets it,
    so that it is asked of all, or where only one is shown, which leaves no choice.
    """
    if not turn.meant.among:
        return []
    pointed = turn.meant.pointed.item_ids
    items = pointed if len(pointed) > 1 or not turn.state.listed else turn.state.listed
    if len(items) < 2 and items is not pointed:
        return []
    if not turn.meant.where:
        return turn.handles(items)
    desk = turn.context.desk
    compiled = Compiler(desk.shop.search, desk.schema).compile(turn.state.topic.conditions())
    asked = And(tuple(one.filter for one in compiled if one.filter is not None))
    return turn.handles([p.item_id for p in desk.products(items) if desk.fits(asked, p)])


MOVES: dict[str, Callable[[Planned], str]] = {
    "seek": seek,
    "refine": seek,
    "more": seek,
    "reject": seek,
    "undo": seek,
    "recommend": suggest,
    "ask_product": ask_product,
    "ask_buyers": ask_buyers,
    "ask_shop": ask_shop,
    "advice": advice,
    "compare": compare,
    "add_to_cart": add_to_cart,
    "remove_from_cart": remove_from_cart,
    "show_cart": show_cart,
    "check_out": check_out,
    "goes_with": goes_with,
    "remember": remember,
    "forget": forget,
    "social": social,
    "abusive": abusive,
    "out_of_scope": out_of_scope,
    "start_over": start_over,
}
"""Which move does what; moves of one turn are made in the order said."""
