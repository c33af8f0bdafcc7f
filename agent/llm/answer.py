"""What a model answers a turn with: products by handle, words with handles, a question."""

from __future__ import annotations

import re
from typing import Annotated, Any

from langchain_core.messages import BaseMessage
from langchain_core.utils.json import parse_partial_json
from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

HANDLE = re.compile(r"\bP\d{1,3}\b", re.IGNORECASE)


def _absent_as_empty(value: Any) -> Any:
    return [] if value is None else [value] if isinstance(value, str | dict) else value


class Pick(BaseModel):
    handle: str

    because: Annotated[list[str], BeforeValidator(_absent_as_empty)] = Field(
        default_factory=list, description='ids of the reasons that count, e.g. ["P3.1"]'
    )

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        """A handle alone names a product, too."""
        return {"handle": given} if isinstance(given, str) else given


class Answer(BaseModel):
    """The answer of this turn, when all is looked up."""

    show: Annotated[list[Pick], BeforeValidator(_absent_as_empty)] = Field(
        default_factory=list,
        description="the best first",
    )
    words: str = Field(description="two or three sentences")
    question: str = Field(default="", description="empty, or one")
    options: Annotated[list[str], BeforeValidator(_absent_as_empty)] = Field(
        default_factory=list, description="up to six short answers to it"
    )


def pick(given: Any) -> Pick | None:
    """A product to show as a model may write it: with its reasons, or the handle alone."""
    try:
        return Pick.model_validate(given)
    except ValidationError:
        return None


def handles_of(show: Any) -> list[str]:
    """The handles of what an answer shows."""
    picks = map(pick, show if isinstance(show, list) else ())
    return [one.handle.strip("[]").upper() for one in picks if one is not None]


def arguments(message: BaseMessage) -> dict[str, Any] | None:
    """The answer in a message as far as it is written: arguments of an `Answer` call, or JSON in its text."""
    calls = [call for call in getattr(message, "tool_calls", ()) if call["name"] == Answer.__name__]
    if calls:
        return dict(calls[0]["args"])
    text = str(message.text).strip()
    text = re.sub(r"^```(?:json)?\s*|\s*```$", "", text)
    if not text.startswith("{"):
        return None
    try:
        parsed = parse_partial_json(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) and "words" in parsed else None


def read(message: BaseMessage) -> Answer | None:
    """The whole answer in a message; plain text shows the products it names. None where it says nothing."""
    given = arguments(message)
    if given is not None:
        try:
            answer = Answer.model_validate(given)
        except ValidationError:
            return None
        return answer if answer.words.strip() else None
    if getattr(message, "tool_calls", ()):
        return None  # thinking aloud before its calls
    text = str(message.text).strip()
    if not re.search(r"\w{2}", text) or text.startswith(("{", "[{", "<tool", "```")):
        return None
    named = dict.fromkeys(match.group().upper() for match in HANDLE.finditer(text))
    return Answer(show=[Pick(handle=handle) for handle in named], words=text)
