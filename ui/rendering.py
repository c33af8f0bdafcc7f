"""Turn records as HTML. Jinja escapes every value: what a shop or a buyer wrote is shown, never run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from agent.money import price_range
from agent.records import Card, Chip, Reason, Reply

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

ASSETS = Path(__file__).parent / "assets"
MAX_ASPECTS = 4


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str) -> str:
    """The text of a stylesheet or script of the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def cards_html(
    reply: Reply | None,
    *,
    liked: Mapping[str, str] | None = None,
    buyers: Mapping[str, Any] | None = None,
) -> str:
    """The products of a turn. ``liked`` gives pressed buttons, ``buyers`` review signals, both by item id."""
    evidence = {e.evidence_id: e for e in reply.record.evidence} if reply else {}

    def proof(reason: Reason) -> list[tuple[str, str]]:
        """Where the reason's facts stand, and what stands there; what the reason says already only when it is
        all there is."""
        facts = [evidence[i] for i in reason.evidence_ids if i in evidence]
        told = [fact for fact in facts if fact.text != reason.text] or facts
        return [(fact.source.replace("_", " "), fact.text) for fact in told]

    return (
        _templates()
        .get_template("cards.html")
        .render(
            cards=reply.cards if reply else (),
            table=reply.table if reply else None,
            turn_id=reply.record.turn_id if reply else "",
            liked=liked or {},
            price=lambda card: price_range(card.price, card.price_max, card.currency),
            image=image_source,
            link=lambda card: card.url if _is_web(card.url) else None,
            proof=proof,
            reviews=lambda card: _buyers_html((buyers or {}).get(card.item_id)),
        )
    )


def chips_html(chips: tuple[Chip, ...], kinds: tuple[str, ...]) -> str:
    """The chips of the given kinds as buttons."""
    return (
        _templates().get_template("chips.html").render(chips=[chip for chip in chips if chip.kind in kinds])
    )


def image_source(card: Card) -> str | None:
    """Where a card's picture comes from: the shop's folder or the web; nothing else is let through."""
    if not card.image_url:
        return None
    if _is_web(card.image_url):
        return card.image_url
    if card.image_url.startswith("images/") and ".." not in card.image_url:
        return "/shop/" + quote(card.image_url)
    return None


def _is_web(url: str | None) -> bool:
    # A `javascript:` link in a product feed must not become one on the page.
    return bool(url) and urlsplit(url or "").scheme in ("http", "https")


def _buyers_html(section: Any) -> Markup | None:
    from markupsafe import Markup

    if section is None or not section["aspects"]:
        return None
    return Markup(_templates().get_template("buyers.html").render(section))
