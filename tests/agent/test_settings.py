"""The settings: frozen, read from the environment when asked for, and all of them in the README."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from agent.settings import Settings
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
