"""One turn, start to end: guard, understand, let the agent work, guard again, keep the record."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from agent.guards.backing import written_out
from agent.guards.input_guard import GuardedInput, guard_input
from agent.language.text import stems
from agent.listening import Listener, in_pieces
from agent.meaning import Act, Constraint, Understanding
from agent.meter import Meter
from agent.plan import SORRY
from agent.privacy import masked
from agent.records import Evidence, Reply, ReplyDelta, TurnRecord, Usage
from agent.state import DialogueState
from agent.toolbox.turn import Shelf, Turn, first_shelf

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant
    from agent.reading.vocabulary import Vocabulary

DECLINED = {
    "empty": "I didn't catch that. What are you looking for?",
    "abuse": "Let's keep it friendly. I'm glad to help you find something: what are you looking for?",
    "injection": "I can't do that. I can help you find something in this shop: what are you looking for?",
    "medical": "I can't advise on health. Please ask a doctor or a pharmacist, and in an emergency call your "
    "local emergency number.",
}


READ_TWICE = frozenset((Act.ASK, Act.REFINE, Act.CRITIQUE, Act.HELP, Act.OUT_OF_SCOPE))
MASK = re.compile(r"\[(?:[a-z]+ ?){1,2}\]")
"""What stands for personal data; it is no wish."""
WORDS_TO_READ_TWICE = 4
"""Shorter utterances leave a model nothing that the rules miss."""


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
    """What the agent came to: the shelf, the words that passed the guard (handles not yet written out)."""

    shelf: Shelf
    text: str
    actions: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    streamed: bool = False


def run_turn(
    assistant: ShoppingAssistant,
    text: str,
    user_id: str | None,
    session_id: str,
    *,
    state: DialogueState | None = None,
    meant: Understanding | None = None,
) -> Iterator[ReplyDelta]:
    """Yield the pieces of one turn, the whole reply last. ``meant``: what a button says instead of words."""
    watch = Stopwatch()
    started = time.perf_counter()
    with watch.stage("guard_input"):
        given = guard_input(text) if meant is None else GuardedInput(text)
        # From here on nobody, the shop's own database included, sees a telephone number or an address.
        given = replace(given, text=masked(given.text))
    meter = Meter()
    with watch.stage("load"):
        assistant.shop.catch_up()
        state = state or assistant.state(session_id, user_id)
        shopper = assistant.desk.profiles.load(user_id)
    turn = _understood(assistant, given, meant, state, shopper, watch, meter)
    spoken: Spoken | None = None
    if given.decline:
        spoken = Spoken(Shelf(), DECLINED[given.decline])
    else:
        for piece in _speak(assistant, turn, watch, meter):
            if isinstance(piece, Spoken):
                spoken = piece
            else:
                yield piece
    assert spoken is not None
    if not spoken.streamed:
        yield from in_pieces(written_out(spoken.text, spoken.shelf.cards))
    if notices := _notices(turn, given, spoken):
        yield from in_pieces(f" {' '.join(notices)}")
    reply = _finished(assistant, turn, given, spoken, watch, started)
    yield ReplyDelta(reply=reply)


def _understood(
    assistant: ShoppingAssistant,
    given: GuardedInput,
    meant: Understanding | None,
    state: DialogueState,
    shopper: Any,
    watch: Stopwatch,
    meter: Meter,
) -> Turn:
    """The turn as it begins. What was declined changes nothing that is in force."""
    desk = assistant.desk
    with watch.stage("understand"):
        if given.decline:
            meant = Understanding(act=Act.SMALL_TALK, query=state.query)
        elif meant is None:
            meant = _understand(assistant, given.text, state, meter)
        state = state.apply(meant)
    lasting: tuple[Constraint, ...] = ()
    if state.user_id is not None and not state.gift and shopper.allows("remember"):
        lasting = desk.memories.constraints(state.user_id)
    return Turn(
        turn_id=uuid.uuid4().hex,
        session_id=state.session_id,
        user_id=state.user_id,
        text=given.text,
        understanding=meant,
        state=state,
        shopper=shopper,
        lasting=lasting,
    )


def _understand(assistant: ShoppingAssistant, text: str, state: DialogueState, meter: Meter) -> Understanding:
    """The rules' reading, joined with a model's where there is one. A reading that fails is no wish."""
    from agent.models import second_reading
    from agent.reading.consent import answer_to_consent
    from agent.reading.easing import eased
    from agent.reading.merge import merge
    from agent.reading.recipients import for_recipient
    from agent.rules_understanding import understand

    desk = assistant.desk
    try:
        if answered := answer_to_consent(assistant, text, state):
            return answered
        meant = understand(MASK.sub("", text), state, desk.vocabulary, facts=desk.facts)
        if meant.act in READ_TWICE and len(text.split()) >= WORDS_TO_READ_TWICE:
            second = second_reading(assistant.model, text, assistant.shop.settings, meter)
            meant = merge(meant, second, state, desk.vocabulary) if second else meant
        if _strange(meant, desk.vocabulary):
            return Understanding(act=Act.SMALL_TALK, text=text, query=state.query, language=meant.language)
        return for_recipient(eased(meant, state, desk.facts), state, desk.vocabulary, desk.facts)
    except Exception as error:  # noqa: BLE001 - fail closed: what was in force stays, nothing is added
        _log(error)
        return Understanding(act=Act.HELP, text=text, query=state.query)


def _strange(meant: Understanding, vocabulary: Vocabulary) -> bool:
    """Whether it is in another language and names nothing of this shop: then its words are not searched for,
    and the guard asks for English."""
    if meant.language == "en" or meant.act not in (Act.ASK, Act.REFINE, Act.HELP, Act.OUT_OF_SCOPE):
        return False
    known = meant.add or meant.replace or meant.drop or meant.preferences or meant.referents
    return len(meant.text.split()) >= 3 and not known and vocabulary.names.isdisjoint(stems(meant.text))


def _speak(
    assistant: ShoppingAssistant, turn: Turn, watch: Stopwatch, meter: Meter
) -> Iterator[ReplyDelta | Spoken]:
    """Let the agent work and pass on what may be said. Whatever breaks, there is an answer."""
    from agent.graph import turn_input
    from agent.langchain_tools import TurnContext

    shelf = first_shelf(turn.state, turn.understanding)
    context = TurnContext(assistant.desk, turn, meter)
    heard = Listener(assistant.desk, turn, shelf)
    try:
        with watch.stage("agent"):
            for mode, data in assistant.agent.stream(
                turn_input(assistant.desk, turn, shelf),
                context=context,
                stream_mode=["messages", "custom", "values"],
                config={"recursion_limit": 40},
            ):
                yield from heard.take(mode, data)
    except Exception as error:  # noqa: BLE001 - fail closed: nothing unchecked, but an answer
        _log(error)
        yield Spoken(Shelf(), SORRY, (f"turn: failed ({type(error).__name__})",), meter.usage())
        return
    with watch.stage("guard_output"):
        yield from heard.rest()
        guarded = heard.guarded()
    notes = tuple(f"model: {note}" for note in meter.notes)
    yield Spoken(heard.shelf, guarded.text, (*notes, *guarded.actions), meter.usage(), heard.streamed)


def _finished(
    assistant: ShoppingAssistant,
    turn: Turn,
    given: GuardedInput,
    spoken: Spoken,
    watch: Stopwatch,
    started: float,
) -> Reply:
    """Save the state and the record, and make the reply from the record."""
    shelf = spoken.shelf
    state = turn.state
    if shelf.listed:
        state = state.show(card.item_id for card in shelf.cards)
    elif len(shelf.cards) == 1:
        state = state.focus_on(shelf.cards[0].item_id)
    if shelf.question is not None:
        state = state.ask(shelf.question)
    notices = _notices(turn, given, spoken)
    facts = tuple(
        Evidence(evidence_id=f"fact:{n}", kind="signal", source="this turn", text=fact)
        for n, fact in enumerate(shelf.facts, start=1)
    )
    watch.stages["total"] = round((time.perf_counter() - started) * 1000, 2)
    record = TurnRecord(
        turn_id=turn.turn_id,
        session_id=turn.session_id,
        user_id=turn.user_id,
        time=datetime.now(UTC),
        utterance=turn.text,
        understanding={k: v for k, v in turn.understanding.model_dump(mode="json").items() if v},
        tool_calls=shelf.calls,
        considered=shelf.candidates,
        shown=shelf.cards,
        evidence=(*shelf.evidence, *facts),
        reply=" ".join((written_out(spoken.text, shelf.cards), *notices)),
        chips=(*state.chips(), *shelf.chips),
        table=shelf.table,
        notices=notices,
        guard_actions=(*given.actions, *spoken.actions),
        usage=spoken.usage,
        stages_ms=dict(watch.stages),
    )
    with watch.stage("save"), assistant.shop.engine.begin() as transaction:
        assistant.sessions.save(state, transaction)
        assistant.turns.save(record, exposure=turn.shopper.allows("exposure"), connection=transaction)
    # The kept record was written before its own writing could be timed; the reply's knows that, too.
    watch.stages["total"] = round((time.perf_counter() - started) * 1000, 2)
    record = record.model_copy(update={"stages_ms": dict(watch.stages)})
    return Reply(text=record.reply, cards=record.shown, chips=record.chips, table=record.table, record=record)


def _notices(turn: Turn, given: GuardedInput, spoken: Spoken) -> tuple[str, ...]:
    unclear = (f"I was not sure: {said}? I went by the stricter." for said in turn.understanding.ambiguous)
    meant = turn.understanding.notices
    return tuple(dict.fromkeys((*given.notices, *meant, *unclear, *spoken.shelf.notices)))


def _log(error: Exception) -> None:
    import structlog

    structlog.get_logger("aisle").error("turn failed", error=f"{type(error).__name__}: {error}")
