"""Chat models by name, opened with what a call may cost and take; what is wrong with one is said at start."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from agent.errors import AisleError
from agent.llm.usage import price_of
from agent.settings import Settings

PLANNER = "planner"
ATTEMPTS = 3
KEY_CHECK_SECONDS = 5.0


class ModelError(AisleError):
    """The configured model cannot be used as it is set."""


def open_chat_model(settings: Settings) -> BaseChatModel | None:
    """The model that ``AISLE_LLM`` names, by any provider of LangChain's `init_chat_model`; None for the planner.

    Raises:
        ModelError: an unknown provider, a missing package, or a key that is missing; says what to do.
    """
    name = settings.llm
    if name == PLANNER:
        return None
    provider, _, model = name.partition(":")
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(model, model_provider=provider, **_options(provider, settings))  # type: ignore[no-any-return]
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}"
        raise ModelError(f"AISLE_LLM is {name!r}. {_first_line(error)} ({package} in most cases)") from error
    except ValueError as error:
        if "Unsupported" not in str(error):
            raise _unusable(name, error) from error
        raise ModelError(
            f"AISLE_LLM names the provider {provider!r}. {' '.join(str(error).split())}"
        ) from error
    except Exception as error:
        raise _unusable(name, error) from error


def _options(provider: str, settings: Settings) -> dict[str, Any]:
    """The settings by the names that the provider's client has for them."""
    options: dict[str, Any] = {"temperature": 0.0}
    if provider == "ollama":
        options |= {
            "num_predict": settings.llm_max_tokens,
            "client_kwargs": {"timeout": settings.llm_timeout},
        }
    else:
        options |= {"max_retries": 0, "timeout": settings.llm_timeout, "max_tokens": settings.llm_max_tokens}
        if provider == "openai":
            options["stream_usage"] = True
        key = settings.llm_api_key.get_secret_value()
        if key or settings.llm_base_url:
            options["api_key"] = key or "none"
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
    if settings.llm_cache:
        options["cache"] = _response_cache(Path(settings.llm_cache))
    return options


def check_key(model: BaseChatModel, settings: Settings) -> None:
    """Ask a provider for one word, so that a wrong key is told now and not in a turn. Whatever else is wrong with the
    connection may pass, and is no reason not to start. An endpoint of the shop's own (``AISLE_LLM_BASE_URL``) is not asked.

    Raises:
        ModelError: the provider refuses the key.
    """
    if settings.llm_base_url:
        return
    outcome: queue.Queue[Exception | None] = queue.Queue()

    def ask() -> None:
        try:
            model.invoke("Say ok.")
            outcome.put(None)
        except Exception as error:  # noqa: BLE001 - looked at by whoever waits
            outcome.put(error)

    threading.Thread(target=ask, daemon=True, name="aisle-key").start()
    try:
        error = outcome.get(timeout=KEY_CHECK_SECONDS)
    except queue.Empty:
        return
    if error is not None and status_of(error) in (401, 403):
        raise ModelError(
            f"the provider of {settings.llm} refuses the key ({_first_line(error)}); set AISLE_LLM_API_KEY"
        ) from error


def check_price(model: BaseChatModel, settings: Settings) -> None:
    """A limit of money is worth nothing where a call's price is not known.

    Raises:
        ModelError: a daily limit is set and the model's price is neither set nor known.
    """
    if settings.llm_daily_dollars and price_of(model_name(model), settings) is None:
        raise ModelError(
            f"AISLE_LLM_DAILY_DOLLARS is set, and the price of {model_name(model)} is not known; set AISLE_LLM_PRICES to "
            "what a million tokens read and written cost in US dollars, e.g. `[0.4, 1.6]`"
        )


def _unusable(name: str, error: Exception) -> ModelError:
    return ModelError(
        f"AISLE_LLM is {name!r} and can't be opened: {_first_line(error)}; is AISLE_LLM_API_KEY set?"
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".") + "."


def _response_cache(path: Path) -> Any:
    """Answers of a model by its exact prompt, in a SQLite file; the same question costs nothing twice."""
    from langchain_community.cache import SQLiteCache

    path.parent.mkdir(parents=True, exist_ok=True)
    return SQLiteCache(database_path=str(path))


def status_of(error: BaseException) -> int | None:
    """The HTTP status in a client's error, where there is one."""
    status = getattr(error, "status_code", None) or getattr(
        getattr(error, "response", None), "status_code", None
    )
    return status if isinstance(status, int) else None


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help: time-outs, broken connections, rate limits, server errors."""
    status = status_of(error)
    if status is not None:
        return status in (408, 409, 425, 429) or status >= 500
    if isinstance(error, TimeoutError | ConnectionError):
        return True
    name = type(error).__name__.lower()
    return "timeout" in name or "ratelimit" in name or "connect" in name


def with_retries(
    call: Callable[[], Any],
    *,
    attempts: int = ATTEMPTS,
    within: float = 20.0,
    wait: float = 0.5,
    unless: Callable[[], bool] = lambda: False,
) -> Any:
    """Call, and again on what is transient, waiting longer each time, while ``within`` seconds last and not ``unless``."""

    def last(state: RetryCallState) -> Any:
        assert state.outcome is not None
        return state.outcome.result()

    retrying = Retrying(
        stop=stop_after_attempt(attempts) | stop_after_delay(within),
        wait=wait_random_exponential(multiplier=wait, max=4.0),
        retry=retry_if_exception(lambda error: is_transient(error) and not unless()),
        retry_error_callback=last,
    )
    return retrying(call)


def model_name(model: BaseChatModel) -> str:
    return str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)
