"""Settings, frozen, read from the environment (prefix ``AISLE_``) when asked for, never at import."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set. Each field is the environment variable ``AISLE_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="AISLE_", frozen=True, extra="ignore")

    encoder: str = Field(
        "minilm", description="`minilm` (from its package), or any sentence-transformers model or folder"
    )
    encoder_backend: str = Field("auto", description="`auto`, `onnx` (int8, CPU) or `torch`")
    chroma: str = Field(
        "",
        description="address of a Chroma server, e.g. `http://localhost:8000`; empty: a folder in the build",
    )
    reranker: str = Field("learned", description="`learned`, `none`, or `cross-encoder:<model>`")
    sentiment: str = Field(
        "default", description="`default`, or any transformers text-classification model or folder"
    )
    llm: str = Field(
        "planner", description="`planner` (offline), `openai:<model>`, `anthropic:<model>`, `ollama:<model>`"
    )
    llm_base_url: str = Field("", description="an OpenAI-compatible endpoint")
    llm_api_key: SecretStr = Field(SecretStr(""), description="its key, where it needs one")
    llm_timeout: float = Field(20.0, gt=0, description="seconds a model may take per call")
    llm_max_calls: int = Field(4, ge=1, description="model calls a turn may make")
    llm_max_tokens: int = Field(400, ge=16, description="tokens a model may write per call")
    llm_understanding: bool = Field(True, description="whether a model reads utterances beside the rules")
    llm_cache: str = Field("", description="file of the LLM response cache; empty: none")
    effort: Literal["quick", "standard", "full"] = Field(
        "standard",
        description="how long a build trains recommenders: `quick` (no PyTorch), `standard` (and matrix "
        "factorisation), `full` (and a transformer, and a search of settings)",
    )
    exports: str = Field(
        "", description="folder of exported models that shops share; empty: `~/.cache/aisle`"
    )
    ask_back: bool = Field(True, description="ask the shopper a question where its answer tells much")
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
        description="secret that signs the page's session cookies, 32 characters or more; empty: a new one "
        "at each start",
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
    log_level: str = Field("warning", description="`debug`, `info`, `warning` or `error`")

    @property
    def exports_folder(self) -> Path:
        """Where exported models are kept, for all shops of a machine: they hold no shop's data."""
        return Path(self.exports).expanduser() if self.exports else Path.home() / ".cache" / "aisle"
