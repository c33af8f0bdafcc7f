"""Settings, frozen, read from the environment (prefix ``AISLE_``) when asked for, never at import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import SettingsError

PREFIX = "AISLE_"
_READ_ELSEWHERE = ("AISLE_DEBUG", "AISLE_DATA", "AISLE_BENCHMARK_CACHE")


class Settings(BaseSettings):
    """Everything that can be set. Each field is the environment variable ``AISLE_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    encoder: str = Field(
        "aisle",
        description="`aisle` (trained for shoppers' needs), `minilm`, or any sentence-transformers model or folder",
    )
    encoder_backend: Literal["auto", "onnx", "torch"] = Field(
        "auto", description="`auto`, `onnx` (int8, CPU) or `torch`"
    )
    chroma: str = Field(
        "",
        description="address of a Chroma server, e.g. `http://localhost:8000`; empty: a folder in the build",
    )
    reranker: str = Field("learned", description="`learned`, `none`, or `cross-encoder:<model>`")
    sentiment: str = Field(
        "default", description="`default`, or any transformers text-classification model or folder"
    )
    reader: str = Field(
        "default", description="`default`, or the folder of a reader that `aisle train-reader` made"
    )
    llm: str = Field(
        "planner",
        description="`planner` (offline), or `<provider>:<model>` with a provider of LangChain's "
        "`init_chat_model`, e.g. `openai:<model>`, `anthropic:<model>`, `ollama:<model>`",
    )
    llm_role: Literal["agent", "writer"] = Field(
        "agent",
        description="`agent`: the model calls the tools and answers; `writer`, for small or slow models: "
        "the planner chooses, the model only words the reply",
    )
    llm_base_url: str = Field("", description="an OpenAI-compatible endpoint")
    llm_api_key: SecretStr = Field(SecretStr(""), description="its key, where it needs one")
    llm_timeout: float = Field(20.0, gt=0, description="seconds a model may take per call")
    llm_max_calls: int = Field(5, ge=1, description="model calls a turn may make")
    llm_max_tool_calls: int = Field(12, ge=1, description="tool calls a model may make in a turn")
    llm_max_tokens: int = Field(800, ge=16, description="tokens a model may write per call")
    llm_turn_tokens: int = Field(60_000, ge=1_000, description="tokens a turn may read and write in all")
    llm_turn_seconds: float = Field(60.0, gt=0, description="seconds a model may take for a turn in all")
    llm_daily_dollars: float = Field(
        0.0, ge=0, description="money a day (UTC) that models may cost the shop, in US dollars; 0: no limit"
    )
    llm_prices: tuple[float, float] | None = Field(
        None,
        description="US dollars per million tokens read and written, as JSON `[0.4, 1.6]`; needed for a "
        "daily limit where Aisle does not know the model's price",
    )
    llm_cache: str = Field("", description="file of the LLM response cache; empty: none")
    effort: Literal["quick", "standard", "full"] = Field(
        "standard",
        description="how long a build trains recommenders: `quick` (no PyTorch), `standard` (and matrix "
        "factorisation), `full` (and a transformer, and a search of settings)",
    )
    speech_model: str = Field(
        "default",
        description="`default` (Whisper base, of the extra `voice`), `none`, or any model or folder that "
        "faster-whisper takes, e.g. `small.en`",
    )
    voice: str = Field(
        "default",
        description="`default` (Hibari, of the extra `voice`), `none`, or `piper:<file.onnx>`",
    )
    exports: str = Field(
        "", description="folder of exported models that shops share; empty: `~/.cache/aisle`"
    )
    database: str = Field("", description="SQLAlchemy URL; empty: `shop.db` in the shop's folder")
    keep_turns_days: int = Field(
        0, ge=0, description="days that turns and conversations are kept by `aisle retain`; 0: for ever"
    )
    allowed_hosts: str = Field(
        "",
        description="names under which the page is reached, comma-separated, e.g. `shop.example.com`, beside "
        "loopback and the address it listens on",
    )
    trusted_proxies: str = Field(
        "",
        description="addresses or networks of proxies, comma-separated, whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; empty: nobody's",
    )
    image_hosts: str = Field(
        "",
        description="hosts, comma-separated, e.g. `cdn.example.com`, from which the page may load pictures "
        "of products; empty: only the shop's `images` folder",
    )
    session_key: SecretStr = Field(
        SecretStr(""),
        description="secret that signs the page's session cookies, 32 characters or more; empty: the shop "
        "folder's `session.key`, made at the first start",
    )
    requests_per_minute: int = Field(
        600, ge=1, description="requests that one address may make of the page in a minute, files not counted"
    )
    connections_per_address: int = Field(
        64, ge=1, description="requests of one address that the page answers at the same time"
    )
    turns_at_once: int = Field(
        4,
        ge=1,
        description="turns that the page answers at the same time, at most half of them for one address",
    )
    threads: int = Field(1, ge=1, description="threads a query may use")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="`debug`, `info`, `warning` or `error`"
    )

    @field_validator("encoder", "sentiment")
    @classmethod
    def _model_is_there(cls, value: str) -> str:
        if value.startswith((".", "/", "~")) and not Path(value).expanduser().is_dir():
            raise ValueError("there is no such folder")
        return _not_empty(value)

    @field_validator("speech_model")
    @classmethod
    def _speech_model(cls, value: str) -> str:
        if value.startswith((".", "/", "~")) and not Path(value).expanduser().is_dir():
            raise ValueError("there is no such folder")
        return _not_empty(value)

    @field_validator("voice")
    @classmethod
    def _voice(cls, value: str) -> str:
        kind, _, file = value.partition(":")
        if value not in ("default", "none") and (kind != "piper" or not file):
            raise ValueError("there is no such voice")
        if file and not Path(file).expanduser().is_file():
            raise ValueError("there is no such file")
        return value

    @field_validator("chroma", "llm_base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        address = urlsplit(value)  # a port that is no number raises here or below
        if value and (address.scheme not in ("http", "https") or not address.hostname or address.port == 0):
            raise ValueError("it is no address such as http://localhost:8000")
        return value

    @field_validator("reranker")
    @classmethod
    def _reranker(cls, value: str) -> str:
        kind, _, model = value.partition(":")
        if value not in ("learned", "none") and (kind != "cross-encoder" or not model):
            raise ValueError("there is no such reranker")
        return value

    @field_validator("llm")
    @classmethod
    def _llm(cls, value: str) -> str:
        provider, _, model = value.strip().partition(":")
        if value.strip() in ("", "planner"):
            return "planner"
        if not provider or not model:
            raise ValueError("it names no provider and model")
        return value.strip()

    @field_validator("llm_cache")
    @classmethod
    def _is_a_file(cls, value: str) -> str:
        if value and Path(value).is_dir():
            raise ValueError("it is a folder")
        return value

    @field_validator("exports")
    @classmethod
    def _is_a_folder(cls, value: str) -> str:
        if value and Path(value).expanduser().is_file():
            raise ValueError("it is a file")
        return value

    @field_validator("database")
    @classmethod
    def _has_a_driver(cls, value: str) -> str:
        if not value:
            return value
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        try:
            make_url(value).get_dialect().import_dbapi()
        except (ArgumentError, NoSuchModuleError):
            raise ValueError("it is no SQLAlchemy URL such as postgresql+psycopg://user@host/shop") from None
        except ImportError as error:
            raise ValueError(f"its driver is missing: pip install {error.name}") from None
        return value

    @property
    def exports_folder(self) -> Path:
        """Where exported models are kept, for all shops of a machine: they hold no shop's data."""
        return Path(self.exports).expanduser() if self.exports else Path.home() / ".cache" / "aisle"


def read_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        SettingsError: values that can't be; names each variable, its value and what is expected.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_told(problem) for problem in error.errors())) from None


def unknown_settings(environment: Iterable[str]) -> list[str]:
    """A line for each ``AISLE_…`` variable that means nothing, with the nearest that does."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields] + list(_READ_ELSEWHERE)
    lines = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            meant = f"did you mean {near[0]}?" if near else "the README lists those there are"
            lines.append(f"{name} is no setting and does nothing: {meant}")
    return lines


def _told(problem: Any) -> str:
    name = str(problem["loc"][0])
    why = problem["msg"].removeprefix("Value error, ")
    field = Settings.model_fields[name]
    value = re.sub(r"(?<=//)[^/@]*@", "…@", str(problem["input"]))  # a URL may hold a password
    shown = "secret" if field.annotation is SecretStr else repr(value)
    return f"{PREFIX}{name.upper()} is {shown}: {why}; it takes: {field.description}"


def _not_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value
