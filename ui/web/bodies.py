"""What the page may send: each a small, closed, strict model; anything else is refused before it is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agent.shelf_views import MOST_COMPARED
from agent.storage.lists import Mark
from ui.requests import TEXT, Checked, Id, Message

ConversationId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
TurnId = Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]
ItemId = Annotated[str, Field(min_length=1, max_length=200, pattern=TEXT)]
Text = Annotated[str, Field(max_length=100, pattern=TEXT)]


class Say(Checked):
    text: Message
    conversation: ConversationId | None = None


class Hear(Checked):
    """A piece of what is being said: samples of 16 bits, 16,000 a second, in Base64; half a second or so.
    ``recording`` is the one that it goes on with; ``conversation`` tells which products may be named."""

    audio: Annotated[str, Field(max_length=24_000)]
    recording: ConversationId | None = None
    conversation: ConversationId | None = None
    last: bool = False


class Within(Checked):
    """A whole conversation: to stop its answer, or to delete it."""

    conversation: ConversationId


class Drop(Checked):
    conversation: ConversationId
    condition: Id


class MarkProduct(Checked):
    """Save a product, compare it, or say that it is not wanted; ``on`` false takes that back."""

    item: ItemId
    mark: Mark
    on: bool
    conversation: ConversationId | None = None


class Rate(Checked):
    turn: TurnId
    value: Literal["up", "down"] | None


class PutInCart(Checked):
    """``add``: as many more; else the quantity is set."""

    item: ItemId
    quantity: Annotated[int, Field(ge=0, le=99)] = 1
    add: bool = True
    options: Annotated[dict[Text, Text], Field(max_length=10)] = Field(default_factory=dict)


class Compare(Checked):
    items: Annotated[list[ItemId], Field(min_length=1, max_length=MOST_COMPARED)]


class Pose(Checked):
    shopper: ItemId | None
