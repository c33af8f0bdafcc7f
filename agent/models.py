"""Chat models by name, what a call may cost and take, and the response cache (the one use of
langchain-community here).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from agent.errors import AisleError
from agent.planner import Planner
from agent.records import Usage
from agent.settings import Settings

ATTEMPTS = 3
INSTALL = {"openai": "langchain-openai", "anthropic": "langchain-anthropic", "ollama": "langchain-ollama"}
PRICES = {
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4o": (2.50, 10.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1": (2.00, 8.00),
    "claude-haiku-4-5": (1.00, 5.00),
    "claude-sonnet-4-5": (3.00, 15.00),
}
"""US dollars per million tokens read and written, as published; what is not listed costs ``None``: not known.
"""


class ModelError(AisleError):
    """The configured model cannot be used as it is set."""


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The model that ``AISLE_LLM`` names; the planner by default.

    Raises:
        ModelError: an unknown provider or a missing package, with what to do.
    """
    name = settings.llm.strip()
    if name in ("", "planner"):
        return Planner()
    provider, _, model = name.partition(":")
    if provider not in INSTALL or not model:
        raise ModelError(
            f"AISLE_LLM is {name!r}; expected `planner`, `openai:<model>`, `anthropic:<model>` or "
            f"`ollama:<model>`"
        )
    options: dict[str, Any] = {"temperature": 0.0, "max_retries": 0}
    if provider == "ollama":
        options = {"temperature": 0.0, "num_predict": settings.llm_max_tokens}
        options["client_kwargs"] = {"timeout": settings.llm_timeout}
    else:
        options |= {"timeout": settings.llm_timeout, "max_tokens": settings.llm_max_tokens}
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
        raise ModelError(f"{name} needs `pip install {INSTALL[provider]}` (extra `{provider}`)") from error


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


@dataclass
class Meter:
    """Counts the calls and tokens of one turn, their cost where known, and what went wrong."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    model: str = "planner"
    notes: list[str] = field(default_factory=list)
    """Why the planner took over, where it did."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def add(self, message: AIMessage, model: str) -> None:
        usage = message.usage_metadata or {"input_tokens": 0, "output_tokens": 0}
        with self._lock:
            self.calls += 1
            self.model = model
            self.input_tokens += int(usage["input_tokens"])
            self.output_tokens += int(usage["output_tokens"])

    def usage(self) -> Usage:
        price = PRICES.get(self.model)
        cost = None
        if price is not None:
            cost = round((self.input_tokens * price[0] + self.output_tokens * price[1]) / 1e6, 6)
        return Usage(
            model=self.model,
            calls=self.calls,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cost=cost,
        )
