"""The settings: frozen, read from the environment when asked for, and all of them in the README."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from agent.errors import SettingsError
from agent.settings import Settings, read_settings, unknown_settings
from tests.conftest import ROOT


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM", "ollama:qwen")
    assert Settings().llm == "ollama:qwen"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().llm = "other"


def test_a_key_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_LLM_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(Settings())
    assert Settings().llm_api_key.get_secret_value() == "sk-secret"


def test_the_readme_tells_every_setting_as_it_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `AISLE_{name.upper()}` |" in readme
        assert (field.description or "") in readme


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("AISLE_LLM", "gpt-4o", "`openai:<model>`"),
        ("AISLE_LLM", "openai:", "`openai:<model>`"),
        ("AISLE_LLM_BASE_URL", "localhost:8000", "http://"),
        ("AISLE_LLM_ROLE", "boss", "'writer'"),
        ("AISLE_LLM_TIMEOUT", "0", "greater than 0"),
        ("AISLE_LLM_TIMEOUT", "soon", "number"),
        ("AISLE_KEEP_TURNS_DAYS", "-1", "greater than or equal to 0"),
        ("AISLE_LLM_CACHE", "/", "folder"),
        ("AISLE_CHROMA", "http://host:port", "http://localhost:8000"),
        ("AISLE_RERANKER", "cross-encoder", "`cross-encoder:<model>`"),
        ("AISLE_ENCODER", "./no/such/folder", "no such folder"),
        ("AISLE_ENCODER", "", "empty"),
        ("AISLE_ENCODER_BACKEND", "gpu", "'onnx'"),
        ("AISLE_EFFORT", "fast", "`quick`"),
        ("AISLE_THREADS", "0", "1"),
        ("AISLE_LOG_LEVEL", "loud", "`warning`"),
        ("AISLE_DATABASE", "shop.db", "SQLAlchemy URL"),
        ("AISLE_DATABASE", "nosuch://host/shop", "SQLAlchemy URL"),
    ],
)
def test_a_wrong_value_is_told_with_its_variable_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert f"{name} is {value!r}" in str(raised.value)
    assert expected in str(raised.value)


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_THREADS", "none")
    monkeypatch.setenv("AISLE_EFFORT", "fast")
    with pytest.raises(SettingsError, match=r"AISLE_EFFORT.*AISLE_THREADS"):
        read_settings()


def test_a_password_in_an_address_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AISLE_DATABASE", "nosuch://me:secret@host/shop")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "secret" not in str(raised.value)


def test_a_misspelt_variable_is_told_with_the_nearest() -> None:
    (line,) = unknown_settings(["AISLE_THREDS", "AISLE_LLM", "aisle_llm", "AISLE_DEBUG", "PATH"])
    assert "AISLE_THREDS" in line
    assert "AISLE_THREADS" in line
