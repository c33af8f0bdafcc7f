"""One turn, top to bottom: guard, read, interpret, change the state, act, check, keep."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from agent.checks.input_guard import guard_input
from agent.checks.turn_evidence import cards_of, named_in, written_out
from agent.dialogue import DialogueState, Exchange
from agent.planner.acting import Spoken, act, without_misread
from agent.planner.unchanged import is_told_in_vain
from agent.records import Chip, Evidence, Reply, ReplyDelta, TurnRecord
from agent.storage.carts import cart_owner
from agent.storage.consents import masked
from agent.tools.context import Shelf, ToolContext
from agent.tools.labels import label, wish_label
from agent.understanding.changes import changed, taken_off_the_screen, without_condition
from agent.understanding.interpretation import Interpretation
from agent.understanding.language.exclamations import without_exclamations
from agent.understanding.language.request_cues import YES
from agent.understanding.language.spelled import spelled
from agent.understanding.language.written import as_typed
from agent.understanding.references import References
from agent.wording import FALLBACK, say, speaking, spoken_language
from retrieval.text.language import language as language_of

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

PIECE_WORDS = 4


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


def run_turn(
    assistant: ShoppingAssistant,
    text: str,
    user_id: str | None,
    session_id: str,
    *,
    drop: str | None = None,
    language: str | None = None,
) -> Iterator[ReplyDelta]:
    """Yield the pieces of one turn, the whole reply last. ``drop``: the condition that a chip takes back;
    ``language``: what to answer in, else the shop's.
    """
    # A model's words are checked against the evidence, which therefore stays in one language.
    spoken_in = language or assistant.shop.storefront.language if assistant.model is None else FALLBACK
    watch, started = Stopwatch(), time.perf_counter()
    with watch.stage("guard_input"):
        given = guard_input(text)
        given = replace(given, text=masked(given.text))
    with watch.stage("load"):
        assistant.shop.catch_up()
        before = state = assistant.state(session_id, user_id)
        shopper = assistant.desk.profiles.load(user_id)
        lasting = assistant.desk.memories.lasting(user_id) if user_id and shopper.allows("remember") else ()
    meant = Interpretation(text=given.text, moves=("social",))
    if not given.decline:
        if assistant.model is None:  # a model's tools tell what they do
            with speaking(spoken_in):
                status = say("status.looking", count=assistant.desk.size)
            yield ReplyDelta(status=status)
        with watch.stage("understand"), speaking(spoken_in):
            owner = cart_owner(user_id, session_id)
            meant, state = understood(assistant, given.text, state, owner, drop)

    def in_context(state: DialogueState) -> ToolContext:
        said = state.topic.where if state.topic.gift else (*state.topic.where, *lasting)
        return ToolContext(
            desk=assistant.desk,
            session_id=session_id,
            user_id=user_id,
            turn_id=uuid.uuid4().hex,
            shopper=shopper,
            shelf=Shelf(state.handles),
            said=tuple(dict.fromkeys(said)),
            gift=state.topic.gift,
            listed=state.listed,
            seen=state.topic.seen,
            rejected=frozenset(state.rejected),
        )

    context = in_context(state)
    with watch.stage("act"):
        if given.decline:
            with speaking(spoken_in):
                spoken = Spoken(say(f"declined.{given.decline}"), state)
        elif assistant.model is None:
            with speaking(spoken_in):
                words = _answered(meant, state, context)
                shown = tuple(card.item_id for card in context.shelf.cards)
                if drop is None and is_told_in_vain(meant, state, shown):
                    other, led_to = understood(assistant, given.text, before, owner, afresh=True)
                    elsewhere = in_context(led_to)
                    told = _answered(other, led_to, elsewhere)
                    if not {card.item_id for card in elsewhere.shelf.cards} <= set(shown):
                        meant, state, context, words = other, led_to, elsewhere, told
                spoken = Spoken(words, without_misread(state, context))
        else:
            from agent.llm.speaking import speak

            spoken = yield from speak(assistant, meant, before, state, context)
    words = written_out(spoken.words, cards_of(context, named_in(context.shelf, spoken.words)))
    if not spoken.streamed:
        yield from in_pieces(words)
    with speaking(spoken_in):
        reply = _kept(assistant, meant, context, replace(spoken, words=words), watch, started)
    yield ReplyDelta(reply=reply)


def understood(
    assistant: ShoppingAssistant,
    text: str,
    state: DialogueState,
    owner: str,
    drop: str | None = None,
    *,
    afresh: bool = False,
) -> tuple[Interpretation, DialogueState]:
    """What the utterance asks for, and the state that it leads to; ``afresh``: whatever was looked for before."""
    if drop is not None:
        return Interpretation(text=text, moves=("refine",)), without_condition(state, drop)
    known = assistant.interpreter.lexicon.words
    offered = state.pending.options if state.pending is not None and assistant.model is None else ()
    if offered and YES.fullmatch(text):
        text = " or ".join(
            offered
        )  # the planner asks "shall I look among tees or tanks?"; a model asks anything
    text = assistant.desk.typing.mended(as_typed(spelled(without_exclamations(text)), known))
    before = tuple(as_typed(exchange.said, known) for exchange in state.exchanges[-2:])
    read = assistant.reader.read(text, before)
    meant = assistant.interpreter.interpret(text, read, state, afresh=afresh)
    if meant.main == "remove_from_cart":
        meant = taken_off_the_screen(meant, assistant.desk.carts.items(owner))
    references = References(assistant.desk, state)
    return meant, changed(state, meant, references, lambda where: label(where, assistant.desk.schema))


def _answered(meant: Interpretation, state: DialogueState, context: ToolContext) -> str:
    """The planner's words; whatever breaks, there is an answer, and nothing unchecked is shown."""
    try:
        return f"{act(meant, state, context)} {_limits_of_reading(meant, state)}".strip()
    except Exception as error:  # noqa: BLE001 - a part that breaks does not end the conversation
        structlog.get_logger("aisle").error("turn failed", error=repr(error))
        context.shelf.put_out((), listed=False)
        return say("sorry")


