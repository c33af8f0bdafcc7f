"""The variants of a product: each combination of its options that the shop sells, with its price and stock.

Shops that count only the product have none; then what holds of the product holds of every choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field


class Variant(BaseModel):
    """One combination of options; ``stock`` is ``None`` where the shop does not count it, ``sku`` empty
    where it has no name of its own."""

    model_config = ConfigDict(frozen=True)

    options: dict[str, str]
    sku: str = ""
    price: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    stock: int | None = Field(default=None, ge=0)


def fitting(variants: Sequence[Variant], chosen: Mapping[str, str]) -> tuple[Variant, ...]:
    """Those that have all that is chosen; an option that a variant does not name it has in every value."""
    return tuple(
        variant
        for variant in variants
        if all(variant.options.get(name, value) == value for name, value in chosen.items())
    )


def stock_of(variants: Sequence[Variant], chosen: Mapping[str, str], whole: int | None) -> int | None:
    """How many there are of a choice: ``whole`` where the shop counts only the product, 0 also where it
    does not sell that combination."""
    if not variants or not chosen:
        return whole
    counts = [variant.stock for variant in fitting(variants, chosen)]
    return None if None in counts else sum(count or 0 for count in counts)


def price_of(variants: Sequence[Variant], chosen: Mapping[str, str], lowest: float | None) -> float | None:
    """What a choice costs: the least of its variants, else ``lowest``, the product's own price."""
    if not chosen:
        return lowest
    prices = [variant.price for variant in fitting(variants, chosen) if variant.price is not None]
    return min(prices) if prices else lowest


def sku_of(variants: Sequence[Variant], chosen: Mapping[str, str]) -> str:
    """The shop's name of the one variant that a choice leaves; empty where it leaves several or none."""
    found = fitting(variants, chosen) if chosen else ()
    return found[0].sku if len(found) == 1 else ""


def available(
    variants: Sequence[Variant], options: Mapping[str, Sequence[str]], chosen: Mapping[str, str], name: str
) -> tuple[str, ...]:
    """The values of an option that are to be had beside what else is chosen."""
    others = {other: value for other, value in chosen.items() if other != name}
    return tuple(
        value for value in options.get(name, ()) if stock_of(variants, {**others, name: value}, None) != 0
    )
