"""The conversation: what a shopper says, understood, answered from the shop, and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

__all__ = ["ShoppingAssistant"]


def __getattr__(name: str) -> Any:
    # Imported when asked for: importing the package alone must stay cheap.
    if name == "ShoppingAssistant":
        from agent.assistant import ShoppingAssistant

        return ShoppingAssistant
    raise AttributeError(f"module 'agent' has no attribute {name!r}")
