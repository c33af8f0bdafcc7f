"""A picture for each product of the demo shop: simple shapes in the product's own colours, as SVG."""

from __future__ import annotations

import colorsys
import hashlib
import tomllib
from html import escape

from assortment import HERE, Item

with (HERE / "artwork.toml").open("rb") as _file:
    _DATA = tomllib.load(_file)


def picture(item: Item) -> str:
    """The product's picture as an SVG document; no scripts, no outside addresses."""
    color = next(
        (
            _DATA["colors"][value]
            for name in ("color", "material", "frame", "plinth", "barrel", "steel")
            if isinstance(value := item.attributes.get(name), str) and value in _DATA["colors"]
        ),
        _tint(item.item_id, 0.5, 0.62),
    )
    ground, shade = _tint(item.brand, 0.28, 0.93), _tint(item.brand, 0.32, 0.84)
    shape = (
        _DATA["shapes"].get(item.icon, "")
        .replace('"C"', f'"{color}"')
        .replace('"D"', f'"{_mixed(color, "#000000", 0.35)}"')
        .replace('"L"', f'"{_mixed(color, "#ffffff", 0.45)}"')
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img">'
        f"<title>{escape(item.title)}</title>"
        f'<rect width="200" height="200" fill="{ground}"/>'
        f'<ellipse cx="100" cy="172" rx="78" ry="10" fill="{shade}"/>{shape}</svg>\n'
    )


def _tint(name: str, saturation: float, lightness: float) -> str:
    hue = hashlib.blake2b(name.encode(), digest_size=2).digest()
    red, green, blue = colorsys.hls_to_rgb(int.from_bytes(hue, "big") / 65536, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _mixed(color: str, other: str, share: float) -> str:
    channels = (
        round(int(color[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
