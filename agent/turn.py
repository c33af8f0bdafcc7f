"""One turn, top to bottom: guard, read, interpret, change the state, act, check, keep."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agent.dialogue import DialogueState, Exchange
from agent.guards.backing import cards_of, named_in, written_out
from agent.guards.input_guard import guard_input
from agent.planner.policy import MOVES
from agent.planner.turn import Planned
from agent.privacy import masked
from agent.records import Chip, Evidence, Reply, ReplyDelta, ToolCall, TurnRecord, Usage
from agent.tools import TOOLS
from agent.tools.compile import label
from agent.tools.context import Shelf, ToolContext
from agent.understanding.changes import changed
from agent.understanding.interpret import Interpretation
from agent.understanding.reader import Read
from agent.understanding.references import References

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

PIECE_WORDS = 4
CHANGING = ("cart", "remember")
"""Tools that change something."""
DECLINED = {
    "empty": "I didn't catch that. What are you looking for?",
    "abuse": "Let's keep it friendly. I'm glad to help you find something: what are you looking for?",
    "injection": "I can't do that. I can help you find something in this shop: what are you looking for?",
    "medical": "I can't advise on health. Please ask a doctor or a pharmacist, and in an emergency call your "
    "local emergency number.",
}
SORRY = "Sorry, something went wrong on my side. Please say that once more."


@dataclass
class Stopwatch:
    """Milliseconds by stage."""

    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - started) * 1000
            self.stages[name] = round(self.stages.get(name, 0.0) + spent, 2)


@dataclass(frozen=True)
class Spoken:
    """What a turn came to: the words, the state they leave, and the account of a model where one spoke."""

    words: str
    state: DialogueState
    actions: tuple[str, ...] = ()
    usage: Usage = Usage()
    streamed: bool = False
    """Whether the words have been passed on."""


def run_turn(
    assistant: ShoppingAssistant, text: str, user_id: str | None, session_id: str, *, read: Read | None = None
) -> Iterator[ReplyDelta]:
    """Yield the pieces of one turn, the whole reply last. ``read``: what a button stands for."""
    watch, started = Stopwatch(), time.perf_counter()
    with watch.stage("guard_input"):
        given = guard_input(text)
        given = replace(given, text=masked(given.text))
    with watch.stage("load"):
        before = state = assistant.dialogue(session_id, user_id)
        shopper = assistant.desk.profiles.load(user_id)
    meant = Interpretation(text=given.text, moves=("social",))
    if not given.decline:
        with watch.stage("understand"):
            context_turns = tuple(e.said for e in state.exchanges[-2:])
            read = read or assistant.reader.read(given.text, context_turns)
            meant = assistant.interpreter.interpret(given.text, read, state)
            references = References(assistant.desk, state)
            state = changed(state, meant, references, lambda w: label(w, assistant.desk.schema))
    context = ToolContext(
        desk=assistant.desk,
        session_id=session_id,
        user_id=user_id,
        turn_id=uuid.uuid4().hex,
        shopper=shopper,
        shelf=Shelf(state.handles),
        said=state.topic.where,
        gift=state.topic.gift,
        listed=state.listed,
        seen=state.topic.seen,
        rejected=frozenset(state.rejected),
    )
    with watch.stage("act"):
        if given.decline:
            spoken = Spoken(DECLINED[given.decline], state)
        elif assistant.model is None:
            spoken = Spoken(act(meant, state, context), state)
        else:
            from agent.llm.speaking import speak

            spoken = yield from speak(assistant, meant, before, state, context)
    words = written_out(spoken.words, cards_of(context, named_in(context.shelf, spoken.words)))
    if not spoken.streamed:
        yield from in_pieces(words)
    yield ReplyDelta(reply=_kept(assistant, meant, context, replace(spoken, words=words), watch, started))


def act(meant: Interpretation, state: DialogueState, context: ToolContext) -> str:
    """Let the planner make the moves that it knows, in the order said."""

    def call(name: str, **arguments: Any) -> Any:
        if (done := _done(context, name, arguments)) is not None:
            return done
        begun = time.perf_counter()
        result = TOOLS[name](context, **arguments)
        told = {k: v for k, v in arguments.items() if v not in (None, [], (), "", False)}
        ms = round((time.perf_counter() - begun) * 1000, 2)
        context.shelf.calls.append(ToolCall(name=name, arguments=_plain(told), ms=ms))
        return result

    turn = Planned(meant, state, context, call)
    handlers = dict.fromkeys(MOVES[move] for move in meant.moves if move in MOVES)
    return " ".join(dict.fromkeys(handler(turn) for handler in handlers)) or MOVES["seek"](turn)


def _done(context: ToolContext, name: str, arguments: dict[str, Any]) -> Any:
    """The result of a change that a model has made already this turn: nothing is put into a cart twice."""
    if name not in CHANGING:
        return None
    made = (
        r
        for n, given, r in context.shelf.results
        if n == name and given.get("action") == arguments.get("action")
    )
    return next(made, None)


def in_pieces(text: str) -> Iterator[ReplyDelta]:
    """A text as it is streamed, a few words at a time; joined they are the text."""
    words = text.split(" ")
    for start in range(0, len(words), PIECE_WORDS):
        end = start + PIECE_WORDS
        yield ReplyDelta(text=" ".join(words[start:end]) + (" " if end < len(words) else ""))


def _kept(
    assistant: ShoppingAssistant,
    meant: Interpretation,
    context: ToolContext,
    spoken: Spoken,
    watch: Stopwatch,
    started: float,
) -> Reply:
    """Save the state and the record, and make the reply from the record."""
    shelf = context.shelf
    shown = tuple(card.item_id for card in shelf.cards)
    state = spoken.state.show(shown, listed=shelf.listed)
    state = state.keep(Exchange(said=meant.text, answered=spoken.words, shown=shown), shelf.known)
    facts = tuple(
        Evidence(evidence_id=f"fact:{n}", kind="signal", source="this turn", text=fact)
        for n, fact in enumerate(shelf.facts, start=1)
    )
    watch.stages["total"] = round((time.perf_counter() - started) * 1000, 2)
    record = TurnRecord(
        turn_id=context.turn_id,
        session_id=context.session_id,
        user_id=context.user_id,
        time=datetime.now(UTC),
        utterance=meant.text,
        understanding={k: v for k, v in meant.model_dump(mode="json").items() if v},
        tool_calls=tuple(shelf.calls),
        considered=shelf.considered,
        shown=shelf.cards,
        evidence=(*shelf.evidence.values(), *facts),
        reply=spoken.words,
        chips=(*chips_in_force(assistant, state), *shelf.chips),
        table=shelf.table,
        guard_actions=spoken.actions,
        usage=spoken.usage,
        stages_ms=dict(watch.stages),
    )
    with watch.stage("save"), assistant.shop.engine.begin() as transaction:
        assistant.dialogues.save(state, transaction)
        assistant.turns.save(record, exposure=context.shopper.allows("exposure"), connection=transaction)
    return Reply(text=record.reply, cards=record.shown, chips=record.chips, table=record.table, record=record)


def chips_in_force(assistant: ShoppingAssistant, state: DialogueState) -> tuple[Chip, ...]:
    """What holds, each removable by its place."""
    schema = assistant.desk.schema
    conditions = (
        Chip(label=label(w, schema), kind="constraint", constraint_id=f"where:{n}")
        for n, w in enumerate(state.topic.conditions())
    )
    return tuple(conditions)


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [plain(v) for v in value]
        return value.model_dump(mode="json") if hasattr(value, "model_dump") else value

    return {name: plain(value) for name, value in arguments.items()}
