"""A turn with a language model: it drives the shop or words the reply, and the planner finishes what it
does not.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from agent.checks.conditions import outright
from agent.conditions import KIND, Sort, Where
from agent.dialogue import DialogueState, Topic
from agent.llm.limits import AgentRun
from agent.llm.loop import Driven, drive
from agent.llm.models import model_name
from agent.llm.prompt import Heard
from agent.llm.usage import Meter, price_of
from agent.llm.writer import write
from agent.planner.acting import Spoken, act, without_misread
from agent.planner.finding import found_words
from agent.records import ReplyDelta
from agent.tools.context import ToolContext
from agent.tools.labels import label
from agent.tools.results import Found
from agent.understanding.interpretation import SEEKING, Interpretation
from agent.understanding.labels import Move

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant


def speak(
    assistant: ShoppingAssistant,
    meant: Interpretation,
    before: DialogueState,
    state: DialogueState,
    context: ToolContext,
) -> Generator[ReplyDelta, None, Spoken]:
    """Answer one turn. ``before``, ``state``: the conversation without and with the offline reading of
    the turn.
    """
    settings = assistant.shop.settings
    meter = Meter(price=price_of(model_name(assistant.model), settings))
    if settings.llm_daily_dollars and assistant.spending.today() >= settings.llm_daily_dollars:
        return Spoken(act(meant, state, context), state, ("model: the money of the day is spent",))
    driving = settings.llm_role == "agent"
    lasting = tuple(w for w in context.said if w not in state.topic.where)
    if driving and set(meant.moves) <= ASKING:  # "wasn't it really unlocked?" rules nothing out
        state = state.model_copy(update={"topics": before.topics})
    said = (*outright_in(state.topic), *lasting) if driving else context.said
    run = AgentRun.of(context, said, settings, meter)
    heard = Heard(meant.text, before, said)
    if driving:
        outcome = yield from _last(drive(assistant.agent, run, heard))
        state = driven(without_misread(state, context), context)
        words = outcome.words or finished(meant, state, context)
    else:
        template = act(meant, state, context)
        outcome = yield from _last(write(assistant.model, run, heard, template))
        words = outcome.words or template
    if meter.cost:
        assistant.spending.add(meter.cost)
    notes = [f"model: {note}" for note in meter.notes]
    notes += [
        f"condition taken back as misread: {label(one, context.desk.schema)}" for one in context.shelf.unmeant
    ]
    return Spoken(words, state, (*notes, *outcome.actions), meter.usage(), outcome.streamed)


ASKING = frozenset(
    (Move.ASK_PRODUCT, Move.ASK_BUYERS, Move.ASK_SHOP, Move.ADVICE, Move.COMPARE, Move.SOCIAL, Move.SHOW_CART)
)
"""Moves that put no condition on what is sought."""


def _last(pieces: Any) -> Generator[ReplyDelta, None, Driven]:
    """Pass the pieces on; what they come to is the result."""
    outcome = Driven()
    for piece in pieces:
        if isinstance(piece, Driven):
            outcome = piece
        else:
            yield piece
    return outcome


def finished(meant: Interpretation, state: DialogueState, context: ToolContext) -> str:
    """The planner's words where a model left none: about what was found and shown, else it makes the turn
    itself.
    """
    shelf = context.shelf
    searches = [result for _, _, result in shelf.results if isinstance(result, Found) and result.rows]
    if searches:
        found, rows = searches[-1], {row.card.handle: row for one in searches for row in one.rows}
        shown = [rows[card.handle] for card in shelf.cards if card.handle in rows]
        if not shown and meant.main in SEEKING:
            shelf.put_out([row.card for row in found.rows], listed=True)
            shown = list(found.rows)
        if shown and len(shown) == len(shelf.cards):
            for row in shown:
                shelf.back(row.evidence)
            told = found.model_copy(update={"rows": tuple(shown)})
            return found_words(told, state.topic, "", turn=state.turn)
    shelf.cards, shelf.listed = (), False
    return act(meant, state, context)


def driven(state: DialogueState, context: ToolContext) -> DialogueState:
    """The state with what the model's last search looked for, so that chips and later turns go by it."""
    shown = {card.item_id for card in context.shelf.cards}
    searches = [
        (arguments, result)
        for name, arguments, result in context.shelf.results
        if name in ("find", "recommend") and isinstance(result, Found) and not arguments.get("among")
    ]
    if not searches:
        return state
    used = [pair for pair in searches if shown & {row.item_id for row in pair[1].rows}]
    if not used:  # what was only looked up is no wish
        return state
    arguments, result = max(used, key=lambda pair: _fits_what_is_shown(pair[1], shown))
    topic = _searched(state.topic, arguments, result, context)
    return state.model_copy(update={"topics": (*state.topics[:-1], topic)})


def _fits_what_is_shown(result: Found, shown: set[str]) -> tuple[int, int]:
    """How many of the products shown it found, and under how many conditions."""
    return len(shown & {row.item_id for row in result.rows}), len(result.where) - len(result.loosened)


def _searched(topic: Topic, arguments: dict[str, Any], result: Found, context: ToolContext) -> Topic:
    kinds = tuple(name for w in result.where if w.field == KIND and not w.is_negative for name in _names(w))
    held = [w for w in result.where if w.field != KIND or w.is_negative]
    said = outright_in(topic)
    lost = [w for w in said if not any(w.field == h.field for h in held)]
    sort, like = arguments.get("sort"), arguments.get("like")
    other_kind = bool(kinds) and set(map(_innermost, kinds)) != set(map(_innermost, topic.kinds))
    sought = topic.model_copy(update={"kinds": kinds or topic.kinds, "sure": bool(kinds) or topic.sure})
    is_own = other_kind or not topic.sure or any(kind in topic.chosen for kind in topic.kind_where())
    own_kind = sought.kind_where() if is_own else ()
    update = {
        "thing": _innermost(kinds[-1]) if other_kind else topic.thing,
        "query": str(arguments.get("query", "")) or topic.query,
        "where": (*held, *lost),
        "chosen": (*own_kind, *(w for w in held if w not in said)),
        "prefer": tuple(arguments.get("prefer", ())),
        "sort": sort if isinstance(sort, Sort) else None,
        "like": context.shelf.item(like) if like else None,
    }
    return sought.model_copy(update=update)


def outright_in(topic: Topic) -> tuple[Where, ...]:
    """What the shopper has said outright in this errand."""
    return outright(w for w in topic.where if w not in topic.chosen)


def _innermost(kind: str) -> str:
    return kind.split(" > ")[-1].lower()


def _names(where: Where) -> tuple[str, ...]:
    return where.value if isinstance(where.value, tuple) else (str(where.value),)