NOTED = ("de", "fr", "es", "it", "pt", "nl", "sv")
"""Languages in which a shopper is told that English is read best."""


def _limits_of_reading(meant: Interpretation, state: DialogueState) -> str:
    """Said once, to who writes in a language that is read less well than English is."""
    language = language_of(meant.text)
    if language == FALLBACK:
        return ""
    told = say("reads.english") or (say(f"reads.only.{language}") if language in NOTED else "")
    return "" if any(told in exchange.answered for exchange in state.exchanges) else told


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
    asked = {"pending": shelf.question, "asked_in_row": state.asked_in_row + 1 if shelf.question else 0}
    state = state.model_copy(update=asked)
    carted = any(call.name == "cart" for call in shelf.calls)
    state = state.keep(
        Exchange(said=meant.text, answered=spoken.words, shown=shown, carted=carted), shelf.known
    )
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
        language=spoken_language(),
        understanding={k: v for k, v in meant.model_dump(mode="json").items() if v},
        tool_calls=tuple(shelf.calls),
        considered=shelf.considered,
        shown=shelf.cards,
        evidence=(*shelf.evidence.values(), *facts),
        reply=spoken.words,
        chips=(*chips_in_force(assistant, state), *shelf.chips),
        table=shelf.table,
        loosened=shelf.loosened,
        guard_actions=spoken.actions,
        usage=spoken.usage,
        stages_ms=dict(watch.stages),
    )
    with watch.stage("save"), assistant.shop.engine.begin() as transaction:
        assistant.sessions.save(state, transaction)
        assistant.turns.save(record, exposure=context.shopper.allows("exposure"), connection=transaction)
    return Reply(text=record.reply, cards=record.shown, chips=record.chips, table=record.table, record=record)


def chips_in_force(assistant: ShoppingAssistant, state: DialogueState) -> tuple[Chip, ...]:
    """The conditions and wishes in force, each removable by its id."""
    schema, topic = assistant.desk.schema, state.topic
    # Of many kinds, the name that the shopper gave them.
    several = topic.thing if len(topic.kinds) > 1 else ""
    conditions = (
        Chip(
            label=several if several and w in topic.kind_where() else label(w, schema),
            kind="constraint",
            constraint_id=w.id,
        )
        for w in topic.conditions()
    )
    wishes = (Chip(label=wish_label(p, schema), kind="preference", constraint_id=p.id) for p in topic.prefer)
    return (*conditions, *wishes)
