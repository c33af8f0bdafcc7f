"""Turn records as HTML. Jinja escapes every value: what a shop or a buyer wrote is shown, never run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.money import price_range
from agent.records import Chip, Reason, Reply
from ui.pictures import image_source, origin_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from ui.conversations import Line

ASSETS = Path(__file__).parent / "assets"
MAX_ASPECTS = 4
OPENERS = (
    "Recommend me something",
    "A gift under $30",
    "Something light for hiking in the rain",
    "What do you ship and how long does it take?",
)


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


def header_html(title: str, *, generated: bool) -> str:
    """The page's heading; ``generated``: nothing in this shop is for sale."""
    return _templates().get_template("header.html").render(title=title, generated=generated)


def chat_html(lines: Sequence[Line]) -> str:
    """What was said so far."""
    return _templates().get_template("chat.html").render(lines=lines, openers=OPENERS)


def cards_html(
    reply: Reply | None,
    *,
    liked: Mapping[str, str] | None = None,
    buyers: Mapping[str, Any] | None = None,
    image_origins: Collection[str] = (),
) -> str:
    """The products of a turn. ``liked`` gives pressed buttons, ``buyers`` review signals, both by item id;
    pictures come from the shop's folder and ``image_origins``."""
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
            image=lambda card: image_source(card.image_url, image_origins),
            # A `javascript:` link in a product feed must not become one on the page.
            link=lambda card: card.url if card.url and origin_of(card.url) else None,
            proof=proof,
            reviews=lambda card: _buyers_html((buyers or {}).get(card.item_id)),
        )
    )


def chips_html(chips: tuple[Chip, ...], kinds: tuple[str, ...]) -> str:
    """The chips of the given kinds as buttons."""
    return (
        _templates().get_template("chips.html").render(chips=[chip for chip in chips if chip.kind in kinds])
    )


def _buyers_html(section: Any) -> Markup | None:
    from markupsafe import Markup

    if section is None or not section["aspects"]:
        return None
    return Markup(_templates().get_template("buyers.html").render(section))
