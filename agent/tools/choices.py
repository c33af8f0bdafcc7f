"""What a shopper chooses of a product's options: as the shop writes it, in stock or not, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from agent.conditions import Where
from agent.understanding.language.negation import Denials
from agent.wording import listed, named, say
from retrieval.records import Product
from retrieval.variants import available, price_of, stock_of

Options = dict[str, str]
MOST_TOLD = 8
"""Values of an option that a sentence names."""
_JOINERS = r"(?:in|in an?|in the|size|sized|an?)"
_SHORT = 3
"""A value of fewer letters may be a count or a word."""


class ChoiceError(ValueError):
    """A choice that the product does not come in; the message says what there is."""


def resolved(product: Product, given: Mapping[str, str], handle: str) -> Options:
    """What is chosen, as the shop writes it, whatever its case; what leaves no choice is chosen, too.

    Raises:
        ChoiceError: no such option, or no such value of it.
    """
    chosen = {name: values[0] for name, values in product.options.items() if len(values) == 1}
    names = {name.casefold(): name for name in product.options}
    for asked, value in given.items():
        name = names.get(asked.strip().casefold())
        if name is None:
            has = listed([named(n) for n in product.options], "or") or say("cart.no_options")
            raise ChoiceError(say("cart.no_such_option", handle=handle, option=asked, options=has))
        values = {one.casefold(): one for one in product.options[name]}
        if (found := values.get(value.strip().casefold())) is None:
            has = listed(product.options[name][:MOST_TOLD], "or")
            raise ChoiceError(
                say("cart.no_such_value", handle=handle, option=named(name), value=value, values=has)
            )
        chosen[name] = found
    return chosen


def left_of(product: Product, chosen: Mapping[str, str]) -> int | None:
    """How many there are of a choice; None where the shop does not count them."""
    return stock_of(product.variants, chosen, product.stock)


def price_with(product: Product, chosen: Mapping[str, str]) -> float | None:
    return price_of(product.variants, chosen, product.price)


def still_open(product: Product, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Options with several values of which none is chosen."""
    return {name: v for name, v in product.options.items() if len(v) > 1 and name not in chosen}


def asked_of(product: Product, conditions: Sequence[Where]) -> dict[str, str]:
    """What conditions choose of a product's options: "in 43, blue"."""
    names = {name.casefold(): name for name in product.options}
    found = {}
    for where in conditions:
        name = names.get(where.field.casefold(), "")
        said = f"{where.value:g}" if isinstance(where.value, float) else str(where.value)
        value = next((v for v in product.options.get(name, ()) if v.casefold() == said.casefold()), "")
        if value and where.op == "=":
            found[name] = value
    return found


def gone_of(product: Product, conditions: Sequence[Where]) -> dict[str, str]:
    """The choice that conditions ask for, where none of it is left; empty where there is some, or it isn't counted."""
    chosen = asked_of(product, conditions)
    return chosen if chosen and product.variants and left_of(product, chosen) == 0 else {}


def told(chosen: Mapping[str, str]) -> str:
    """``color Red, size 42``."""
    return ", ".join(f"{named(name)} {value}" for name, value in chosen.items())


def sold_out(product: Product, chosen: Mapping[str, str], handle: str) -> str:
    """That a choice is sold out, and which values of its options are to be had beside the rest of it."""
    open_choice = {name: value for name, value in chosen.items() if len(product.options.get(name, ())) > 1}
    if not open_choice or (not product.stock and product.stock is not None):
        return say("cart.sold_out", handle=handle)
    said = say("cart.choice_sold_out", handle=handle, choice=told(open_choice))
    for name in open_choice:
        if has := available(product.variants, product.options, chosen, name):
            values = listed(has[:MOST_TOLD], "and")
            return f"{said}; {say('cart.choice_in_stock', option=named(name), values=values)}"
    return said


def said_in(
    text: str, product: Product, *, bare: bool = False, held: Mapping[str, str] | None = None
) -> Options:
    """The values of the product's options that a sentence names and does not deny: "the red one in size 42", "M, not
    S". A number or a letter or two must follow what tells that it is one ("size 42", "in M"), unless ``bare``: it may
    be a count. ``held``: what is chosen already, which gives way to another value ("the black one in slate").
    """
    found: Options = {}
    denials = Denials(text)
    for name, values in product.options.items():
        named = [
            (value == (held or {}).get(name), match.start(), -len(value), value)
            for value in values
            for match in _named(value, name, bare=bare).finditer(text)
            if len(values) > 1 and denials.of(*match.span()) != "unwanted"
        ]
        if named:
            found[name] = min(named)[-1]
    return found


@lru_cache(maxsize=2_000)
def _named(value: str, name: str, *, bare: bool) -> re.Pattern[str]:
    """A value of an option as a sentence names it."""
    word = re.escape(value)
    if not bare and (len(value) < _SHORT or value[0].isdigit()):
        word = rf"(?:{_JOINERS}|{re.escape(name)}) (?:{re.escape(name)} )?{word}"
    return re.compile(rf"(?<![\w-]){word}(?![\w'’-])", re.IGNORECASE)
