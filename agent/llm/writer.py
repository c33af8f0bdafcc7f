"""The model as a writer: the planner has chosen and shown, the model only words the reply from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage

from agent.checks.turn_evidence import back_named, backing, cards_of, named_in, written_out
from agent.llm.limits import AgentRun, in_time
from agent.llm.loop import Driven
from agent.llm.models import model_name, with_retries
from agent.llm.prompt import WRITER, Heard, writer_message
from agent.llm.speech import Speech
from agent.records import ReplyDelta
from agent.tools.context import Shelf
from agent.tools.results import fenced, row_text

MOST_FACTS = 12
LONGEST_FACT = 300
WORDED = frozenset(("find", "recommend", "show", "ask"))
"""Calls of a turn whose words a small model may choose."""


def write(model: BaseChatModel, run: AgentRun, heard: Heard, template: str) -> Iterator[ReplyDelta | Driven]:
    """Checked sentences as they are written, and what they come to; nothing where the template says it best:
    of a change, of an answer that must be exact, or where a condition had to give way.

    Every word is checked against a closed vocabulary, as small models are free with properties. Never raises.
    """
    context = run
    if not context.shelf.cards or context.shelf.loosened or not _only_found(context.shelf):
        yield Driven()
        return
    named = named_in(context.shelf, template)

    def name(text: str) -> str:
        return written_out(text, cards_of(context, named_in(context.shelf, text)))

    speech = Speech(lambda: backing(context, heard.text, "all", also=named), name)
    prompt = [SystemMessage(WRITER), HumanMessage(writer_message(heard.text, facts(run, template)))]

    def pieces() -> Iterator[Any]:
        yield from with_retries(lambda: model.stream(prompt), within=run.settings.llm_timeout)

    whole: AIMessageChunk | None = None
    try:
        for chunk in in_time(pieces, run.settings.llm_turn_seconds):
            whole = chunk if whole is None else whole + chunk
            yield from speech.take(str(whole.text))
    except Exception as error:  # noqa: BLE001 - the template is ready
        run.meter.note(f"the model failed ({type(error).__name__})")
    if whole is not None:
        run.meter.add(whole.usage_metadata, model_name(model))
    yield from speech.finish()
    kinds = ", ".join(sorted({violation.kind for violation in speech.violations}))
    words = speech.words
    dropped = (f"output: {'sentence dropped' if words else 'template'} ({kinds})",) if kinds else ()
    back_named(context, named_in(context.shelf, words))
    yield Driven(words, dropped, streamed=bool(words))


def _only_found(shelf: Shelf) -> bool:
    return {call.name for call in shelf.calls} <= WORDED


def facts(run: AgentRun, template: str) -> list[str]:
    """What was found, as a small model reads it: the planner's own words, the products shown, what else
    was told.
    """
    shelf = run.shelf
    lines = [fenced(template, 500)]
    for card in shelf.cards:
        row = shelf.rows.get(card.item_id)
        lines.append(row_text(row) if row is not None else f"[{card.handle}] {fenced(card.title, 80)}")
    lines.extend(
        fenced(one.text, LONGEST_FACT)
        for one in shelf.evidence.values()
        if one.kind in ("review", "document")
    )
    return lines[:MOST_FACTS]
