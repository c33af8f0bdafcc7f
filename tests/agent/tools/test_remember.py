"""Lasting statements: kept with consent, listed, forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.tools.context import ToolContext
from agent.tools.remember import remember


@pytest.fixture
def known(context: ToolContext) -> ToolContext:
    return replace(context, user_id=f"user of {context.session_id}")


def test_nothing_is_kept_of_a_stranger(context: ToolContext) -> None:
    assert remember(context, "keep", "my shoe size is 43").outcome == "unknown shopper"


def test_nothing_is_kept_without_consent_and_the_shopper_is_asked(known: ToolContext) -> None:
    assert remember(known, "keep", "my shoe size is 43").outcome == "no consent"
    assert [chip.label for chip in known.shelf.chips] == ["Yes, remember", "No"]
    assert remember(known, "list").outcome == "nothing"


def test_a_statement_is_kept_with_consent_and_a_new_one_on_the_same_takes_its_place(
    known: ToolContext,
) -> None:
    known.desk.profiles.consents.decide(known.user_id or "", "remember", True)
    remember(known, "keep", "my shoe size is 43")
    remember(known, "keep", "my shoe size is 44")
    assert remember(known, "list").statements == ("my shoe size is 44",)


def test_what_is_named_is_forgotten(known: ToolContext) -> None:
    known.desk.profiles.consents.decide(known.user_id or "", "remember", True)
    remember(known, "keep", "I'm vegan")
    assert remember(known, "forget", "vegan").statements == ("I'm vegan",)
    assert remember(known, "list").outcome == "nothing"


def test_a_wrong_action_is_answered_with_those_that_exist(known: ToolContext) -> None:
    assert "forget" in remember(known, "burn").problem  # type: ignore[arg-type]
