"""Prices as a shopper reads them; always written by code from the catalogue."""

from __future__ import annotations

from agent.wording import FALLBACK, currency_text, say, spoken_language

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CAD": "CA$", "AUD": "A$"}
_WITHOUT_CENTS = {"JPY", "KRW", "VND", "CLP"}


def price(amount: float, currency: str = "USD") -> str:
    """``12.5, "USD"`` -> ``$12.50``; a currency without a known sign is written by its code."""
    if spoken_language() != FALLBACK:
        return currency_text(amount, currency)
    digits = f"{amount:,.0f}" if currency in _WITHOUT_CENTS else f"{amount:,.2f}"
    sign = _SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}"


def price_range(low: float | None, high: float | None, currency: str = "USD") -> str:
    """One price, a range where variants differ, or that the shop gives none."""
    if low is None:
        return say("price.none")
    if high is None or high <= low:
        return price(low, currency)
    return say("price.range", low=price(low, currency), high=price(high, currency))
