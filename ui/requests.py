"""What a page may send: bounded strings or one of a fixed set, checked before anything else sees them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.checks.input_guard import MAX_CHARACTERS

MAX_ID = 500

TEXT = r"^[^\x00]*$"
"""Without the NUL, which no keyboard types and which PostgreSQL keeps in no text."""

Message = Annotated[str, Field(max_length=MAX_CHARACTERS, pattern=TEXT)]
Id = Annotated[str, Field(max_length=MAX_ID, pattern=TEXT)]


class Checked(BaseModel):
    """A closed, strict, frozen model."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Press(Checked):
    """A pressed button: ``item`` names a card's product, ``id`` a condition, ``say`` what a chip says."""

    action: Literal["like", "dislike", "more", "drop", "say"]
    item: Id = ""
    id: Id = ""
    say: Message = ""
