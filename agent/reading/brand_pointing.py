""" "Not that brand", "only this brand": a brand that is meant by pointing at a product on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.meaning import Constraint
from agent.reading.facts import Facts
from agent.reading.referents import Pointing
from agent.state import DialogueState
from retrieval.filters import Brand, Not

_POINTED = re.compile(
    r"\b(?P<no>(?:not|no|nothing|none|never|without|don't|do not|dislike|hate|except|but|other than"
    r"|different from|avoid|skip|hide|drop|remove|exclude)\b[^.,;!?]{0,30}?)?"
    r"\b(?P<brand>(?:from |by |of )?(?:that|this|its|their|the same) (?:brand|maker|manufacturer)\b)"
    r"|\b(?P<other>(?:an?other|(?:a )?different|(?:any )?other) (?:brands?|makers?|manufacturers?)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PointedBrand:
    """Where a brand is pointed at, the condition it makes, and what to say where the pointing is unclear."""

    start: int
    end: int
    constraint: Constraint
    notices: tuple[str, ...] = ()


def pointed_brand(
    text: str, state: DialogueState, facts: Facts, pointings: Sequence[Pointing]
) -> PointedBrand | None:
    """The brand of what is pointed at, else of the focus, else of the first product shown; None without."""
    match = _POINTED.search(text)
    shown = state.last_shown()
    if match is None or not shown:
        return None
    inside = match.span()
    said = [
        p.referent.item_id
        for p in pointings
        if p.referent.item_id and not (inside[0] <= p.start < inside[1]) and p.referent.position
    ]
    meant = next(iter(said), None) or (state.focus if state.focus in shown else None)
    product = facts.product(meant or shown[0])
    if product is None or not product.brand:
        return None
    brands = {p.brand for item_id in shown if (p := facts.product(item_id)) and p.brand}
    negative = bool(match.group("no") or match.group("other"))
    label = f"not {product.brand}" if negative else product.brand
    unclear = meant is None and len(brands) > 1
    took = "I left out" if negative else "I kept to"
    notice = f"{took} {product.brand}, the brand of the first one; name another if you meant that."
    brand = Brand((product.brand,))
    constraint = Constraint(
        constraint_id="",
        kind="brand",
        slot="brand",
        label=label,
        filter=Not(brand) if negative else brand,
        negative=negative,
        words=product.brand.lower(),
    )
    return PointedBrand(*inside, constraint, (notice,) if unclear else ())
