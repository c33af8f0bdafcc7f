"""Models by name: what is wrong with one is said at start, and what may pass is tried again."""

from __future__ import annotations

import pytest

from agent.llm.models import ModelError, check_key, is_transient, open_chat_model, with_retries
from agent.settings import Settings
from tests.agent.llm.conftest import Scripted


def test_the_default_is_the_planner() -> None:
    assert open_chat_model(Settings()) is None


def test_an_unknown_provider_is_told_with_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"'nobody'.*openai"):
        open_chat_model(Settings(llm="nobody:model"))


def test_a_missing_package_is_told_with_the_line_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "langchain_mistralai", None)
    with pytest.raises(ModelError, match="pip install langchain-mistralai"):
        open_chat_model(Settings(llm="mistralai:large"))


def test_a_missing_key_is_told_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="AISLE_LLM_API_KEY"):
        open_chat_model(Settings(llm="openai:gpt-4.1"))


def test_an_endpoint_of_ones_own_needs_no_key() -> None:
    model = open_chat_model(Settings(llm="openai:local", llm_base_url="http://127.0.0.1:9/v1"))
    assert model is not None
    assert model._llm_type == "openai-chat"


class Status(Exception):  # noqa: N818 - stands for the clients' own errors
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


def test_a_key_that_the_provider_refuses_is_told_at_start() -> None:
    with pytest.raises(ModelError, match="refuses the key"):
        check_key(Scripted(script=[Status(401)]), Settings(llm="openai:gpt-4.1"))


@pytest.mark.parametrize("error", [Status(500), ConnectionError("no network"), ValueError("a bug")])
def test_whatever_else_is_wrong_is_no_reason_not_to_start(error: Exception) -> None:
    check_key(Scripted(script=[error]), Settings(llm="openai:gpt-4.1"))


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (Status(429), True),
        (Status(503), True),
        (Status(401), False),
        (Status(400), False),
        (ValueError("a bug"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


def test_trying_again_ends() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        with_retries(fail, attempts=3, wait=0.01)
    assert len(tries) == 3


def test_what_has_begun_to_speak_is_not_tried_again() -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        with_retries(fail, wait=0.01, unless=lambda: True)
    assert len(tries) == 1
