"""What the shop's own files tell and Aisle was not given: about such a thing it does not know, whatever is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.understanding.language.text import stems
from agent.understanding.language.units import spoken_name

if TYPE_CHECKING:
    from agent.shop_context import ShopContext

_COULD_HOLD = (
    (
        "contain contains ingredient made free vegan allergy allergen allergic inside fragrance",
        "ingredient ingredients inci composition material materials allergen allergens contents zutat zutaten "
        "inhaltsstoffe ingrédients ingredientes ingredienti fabric",
    ),
    (
        "wide width tall height high long length deep depth big large size dimension measure measurement fit",
        "dimension dimensions width height depth length size sizes measurements abmessungen maße",
    ),
    ("heavy weigh weight light", "weight gewicht poids peso"),
    ("warranty guarantee", "warranty guarantee garantie garantía"),
    ("care wash clean", "care washing cleaning pflege"),
    ("include come package box", "contents package included scope"),
)
"""What a question speaks of, and what a column that could answer it is called."""


def untold(desk: ShopContext, question: str) -> str:
    """The column that was left out of the import, or was empty, and could hold the answer; else "".

    A column whose whole name is asked for, or one that could hold what is asked. Cost: one small query.
    """
    asked = frozenset(stems(question))
    names = {
        spoken_name(column.column).lower(): frozenset(stems(spoken_name(column.column)))
        for column in desk.shop.catalog.left_out()
    }
    named = next((name for name, own in names.items() if own and own <= asked), "")
    return named or next((name for name, own in names.items() if _could_hold(own, asked)), "")


def _could_hold(column: frozenset[str], asked: frozenset[str]) -> bool:
    return any(
        asked & frozenset(stems(questions)) and column & frozenset(stems(names))
        for questions, names in _COULD_HOLD
    )
