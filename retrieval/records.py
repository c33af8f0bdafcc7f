"""The records of a shop: what it sells, what buyers wrote, what an import made of a file."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator

from retrieval.variants import Variant

AttributeValue = str | float | bool | tuple[str, ...]


class Record(BaseModel):
    """A frozen row of the catalogue; times are UTC (a naive time is read as UTC)."""

    model_config = ConfigDict(frozen=True)

    @field_validator("updated_at", "time", check_fields=False)
    @classmethod
    def _utc(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Product(Record):
    """One product; its variants stand in ``variants``, folded into ``options`` and a price range.

    ``price`` is the lowest price of any variant in ``currency``, ``price_max`` the highest; both are
    ``None`` when the shop does not say. ``stock`` is ``None`` when unknown, which is not the same as 0.
    """

    item_id: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=1000)
    description: str = ""
    brand: str | None = None
    category: tuple[str, ...] = ()
    """Path from the department down, e.g. ``("Kitchen", "Coffee", "Grinders")``."""
    more_categories: tuple[tuple[str, ...], ...] = ()
    """Other paths that it is on, too."""
    stated_category: tuple[str, ...] | None = Field(default=None, exclude_if=lambda stated: stated is None)
    """What the shop states where that says nothing of the product, so that ``category`` is empty or read from
    the title (``()`` where it states none); None where ``category`` is the shop's own."""
    price: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    price_max: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    currency: str = "USD"
    attributes: dict[str, AttributeValue] = Field(default_factory=dict)
    texts: dict[str, str] = Field(default_factory=dict)
    """Long texts by name, e.g. ``{"ingredients": "Water, oat flour, …"}``: searched and quoted."""
    tags: tuple[str, ...] = ()
    options: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """What the shopper can choose, e.g. ``{"Size": ("S", "M")}``."""
    variants: tuple[Variant, ...] = Field(default=(), exclude_if=lambda variants: not variants)
    """The combinations of options that are sold, where the shop tells them apart."""
    image_url: str | None = None
    more_images: tuple[str, ...] = ()
    """Further pictures, in the shop's order."""
    url: str | None = None
    stock: int | None = Field(default=None, ge=0)
    rating: float | None = Field(default=None, ge=0, le=5)
    """Mean stars that the shop states, of ``rating_count`` ratings; what reviews say counts before it."""
    rating_count: int | None = Field(default=None, ge=0)
    updated_at: datetime | None = None
    read: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)
    """Attributes that a build read out of its texts, with the passage that tells each; the shop does not state them."""

    @property
    def category_is_read(self) -> bool:
        """Whether the title told the category, and not the shop."""
        return self.stated_category is not None and bool(self.category)

    @property
    def own_category(self) -> tuple[str, ...]:
        """The category as the shop states it; ``()`` where that says nothing of the product."""
        stated = self.stated_category
        if stated is None:
            return self.category
        return stated if self.category[: len(stated)] == stated else ()

    def as_searched(self, paths: Container[tuple[str, ...]]) -> Product:
        """As search knows it: a category that the title told counts where it is one of the shop's ``paths``. One
        that is named after titles would stand for fewer products than the kind of that name, which search reads
        out of titles, too, and more widely.
        """
        if not self.category_is_read or self.category in paths:
            return self
        return self.model_copy(update={"category": self.own_category})


class Review(Record):
    """One buyer's review. ``time`` is UTC; ``stars`` is 1 to 5 or ``None``."""

    review_id: str = Field(min_length=1, max_length=200)
    item_id: str = Field(min_length=1, max_length=200)
    user_id: str | None = Field(default=None, min_length=1, max_length=200)
    stars: float | None = Field(default=None, ge=1, le=5)
    title: str = ""
    text: str = ""
    time: datetime | None = None
    helpful: int = Field(default=0, ge=0)
    verified: bool | None = None


@dataclass(frozen=True)
class ImportedColumn:
    """What an import made of one column of a products file.

    ``became`` is empty where it was left out; ``reason`` says why then, ``option`` what keeps it.
    """

    file: str
    column: str
    became: str
    reason: str
    option: str
    filled: float
    """Share of the rows that fill it."""
    example: str


@dataclass(frozen=True)
class UpsertCounts:
    """What an upsert did. ``unchanged`` includes rows older than what the catalogue holds."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: UpsertCounts) -> UpsertCounts:
        return UpsertCounts(
            self.added + other.added, self.updated + other.updated, self.unchanged + other.unchanged
        )
