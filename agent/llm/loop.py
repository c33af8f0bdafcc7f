"""The agent: a model drives the shop through its tools, within limits, and what it says is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langgraph.graph.state import CompiledStateGraph

from agent.checks.turn_evidence import back_named, backing, cards_of, named_in, written_out
from agent.llm.answer import Answer, Pick, arguments, pick, read
from agent.llm.limits import AgentRun, LimitReachedError, Limits, StoppedError, Writing, in_time
from agent.llm.prompt import Heard, messages, system_prompt
from agent.llm.speech import Speech
from agent.records import Card, Reason, ReplyDelta
from agent.tools import TOOLS
from agent.tools.ask import MOST_OPTIONS, ask
from agent.tools.langchain import langchain_tools
from agent.tools.results import Found
from agent.tools.show import show

ANSWERED_BY_CODE = ("show", "ask")
"""Tools whose work the structured answer of a model does."""
ABOUT_PRODUCTS = ("product", "buyers", "compare", "cart")
STATUS = {
    "find": "Searching {size:,} products…",
    "recommend": "Looking at what you like…",
    "product": "Reading the description…",
    "buyers": "Reading reviews…",
    "compare": "Comparing…",
    "pages": "Reading the shop's pages…",
    "advice": "Reading up on it…",
    "goes_with": "Looking what goes with it…",
    "cart": "Looking at your cart…",
}
"""What a shopper reads while a tool runs."""
STEPS = 60
"""Steps of the graph, far above what the limits of calls allow."""


@dataclass(frozen=True)
class Driven:
    """What the model came to. ``words`` have passed the check, handles not yet written out; empty: none."""

    words: str = ""
    actions: tuple[str, ...] = ()
    streamed: bool = False


def build_agent(model: BaseChatModel, profile: str) -> CompiledStateGraph[Any, Any, Any, Any]:
    """The compiled graph of one model for one build; its context is an `AgentRun`."""
    return create_agent(
        model,
        langchain_tools(tool for name, tool in TOOLS.items() if name not in ANSWERED_BY_CODE),
        system_prompt=system_prompt(profile),
        middleware=[*_prompt_cache(model), Limits()],
        response_format=Answer,
        context_schema=AgentRun,
    )


def _prompt_cache(model: BaseChatModel) -> list[Any]:
    """Anthropic keeps a prompt only where it is told to; the others do it by themselves."""
    if not model._llm_type.startswith("anthropic"):
        return []
    from langchain_anthropic.middleware import AnthropicPromptCachingMiddleware

    return [AnthropicPromptCachingMiddleware()]


def drive(graph: Any, run: AgentRun, heard: Heard) -> Iterator[ReplyDelta | Driven]:
    """Let the model work; yield status lines and checked sentences, and what it came to at last.

    Never raises: a model that fails, hangs, or says nothing that can be shown leaves the turn to the planner.
    """
    told = Listener(run, heard)

    def work() -> Iterator[tuple[str, Any]]:
        given = {"messages": messages(run, heard)}
        # Two at a time: one waits for pieces, one works, so that tools run in the order of their calls.
        config = {"recursion_limit": STEPS, "max_concurrency": 2, "callbacks": [Writing(run)]}
        yield from graph.stream(
            given, context=run, stream_mode=["messages", "custom", "values"], config=config
        )

    try:
        for mode, data in in_time(work, run.settings.llm_turn_seconds):
            yield from told.take(mode, data)
    except (LimitReachedError, TimeoutError) as limit:
        run.meter.note(str(limit) or type(limit).__name__)
    except StoppedError:
        pass
    except Exception as error:  # noqa: BLE001 - whatever a provider throws, the shopper gets an answer
        run.meter.note(f"the model failed ({type(error).__name__})")
        _log(error)
    run.stop()
    try:
        yield from told.end()
        yield told.outcome()
    except Exception as error:  # noqa: BLE001 - fail closed: nothing unchecked is said
        _log(error)
        yield Driven(actions=(f"output: template, the check failed ({type(error).__name__})",))


class Listener:
    """Follows the graph: passes on status lines and checked words, and shows what the answer shows."""

    def __init__(self, run: AgentRun, heard: Heard) -> None:
        self._run, self._heard = run, heard
        self._writing: AIMessageChunk | None = None
        self._last: BaseMessage | None = None
        self._shown: list[Pick] | None = None
        context, before = run, heard.before
        asked = " ".join((heard.text, *(exchange.said for exchange in before.exchanges)))
        told = [exchange.answered for exchange in before.exchanges]
        known = (*before.listed, *((before.focus,) if before.focus else ()))
        run.progress.evidence = lambda: backing(context, asked, "names", also=known, said=told)
        self._speech = Speech(run.progress.evidence, self._named)

    # --- while it works -----------------------------------------------------------------------------------

    def take(self, mode: str, data: Any) -> Iterator[ReplyDelta]:
        if mode == "custom":
            told = STATUS.get(str(data.get("status", "")), "")
            if told:
                yield ReplyDelta(status=told.format(size=self._run.desk.size))
        elif mode == "values":
            spoken = [message for message in data["messages"] if isinstance(message, AIMessage)]
            self._last = spoken[-1] if spoken and spoken[-1] is data["messages"][-1] else self._last
            self._last = spoken[-1] if spoken and data.get("structured_response") is not None else self._last
        elif mode == "messages" and isinstance(data[0], AIMessageChunk):
            yield from self._written(data[0])

    def _written(self, chunk: AIMessageChunk) -> Iterator[ReplyDelta]:
        """A piece of a message: of an answer alone, the words are passed on as they are written."""
        same = self._writing is not None and self._writing.id == chunk.id
        if not same and self._speech.restart():
            self._shown = None
        self._writing = self._writing + chunk if same and self._writing is not None else chunk
        given = arguments(self._writing)
        if given is None or len(self._writing.tool_calls) > 1 or not isinstance(given.get("words"), str):
            return
        if self._shown is None:
            self._show(given.get("show"))
        yield from self._say(given["words"])

    def _say(self, words: str) -> Iterator[ReplyDelta]:
        yield from self._speech.take(words)

    # --- at the end ---------------------------------------------------------------------------------------

    def end(self) -> Iterator[ReplyDelta]:
        """What of the answer was not passed on while it was written: all of it of a model that does not
        stream.
        """
        answer = read(self._last) if self._last is not None else None
        if answer is not None:
            if self._shown is None:
                self._show(answer.show or self._found_but_unnamed())
            if not self._speech.begins(answer.words):  # what was mended came to nothing
                self._speech.restart()
            yield from self._say(answer.words)
            yield from self._speech.finish()
        else:
            self._speech.restart()  # a sentence that was never ended is not said
        if answer is not None and answer.question and self._speech.words and "?" not in self._speech.words:
            yield from self._ask(answer)

    def _ask(self, answer: Answer) -> Iterator[ReplyDelta]:
        self._speech.go_on()
        said = len(self._speech.sentences)
        yield from self._say(answer.question.strip())
        yield from self._speech.finish()
        if len(self._speech.sentences) > said:
            ask(self._run, answer.question, [option[:60] for option in answer.options[:MOST_OPTIONS]])

    def outcome(self) -> Driven:
        words, context = self._speech.words, self._run
        violations = self._speech.violations
        kinds = ", ".join(sorted({violation.kind for violation in violations}))
        dropped = (f"output: {'sentence dropped' if words else 'template'} ({kinds})",) if kinds else ()
        if not words:
            if not kinds:
                self._run.meter.note("the model said nothing that can be shown")
            return Driven(actions=dropped)
        back_named(context, named_in(context.shelf, words))
        return Driven(words, dropped, streamed=True)

    # --- what is shown ------------------------------------------------------------------------------------

    def _show(self, picks: Any) -> None:
        """Put out what the answer shows, each with the reasons that it names first."""
        chosen = [one if isinstance(one, Pick) else pick(one) for one in picks or ()]
        self._shown = [one for one in chosen if one is not None]
        shelf = self._run.shelf
        if not self._shown:
            return
        chosen_items = {item for one in self._shown if (item := shelf.item(one.handle))}
        asked = chosen_items <= self._asked_about() and not chosen_items & set(shelf.rows)
        show(self._run, [one.handle for one in self._shown], aside=asked)
        because = {shelf.item(one.handle): one.because for one in self._shown}
        shelf.cards = tuple(
            with_reasons(card, because.get(card.item_id, ()), shelf.reasons.get(card.item_id, ()))
            for card in shelf.cards
        )

    def _asked_about(self) -> set[str]:
        """Items that a tool was asked about by their handles, which holds of no search."""
        shelf, named = self._run.shelf, set()
        for name, given, _ in shelf.results:
            if name in ABOUT_PRODUCTS:
                lines = [line.handle for line in given.get("lines", ())]
                handles = [given.get("handle", ""), *given.get("handles", ()), *lines]
                named |= {item for handle in handles if (item := shelf.item(handle))}
        return named

    def _found_but_unnamed(self) -> list[Pick]:
        """Of plain text that names no product, what the last search found."""
        if self._last is None or arguments(self._last) is not None:
            return []
        results = self._run.shelf.results
        if not results or not isinstance(results[-1][2], Found):
            return []
        return [Pick(handle=row.card.handle) for row in results[-1][2].rows]

    def _named(self, text: str) -> str:
        context = self._run
        return written_out(text, cards_of(context, named_in(context.shelf, text)))


def with_reasons(card: Card, because: Sequence[str], told: Sequence[Reason]) -> Card:
    """The card with the reasons of these ids (``P3.2``) first; ids that name none change nothing.

    ``told``: all that were told of it this turn, in the order of their numbers.
    """
    numbers = [one.rpartition(".")[2] for one in because if one.upper().startswith(f"{card.handle}.")]
    chosen = [told[int(n) - 1] for n in dict.fromkeys(numbers) if n.isdigit() and 0 < int(n) <= len(told)]
    rest = [reason for reason in card.reasons if reason.text not in {one.text for one in chosen}]
    return card.model_copy(update={"reasons": (*chosen, *rest)})


def _log(error: Exception) -> None:
    import structlog

    structlog.get_logger("aisle").warning("model failed", error=f"{type(error).__name__}: {str(error)[:200]}")
