"""One condition as a tool takes it and as a conversation keeps it: a field of the shop, an
operator, a value.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from pydantic import WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from agent.records import Frozen

Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "has", "lacks"]
Aim = Literal["low", "high", "near", "has"]
Order = Literal["asc", "desc"]
_ANY = {"type": ["string", "number", "boolean", "array"], "items": {"type": "string"}}
Value = Annotated[str | float | bool | tuple[str, ...], WithJsonSchema(_ANY)]
"""In a tool's schema as short as can be: it stands in every call of a model."""
PRICE, BRAND, KIND, STARS, STOCK, TITLE, ANYWHERE, CHILDREN = (
    "price",
    "brand",
    "category",
    "stars",
    "stock",
    "title",
    "text",
    "for children",
)
REGULAR_PRICE = "regular_price"
"""An attribute of what costs less than it did."""
COMMON_FIELDS = (PRICE, BRAND, KIND, STARS, STOCK, TITLE, ANYWHERE, CHILDREN)
"""What every shop has; all other fields are its own attributes and options. ``category`` is the kind of
product: a category or what a title calls the product; ``title`` are the words of its name; ``text`` is
anything that the shop says of it; ``for children`` is whether it is made for them.
"""


class Identified(Frozen):
    """A part of what is in force, with an id by which a chip takes it back."""

    @property
    def id(self) -> str:
        """The same for the same content, so that an old chip never takes back something else."""
        return hashlib.sha1(self.model_dump_json().encode(), usedforsecurity=False).hexdigest()[:12]


class Where(Identified):
    """A condition that must hold. ``has`` and ``lacks`` look into lists and texts, the others compare."""

    field: str
    """price, brand, category, stars, stock, title, text, for children, or an attribute or option of this shop"""
    op: Annotated[Op, WithJsonSchema({"type": "string"})] = "="
    value: Value = True
    unit: str | SkipJsonSchema[None] = None
    """Of a number, where it is not the field's own."""

    @property
    def is_negative(self) -> bool:
        return self.op in ("!=", "not in", "lacks")

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as words, one or several."""
        return tuple(map(str, self.value)) if isinstance(self.value, tuple) else (str(self.value),)


Avoid = Where
"""A condition among those that must not hold: it needs no operator."""


class Prefer(Identified):
    """A wish that only weighs: less (``low``) or more (``high``) of a number, ``near`` one, or ``has`` a
    value.

    ``field`` may also be an aspect that buyers speak of ("comfort"): then ``high`` is much praise for it.
    """

    field: str
    aim: Annotated[Aim, WithJsonSchema({"type": "string"})] = "has"
    value: Value | SkipJsonSchema[None] = None


class Sort(Frozen):
    """The order asked for outright: "cheapest", "best rated", "lightest"."""

    field: str
    order: Order = "asc"
