"""Three pictures for each product of the demo shop, as SVG: the product, a closer look, and in use.

One light, one palette and one set of shapes, drawn by ``artwork.toml`` in the product's own colour, kind and size.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from html import escape

from assortment import HERE, Item

with (HERE / "artwork.toml").open("rb") as _file:
    _DATA = tomllib.load(_file)

_PAINT = re.compile(r'(fill|stroke)="([BCDLMTKWY])"')
_FIXED = {"T": "#b98a56", "K": "#2d3036", "W": "#fbfaf6", "Y": "#ffe7a3"}
_METAL = ("#e6eaed", "#b4bbc2", "#868d95")


def pictures(item: Item) -> dict[str, str]:
    """SVG documents by what they show; no scripts, no outside addresses."""
    return {name: _document(item, draw) for name, draw in _VIEWS.items()}


def _document(item: Item, draw: Callable[[Item, str], str]) -> str:
    color = _color(item)
    volume = _gradient("b", (_mixed(color, "#ffffff", 0.3), color, _mixed(color, "#000000", 0.22)))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img">'
        f"<title>{escape(item.title)}</title><defs>{volume}{_gradient('m', _METAL)}"
        '<radialGradient id="s"><stop stop-color="#1d2430" stop-opacity=".34"/>'
        '<stop offset="1" stop-color="#1d2430" stop-opacity="0"/></radialGradient></defs>'
        f"{draw(item, _painted(_shape(item)[1], color))}</svg>\n"
    )


def _front(item: Item, shape: str) -> str:
    """The product on its brand's ground."""
    return (
        f'<rect width="200" height="200" fill="{_ground(item)}"/>'
        '<circle cx="100" cy="96" r="82" fill="#fff" opacity=".5"/>'
        + _standing(shape, 100, 172, 0.92 * item.scale)
    )


def _detail(item: Item, shape: str) -> str:
    """A part of it, as through a magnifying glass, with the whole beside it."""
    name = _shape(item)[0]
    x, y = _DATA["focus"].get(name) or _DATA["focus"].get(item.icon, (100, 104))
    color = _color(item)
    return (
        f'<rect width="200" height="200" fill="{_mixed(color, "#ffffff", 0.78)}"/>'
        '<clipPath id="c"><circle cx="112" cy="92" r="76"/></clipPath>'
        f'<circle cx="112" cy="92" r="81" fill="#fff"/><g clip-path="url(#c)">'
        f'<rect width="200" height="200" fill="{_ground(item)}"/>'
        f'<g transform="translate({112 - 2.1 * x:g} {92 - 2.1 * y:g}) scale(2.1)">{shape}</g></g>'
        '<circle cx="40" cy="158" r="33" fill="#fff"/>' + _standing(shape, 40, 180, 0.26)
    )


def _in_use(item: Item, shape: str) -> str:
    scene = _DATA["scenes"][_DATA["stands"].get(item.icon) or _DATA["stands"][item.department]]
    return scene["drawing"] + _standing(shape, *scene["at"], scene["size"] * item.scale)


_VIEWS = {"front": _front, "detail": _detail, "in-use": _in_use}


def _standing(shape: str, x: float, ground: float, size: float) -> str:
    """The shape with its shadow, the middle of its ground line at ``x`` and ``ground``."""
    return (
        f'<g transform="translate({x - 100 * size:.4g} {ground - 168 * size:.4g}) scale({size:.4g})">'
        f'<ellipse cx="100" cy="168" rx="92" ry="11" fill="url(#s)"/>{shape}</g>'
    )


def _shape(item: Item) -> tuple[str, str]:
    """Name and drawing: of the icon for one of the product's values, where there is one, else of the icon."""
    shapes = _DATA["shapes"]
    for value in item.attributes.values():
        name = f"{item.icon}-{value}"
        name = _DATA["alike"].get(name, name)
        if name in shapes:
            return name, shapes[name]
    return item.icon, shapes[item.icon]


def _painted(shape: str, color: str) -> str:
    """Letters to paints. Lines are painted flat: a gradient has no extent across a straight one."""
    flat = {
        **_FIXED,
        "B": color,
        "C": color,
        "D": _mixed(color, "#000000", 0.3),
        "L": _mixed(color, "#ffffff", 0.45),
        "M": _METAL[1],
    }
    filled = {**flat, "B": "url(#b)", "M": "url(#m)"}
    return _PAINT.sub(
        lambda found: f'{found[1]}="{(filled if found[1] == "fill" else flat)[found[2]]}"', shape.strip()
    )


def _gradient(name: str, colors: tuple[str, str, str]) -> str:
    light, middle, dark = colors
    return (
        f'<linearGradient id="{name}" x2="1" y2=".7"><stop stop-color="{light}"/>'
        f'<stop offset=".45" stop-color="{middle}"/><stop offset="1" stop-color="{dark}"/></linearGradient>'
    )


def _color(item: Item) -> str:
    values = (item.attributes.get(name) for name in _DATA["colored_by"])
    named = (
        _DATA["colors"][value] for value in values if isinstance(value, str) and value in _DATA["colors"]
    )
    return next(named, None) or _picked(_DATA["neutrals"].get(item.icon, _DATA["others"]), item.item_id)


def _ground(item: Item) -> str:
    return _picked(_DATA["grounds"], item.brand)


def _picked(choices: list[str], name: str) -> str:
    digest = hashlib.blake2b(name.encode(), digest_size=2).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def _mixed(color: str, other: str, share: float) -> str:
    channels = (
        round(int(color[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
