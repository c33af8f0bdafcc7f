"""How a shop presents itself: `shop.toml` in its folder, every setting optional::

name = "Fernhill"
tagline = "Good things for home and trail"
logo = "images/logo.svg"             # a picture in the shop's folder
language = "en"                      # what the page speaks where a browser asks for no other

[greeting]
en = "Hello! What are you looking for today?"
de = "Hallo! Was suchen Sie heute?"

[colours]
accent = "#0f6b62"

[checkout]
url = "https://shop.example.com/cart/{items}"
item = "{id}:{quantity}"            # or "{variant}:{quantity}": the SKU of what was chosen
separator = ","

[features]
compare = false                      # cart, saved, compare, ratings, history, export, voice

[voice]
browser = false                      # whether the browser may listen; its maker may then hear what is said
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from agent.errors import ShopError

FILE = "shop.toml"
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
_EXPECTED = {
    "extra_forbidden": "there is no such setting",
    "string_pattern_mismatch": "it does not have the expected form",
}
_FORMS = {"colours": 'a colour such as "#0f6b62"', "language": 'a language such as "en" or "pt-BR"'}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Colours(_Part):
    """``accent`` is the colour of buttons and links, ``accent_dark`` the one of the dark theme."""

    accent: Colour = "#0f6b62"
    accent_dark: Colour | None = None


class OrderLine(NamedTuple):
    """A line of the cart as it is handed over. ``variant`` is the SKU of what was chosen of the product's
    options, empty where it has none."""

    item_id: str
    variant: str
    quantity: int


class Checkout(_Part):
    """Where "Check out" leads: ``{items}`` in ``url`` is replaced by the cart's lines, each written as
    ``item`` with ``{id}``, ``{variant}`` (the product's id where it has no variants) and ``{quantity}``.
    Empty: the page only keeps the cart."""

    url: str = ""
    item: str = "{id}:{quantity}"
    separator: str = ","

    @field_validator("url")
    @classmethod
    def _leads_to_the_web(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
            raise ValueError('a web address such as "https://shop.example.com/cart/{items}" is expected')
        return _only(url, {"items"})

    @field_validator("item")
    @classmethod
    def _names_a_product(cls, item: str) -> str:
        if "{id}" not in item and "{variant}" not in item:
            raise ValueError('it has to name the product, e.g. "{id}:{quantity}" or "{variant}:{quantity}"')
        return _only(item, {"id", "variant", "quantity"})

    def address(self, lines: Iterable[OrderLine]) -> str | None:
        """The address that hands a cart over; None where the shop names none, or nothing is in the cart."""
        counts: dict[tuple[str, str], int] = {}
        for line in lines:  # choices that the address does not tell apart are one line
            variant = (line.variant or line.item_id) if "{variant}" in self.item else ""
            key = (line.item_id if "{id}" in self.item else "", variant)
            counts[key] = counts.get(key, 0) + line.quantity
        if not self.url or not counts:
            return None
        items = [
            self.item.replace("{quantity}", str(count))
            .replace("{id}", quote(item_id, safe=""))
            .replace("{variant}", quote(variant, safe=""))
            for (item_id, variant), count in counts.items()
        ]
        return self.url.replace("{items}", self.separator.join(items))


class Features(_Part):
    """What the page offers beside the conversation."""

    cart: bool = True
    saved: bool = True
    compare: bool = True
    ratings: bool = True
    history: bool = True
    export: bool = True
    voice: bool = True


class VoiceOptions(_Part):
    """``browser``: where the server cannot listen, or where a shopper prefers it, the browser's own speech
    recognition may. Most browsers send what is said to their makers, so a shop has to allow it."""

    browser: bool = False


class Storefront(_Part):
    """What `shop.toml` says; `Storefront()` is a shop that says nothing."""

    name: Annotated[str, Field(max_length=60)] = ""
    tagline: Annotated[str, Field(max_length=120)] = ""
    logo: str = ""
    language: Language = "en"
    greeting: dict[Language, Annotated[str, Field(max_length=400)]] = Field(default_factory=dict)
    colours: Colours = Colours()
    checkout: Checkout = Checkout()
    features: Features = Features()
    voice: VoiceOptions = VoiceOptions()

    @field_validator("logo")
    @classmethod
    def _in_the_folder(cls, logo: str) -> str:
        if logo and not re.fullmatch(r"images/[^\\?#]+\.(svg|png|jpe?g|webp|gif|avif)", logo.lower()):
            raise ValueError('a picture in the shop\'s folder such as "images/logo.svg" is expected')
        if ".." in logo:
            raise ValueError("it has to stay within the shop's `images` folder")
        return logo

    @classmethod
    def read(cls, folder: Path) -> Storefront:
        """What the shop in ``folder`` says of itself.

        Raises:
            ShopError: `shop.toml` cannot be read or holds what it must not; names each setting, what was
                found and what is expected.
        """
        path = folder / FILE
        if not path.is_file():
            return cls()
        try:
            front = cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ShopError(f"{path} is no TOML file: {error}") from None
        except ValidationError as error:
            found = "; ".join(_told(part) for part in error.errors(include_url=False))
            raise ShopError(f"{path}: {found}") from None
        if front.logo and not (folder / front.logo).is_file():
            raise ShopError(f"{path}: logo: there is no {folder / front.logo}: put the picture there")
        return front


_PARTS: dict[str, type[_Part]] = {
    "colours": Colours,
    "checkout": Checkout,
    "features": Features,
    "voice": VoiceOptions,
}


def _told(error: Any) -> str:
    place = [str(part) for part in error["loc"]]
    kind, got = error["type"], error["input"]
    message = _EXPECTED.get(kind) or error["msg"].removeprefix("Value error, ")
    form = next((_FORMS[part] for part in place if part in _FORMS), None)
    if kind == "string_pattern_mismatch" and form:
        message = f"{form} is expected"
    if kind == "extra_forbidden":
        names = _PARTS.get(place[0], Storefront).model_fields
        return f"{'.'.join(place)}: {message}; there are {', '.join(names)}"
    return f"{'.'.join(place)}: got {got!r}; {message}"


def _only(template: str, names: set[str]) -> str:
    unknown = set(re.findall(r"\{([^{}]*)\}", template)) - names
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(names))
        raise ValueError(f"{{{min(unknown)}}} is unknown here; it may hold {known}")
    return template
