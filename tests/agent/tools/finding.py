"""What the tests of `find` share."""

from __future__ import annotations

from agent.conditions import Where
from agent.tools.results import Found

SHOES, KETTLES = Where(field="category", value="Shoes"), Where(field="category", value="Kettles")


def ids(found: Found) -> list[str]:
    """The products found, best first."""
    return [row.item_id for row in found.rows]
