"""The shop as plain functions for somebody else's agent: typed, documented, text in and text out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.reasons.evidence import quotable
from agent.toolbox import find
from agent.toolbox.desk import Desk
from agent.toolbox.fields import told_fields
from retrieval.filters import Price

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant


def shop_functions(
    assistant: ShoppingAssistant, user_id: str | None, session_id: str
) -> list[Callable[..., str]]:
    """One function that talks to the assistant, and four that look things up directly."""

    def ask_the_shop(request: str) -> str:
        """Ask the shop's assistant in plain words; it remembers the talk. Returns text and products."""
        reply = assistant.reply(request, user_id=user_id, session_id=session_id)
        return "\n".join((reply.text, *(f"{card.item_id}: {find.card_line(card)}" for card in reply.cards)))

    def search_products(query: str, max_price: float | None = None, limit: int = 5) -> str:
        """Search the shop's products by words, up to a price. Returns ids, titles and prices."""
        condition = Price(max=max_price) if max_price else None
        assistant.shop.catch_up()
        hits = assistant.shop.search.search(query, condition, max(1, min(limit, 20))).hits
        return _lines(assistant.desk, [hit.item_id for hit in hits])

    def similar_products(item_id: str, limit: int = 5) -> str:
        """Products like the one with this id."""
        if item_id not in assistant.shop.search.table.row_of:
            return f"No product {item_id!r} in this shop."
        hits = assistant.shop.search.similar(item_id, max(1, min(limit, 20)))
        return _lines(assistant.desk, [hit.item_id for hit in hits])

    def product_details(item_id: str) -> str:
        """All that the shop says about the product with this id."""
        product = assistant.shop.catalog.product(item_id)
        return told_fields(product) if product else f"No product {item_id!r} in this shop."

    def buyers_opinions(item_id: str, question: str = "") -> str:
        """What buyers of the product with this id wrote, counted and quoted."""
        answer = assistant.shop.reviews.what_buyers_say(item_id, question)
        quotes = "; ".join(f"“{quote.text}”" for quote in answer.quotes if quotable(quote.text))
        return f"{answer.positive} for, {answer.negative} against. {quotes}"

    return [ask_the_shop, search_products, similar_products, product_details, buyers_opinions]


def _lines(desk: Desk, item_ids: list[str]) -> str:
    lines = [
        f"{p.item_id}: {find.card_line(desk.card(p)).removeprefix('[P1] ')}" for p in desk.products(item_ids)
    ]
    return "\n".join(lines) or "Nothing found."
