"""Records as the page reads them: plain JSON, every text as it is. The page writes texts, never markup."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent import shelf_views
from agent.shelf_records import Cart, Comparison, Sheet, Start
from ui.pictures import image_source, origin_of

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant
    from agent.records import Card, Evidence, Reason, TurnRecord

Json = dict[str, Any]


@dataclass(frozen=True)
class Views:
    """Makes the page's JSON of records; pictures come from the shop's folder and ``image_origins``."""

    assistant: ShoppingAssistant
    image_origins: tuple[str, ...] = ()

    def card(self, card: Card, regular: float | None = None, *, options: bool = False) -> Json:
        """A product as a card shows it; reasons apart."""
        return {
            "id": card.item_id,
            "title": card.title,
            "brand": card.brand,
            "category": card.category,
            "price": card.price,
            "priceMax": card.price_max,
            "regularPrice": regular,
            "currency": card.currency,
            "stars": card.stars,
            "reviews": card.review_count,
            "stock": card.stock,
            "image": image_source(card.image_url, self.image_origins),
            # A `javascript:` link in a product feed must not become one on the page.
            "url": card.url if card.url and origin_of(card.url) else None,
            "label": card.label,
            "hasOptions": options,
        }

    def cards(self, shown: Sequence[Card]) -> list[Json]:
        regular = shelf_views.regular_prices(self.assistant, shown)
        choices = shelf_views.choices(self.assistant, shown)
        return [self.card(c, regular.get(c.item_id), options=c.item_id in choices) for c in shown]

    def turn(
        self, record: TurnRecord, *, excluded: Mapping[str, int] | None = None, rating: str = ""
    ) -> Json:
        """A turn: what was said and answered, its products with reasons and their evidence, its chips."""
        evidence = {fact.evidence_id: fact for fact in record.evidence}
        cards = self.cards(record.shown)
        for view, card in zip(cards, record.shown, strict=True):
            view["reasons"] = [_reason(reason, evidence) for reason in card.reasons]
            view["drawback"] = _reason(card.drawback, evidence) if card.drawback else None
        return {
            "turn": record.turn_id,
            "said": record.utterance,
            "text": record.reply,
            "time": record.time.isoformat(),
            "cards": cards,
            "inForce": [
                {
                    "id": chip.constraint_id or "",
                    "label": chip.label,
                    "kind": chip.kind,
                    "excludes": (excluded or {}).get(chip.constraint_id or "", 0),
                }
                for chip in record.chips
                if chip.kind in ("constraint", "preference")
            ],
            "offers": [
                {
                    "label": chip.label,
                    "kind": chip.kind,
                    "count": chip.count,
                    "say": chip.utterance or chip.label,
                }
                for chip in record.chips
                if chip.kind in ("answer", "relaxation")
            ],
            "table": record.table.model_dump() if record.table else None,
            "notices": record.notices,
            "rating": rating,
            "why": _why(record),
        }

    def start(self, start: Start) -> Json:
        return {
            "kinds": [
                {
                    "name": kind.name,
                    "count": kind.count,
                    "image": image_source(kind.image_url, self.image_origins),
                }
                for kind in start.kinds
            ],
            "popular": self.cards(start.popular),
            "openers": [opener.model_dump() for opener in start.openers],
        }

    def sheet(self, sheet: Sheet) -> Json:
        plain = sheet.model_dump(
            include={"description", "facts", "options", "variants", "opinions", "companions_basis"}
        )
        images = [image_source(url, self.image_origins) for url in sheet.images]
        return {
            **plain,
            "card": self.card(sheet.card, sheet.regular_price, options=bool(sheet.options)),
            "images": [image for image in images if image],
            "similar": self.cards(sheet.similar),
            "companions": [
                {"card": self.card(companion.card), "shoppers": companion.shoppers}
                for companion in sheet.companions
            ],
        }

    def cart(self, cart: Cart) -> Json:
        return {
            "lines": [
                {
                    "card": self.card(line.card),
                    "quantity": line.quantity,
                    "options": line.options,
                    "price": line.price,
                    "stock": line.stock,
                    "toChoose": line.to_choose,
                }
                for line in cart.lines
            ],
            "totals": cart.totals,
            "count": cart.count,
            "unpriced": cart.unpriced,
            "checkout": cart.checkout,
        }

    def comparison(self, comparison: Comparison) -> Json:
        return {
            "cards": self.cards(comparison.cards),
            "rows": [row.model_dump() for row in comparison.rows],
        }


def _reason(reason: Reason, evidence: Mapping[str, Evidence]) -> Json:
    """A reason with what it rests on; what it says already is left out, unless it is all there is."""
    facts = [evidence[i] for i in reason.evidence_ids if i in evidence]
    told = [fact for fact in facts if fact.text != reason.text] or facts
    return {
        "text": reason.text,
        "kind": reason.kind,
        "evidence": [
            {"source": fact.source.replace("_", " "), "kind": fact.kind, "text": fact.text} for fact in told
        ],
    }


def _why(record: TurnRecord) -> Json:
    """How the answer came about: the tools that were called, and what each product shown was ranked by."""
    shown: Collection[str] = {card.item_id for card in record.shown}
    return {
        "calls": list(dict.fromkeys(call.name for call in record.tool_calls if not call.error)),
        "signals": {
            candidate.item_id: {name: round(score, 3) for name, score in candidate.scores.items() if score}
            for candidate in record.considered
            if candidate.item_id in shown
        },
        "model": record.usage.model,
        "ms": record.stages_ms.get("total"),
    }
