"""Chat models by name, what a call may cost and take, and the response cache (the one use of
langchain-community here).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from agent.errors import AisleError
from agent.guards.input_guard import fence
from agent.meter import Meter
from agent.planner_model import Planner
from agent.prompts import READING
from agent.reading.merge import LLMUnderstanding
from agent.settings import PROVIDERS, Settings

ATTEMPTS = 3


class ModelError(AisleError):
    """The configured model cannot be used as it is set."""


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The model that ``AISLE_LLM`` names; the planner by default.

    Raises:
        ModelError: a missing package or key, with what to do.
    """
    name = settings.llm
    if name == "planner":
        return Planner()
    provider, _, model = name.partition(":")
    options: dict[str, Any] = {"temperature": 0.0, "max_retries": 0}
    if provider == "ollama":
        options = {"temperature": 0.0, "num_predict": settings.llm_max_tokens}
        options["client_kwargs"] = {"timeout": settings.llm_timeout}
    else:
        options |= {"timeout": settings.llm_timeout, "max_tokens": settings.llm_max_tokens}
        if provider == "openai":
            options["stream_usage"] = True
        key = settings.llm_api_key.get_secret_value()
        if key or settings.llm_base_url:
            options["api_key"] = key or "none"
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    if settings.llm_cache:
        options["cache"] = _response_cache(Path(settings.llm_cache))
    try:
        from langchain.chat_models import init_chat_model

        return init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        raise ModelError(
            f"AISLE_LLM is {name!r}, which needs `pip install {PROVIDERS[provider]}` (extra `{provider}`)"
        ) from error
    except Exception as error:
        raise ModelError(
            f"AISLE_LLM is {name!r}, which can't be opened ({_first_line(error)}): "
            "set AISLE_LLM_API_KEY and AISLE_LLM_BASE_URL as it needs, or AISLE_LLM=planner"
        ) from error


def check_model(model: BaseChatModel, settings: Settings) -> str:
    """Ask the model for one word. Returns a notice where it may answer later, else nothing.

    Raises:
        ModelError: it refuses: a wrong key or name, or an endpoint that is none.
    """
    if isinstance(model, Planner):
        return ""
    try:
        model.invoke([HumanMessage("Answer with the one word: yes")])
    except Exception as error:
        if is_transient(error):
            return (
                f"AISLE_LLM is {settings.llm!r}, which does not answer now ({_first_line(error)}): "
                "the planner takes the turns until it does"
            )
        raise ModelError(
            f"AISLE_LLM is {settings.llm!r}, which refuses ({_first_line(error)}): "
            "check AISLE_LLM, AISLE_LLM_API_KEY and AISLE_LLM_BASE_URL, or set AISLE_LLM=planner"
        ) from error
    return ""


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]


def _response_cache(path: Path) -> Any:
    """Answers of a model by its exact prompt, in a SQLite file; the same question costs nothing twice."""
    from langchain_community.cache import SQLiteCache

    path.parent.mkdir(parents=True, exist_ok=True)
    return SQLiteCache(database_path=str(path))


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help: time-outs, broken connections, rate limits, server errors."""
    status = getattr(error, "status_code", None) or getattr(
        getattr(error, "response", None), "status_code", None
    )
    if isinstance(status, int):
        return status in (408, 409, 425, 429) or status >= 500
    if isinstance(error, TimeoutError | ConnectionError):
        return True
    name = type(error).__name__.lower()
    return "timeout" in name or "connection" in name or "ratelimit" in name or "connect" in name


def with_retries(
    call: Callable[[], Any], *, attempts: int = ATTEMPTS, within: float = 20.0, wait: float = 0.5
) -> Any:
    """Call, and again on what is transient, waiting longer each time, while ``within`` seconds last."""

    def last(state: RetryCallState) -> Any:
        assert state.outcome is not None
        return state.outcome.result()

    retrying = Retrying(
        stop=stop_after_attempt(attempts) | stop_after_delay(within),
        wait=wait_random_exponential(multiplier=wait, max=4.0),
        retry=retry_if_exception(is_transient),
        retry_error_callback=last,
    )
    return retrying(call)


def second_reading(
    model: BaseChatModel, text: str, settings: Settings, meter: Meter
) -> LLMUnderstanding | None:
    """A model's reading of an utterance by structured output; None offline, when switched off, or when it
    fails.
    """
    if isinstance(model, Planner) or not settings.llm_understanding:
        return None
    messages = [SystemMessage(READING), HumanMessage(fence(text, "shopper", 2_000))]
    try:
        reader = model.with_structured_output(LLMUnderstanding, include_raw=True)
        answer = with_retries(lambda: reader.invoke(messages), within=settings.llm_timeout, attempts=2)
    except Exception as error:  # noqa: BLE001 - the rules have read it already
        meter.note(f"the model could not read the utterance ({type(error).__name__})")
        meter.failed = is_transient(error)
        return None
    if isinstance(answer.get("raw"), AIMessage):
        meter.add(answer["raw"].usage_metadata, model_name(model))
    parsed = answer.get("parsed")
    if not isinstance(parsed, LLMUnderstanding):
        return None
    if parsed.min_price is not None and parsed.min_price == parsed.max_price:
        return parsed.model_copy(update={"min_price": None, "max_price": None})  # says no direction
    return parsed


def model_name(model: BaseChatModel) -> str:
    return str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)
