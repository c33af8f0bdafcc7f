"""A talk with an assistant, and what its replies show."""

from __future__ import annotations

from agent.assistant import ShoppingAssistant
from agent.records import Reply


def talk(assistant: ShoppingAssistant, *said: str, user_id: str | None = None) -> list[Reply]:
    """The replies to what is said, one after the other in one session."""
    session = assistant.session(user_id)
    return [session.reply(text) for text in said]


def kinds(reply: Reply) -> set[str]:
    """The kinds of what is shown."""
    return {card.category[-1] for card in reply.cards}


def prices(reply: Reply) -> list[float]:
    """The prices of what is shown, where they are known."""
    return [card.price for card in reply.cards if card.price is not None]
