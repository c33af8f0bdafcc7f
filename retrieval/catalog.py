"""What the shop sells and what buyers wrote: the records, their tables, and the catalogue over them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

AttributeValue = str | float | bool | tuple[str, ...]


class Product(BaseModel):
    """One product; variants are folded into ``options`` and a price range.

    ``price`` is the lowest price of any variant in ``currency``, ``price_max`` the highest; both are
    ``None`` when the shop does not say. ``stock`` is ``None`` when unknown, which is not the same as 0.
    """

    model_config = ConfigDict(frozen=True)

    item_id: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=1000)
    description: str = ""
    brand: str | None = None
    category: tuple[str, ...] = ()
    """Path from the department down, e.g. ``("Kitchen", "Coffee", "Grinders")``."""
    price: float | None = Field(default=None, gt=0)
    price_max: float | None = Field(default=None, gt=0)
    currency: str = "USD"
    attributes: dict[str, AttributeValue] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What the shopper can choose, e.g. ``{"Size": ("S", "M")}``."""
    image_url: str | None = None
    url: str | None = None
    stock: int | None = Field(default=None, ge=0)
    updated_at: datetime | None = None


class Review(BaseModel):
    """One buyer's review. ``time`` is UTC; ``stars`` is 1 to 5 or ``None``."""

    model_config = ConfigDict(frozen=True)

    review_id: str = Field(min_length=1, max_length=200)
    item_id: str = Field(min_length=1, max_length=200)
    user_id: str | None = None
    stars: float | None = Field(default=None, ge=1, le=5)
    title: str = ""
    text: str = ""
    time: datetime | None = None
    helpful: int = Field(default=0, ge=0)
    verified: bool | None = None
