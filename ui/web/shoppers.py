"""Who a visitor is to the shop: a guest of their own, or, in a demonstration, a shopper they pose as."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ui.door import Visitor

if TYPE_CHECKING:
    from agent.storage.lists import ShopperLists


class Shoppers:
    """``known``: the shoppers that visitors may pose as; none but in a demonstration."""

    def __init__(self, lists: ShopperLists, known: tuple[str, ...] = ()) -> None:
        self._lists = lists
        self.known = known

    def of(self, visitor: Visitor) -> str:
        """The visitor's shopper id. The secret of their session cannot be told from it."""
        posing = self._lists.posing(_name(visitor)) if self.known else None
        return posing if posing in self.known else f"guest-{_name(visitor)}"

    def posing(self, visitor: Visitor) -> str | None:
        shopper = self.of(visitor)
        return shopper if shopper in self.known else None

    def pose(self, visitor: Visitor, shopper: str | None) -> None:
        """Be one of the known shoppers from now on, or a guest again."""
        self._lists.pose(_name(visitor), shopper if shopper in self.known else None)


def _name(visitor: Visitor) -> str:
    return hashlib.sha256(f"aisle shopper {visitor.session}".encode()).hexdigest()[:24]
