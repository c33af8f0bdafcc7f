"""What a reply claims, checked against the catalogue and the raw files: superlatives, counts, absences, names, reasons.

Every check counts again from the records themselves and shares no code with what made the claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from agent.conditions import Prefer, Where
from agent.records import Card, Reply, ToolCall
from agent.shop import Shop
from agent.shop_context import ShopContext
from agent.tools.compile import Compiler
from agent.tools.find import negative
from agent.tools.weigh import preferences_of
from retrieval.filters import And, numbers_in
from retrieval.importers.reading import open_rows
from retrieval.records import Product

_STANDING = re.compile(
    r"^(?:(?P<measured>.+?), (?:the \S+ of (?P<all>\d+)|\S+(?: \S+)? than (?P<beaten>\d+) of the other (?P<others>\d+))"
    r"|Cheaper than (?:all (?P<every>\d+) others|(?P<dearer>\d+) of the other (?P<rest>\d+))) in (?P<kind>.+)$"
)
_STARS = re.compile(r"(\d\.\d) stars from ([\d,]+) reviews?")
_EXTREME = re.compile(
    r"(?P<name>.+?) (?:is|has) the .{3,60}?(?: of the (?P<total>[\d,]+)"
    r"|(?P<stock> in stock)?(?: of those with at least (?P<least>\d+) reviews)?)(?: that come nearest[^,.]*)?"
    r"(?:, at|\.|,)"
)
_ABSENT = re.compile(r"(?:does not mention|None of what I have says) [“\"]?([\w -]{3,40})[”\"]?")
_REPEATS = re.compile(
    r"is within your |, within your |is above your |^The shop marks it |^Filed under |^Listed as |^Gender: "
)
_QUOTED = re.compile(r"“(.+?)…?”")


class ClaimRules:
    """The audits of one shop; ``files`` are what it was imported from. Reads everything once."""

    def __init__(self, shop: Shop, files: Sequence[Path] = ()) -> None:
        self._shop, self._files = shop, files
        self._desk = ShopContext(shop)
        read = shop.search.completed  # conditions hold on what is read out of texts, too
        self.products = {product.item_id: read(product) for product in shop.catalog.products()}

    def wrong(self, reply: Reply) -> Iterator[tuple[str, str]]:
        """(kind of claim, what is wrong) of a reply."""
        yield from self._superlatives(reply)
        yield from self._absences(reply)
        for card in reply.cards:
            product = self.products.get(card.item_id)
            if product is None:
                yield "names", f"{card.title}: no product"
                continue
            yield from self._names(card, product, reply)
            yield from self._reasons(card, product)

    # --- superlatives: over all that fits

    def _superlatives(self, reply: Reply) -> Iterator[tuple[str, str]]:
        found = _EXTREME.search(reply.text)
        call = next((call for call in reply.record.tool_calls if call.name == "find"), None)
        sort = call.arguments.get("sort") if call else None
        if not (found and call and sort and reply.cards) or reply.record.loosened:
            return
        fitting = self._fitting(call)
        if "come nearest" in found.group():
            return
        if found["stock"]:
            fitting = [product for product in fitting if product.stock != 0]
        if found["least"]:
            least = int(found["least"])
            fitting = [p for p in fitting if self._reviews_of(p) >= least]
        values = {
            p.item_id: value for p in fitting if (value := _value(p, sort["field"], self._stars)) is not None
        }
        first = reply.cards[0].item_id
        best = (min if sort["order"] == "asc" else max)(values.values(), default=None)
        if found["total"] and int(found["total"].replace(",", "")) != len(fitting):
            yield "counts", f"{found.group()!r}: {len(fitting)} fit"
        if values.get(first) != best:
            yield "superlatives", f"{found.group()!r}: {values.get(first)}, and the best that fits has {best}"

    def _fitting(self, call: ToolCall) -> list[Product]:
        given = [Where.model_validate(one) for one in call.arguments.get("where", ())]
        given += [negative(Where.model_validate(one)) for one in call.arguments.get("avoid", ())]
        compiled = Compiler(self._desk.shop.search, self._desk.schema).compile(given)
        filters = [one.filter for one in compiled if one.filter is not None]
        wishes = [Prefer.model_validate(one) for one in call.arguments.get("prefer", ())]
        for wish in preferences_of(self._desk, [wish for wish in wishes if wish.aim == "has"]):
            if wish.filter is not None and self._shop.search.count(And((*filters, wish.filter))):
                filters.append(wish.filter)  # a wish for a value narrows as long as something meets it
        return [
            product
            for product in self.products.values()
            if all(self._desk.fits(condition, product) for condition in filters)
        ]

    def _stars(self, product: Product) -> float | None:
        """As cards show them."""
        stars = self._stars_of.get(product.item_id, (product.rating, 0))[0]
        return None if stars is None else round(stars, 1)

    def _reviews_of(self, product: Product) -> int:
        return self._stars_of.get(product.item_id, (0.0, product.rating_count or 0))[1]

    @cached_property
    def _stars_of(self) -> dict[str, tuple[float, int]]:
        given: dict[str, list[float]] = {}
        counts: dict[str, int] = {}
        for review in self._shop.catalog.reviews():
            counts[review.item_id] = counts.get(review.item_id, 0) + 1
            if review.stars is not None:
                given.setdefault(review.item_id, []).append(review.stars)
        return {item: (sum(stars) / len(stars), counts[item]) for item, stars in given.items()}

    # --- absences: against the raw rows

    def _absences(self, reply: Reply) -> Iterator[tuple[str, str]]:
        texts = [reply.text, *(reason.text for card in reply.cards for reason in card.reasons)]
        for text in texts:
            for match in _ABSENT.finditer(text):
                word = match[1].strip().casefold()
                holds = [
                    c.title for c in reply.cards if re.search(rf"\b{re.escape(word)}\b", self._raw(c.item_id))
                ]
                if holds:
                    yield "absences", f"{match.group()!r}: it stands in the file, of {holds[0]!r}"

    def _raw(self, item_id: str) -> str:
        return self._rows.get(item_id, "") or str(self.products[item_id].model_dump()).casefold()

    @cached_property
    def _rows(self) -> Mapping[str, str]:
        """All cells of the rows that hold a product's id, in one text."""
        rows: dict[str, str] = {}
        for path in self._files:
            for _, row in open_rows(path, "").rows(lambda number, error: None, lambda done: None):
                cells = [str(cell) for cell in row.values() if cell is not None]
                for item_id in {cell for cell in cells if cell in self.products}:
                    rows[item_id] = f"{rows.get(item_id, '')} {' '.join(cells)}".casefold()
        return rows

    # --- names and reasons of a card

    def _names(self, card: Card, product: Product, reply: Reply) -> Iterator[tuple[str, str]]:
        if card.title != product.title:
            yield "names", f"{card.title!r} is {product.title!r}"
        head = re.split(r" [-–|] |, | \(", product.title)[0]
        if len(head) < 12 or head == product.title or any(c.title == head for c in reply.cards):
            return
        alike = [c.title[len(head) :].strip() for c in reply.cards if c.title.startswith(head)]
        for match in re.finditer(rf"{re.escape(head)}(?!\w)", reply.text):
            after = reply.text[match.end() : match.end() + 80].strip()
            if not any(after.startswith(other[:10]) for other in alike) and "…" not in after[:60]:
                yield "names", f"{product.title!r} is called {head!r}"
                return

    def _reasons(self, card: Card, product: Product) -> Iterator[tuple[str, str]]:
        texts = [reason.text for reason in card.reasons]
        repeats = [text for text in texts if _REPEATS.search(text)]
        if len(repeats) > 1 or (repeats and len(repeats) < len(texts)):
            yield "tautologies", f"{repeats} beside {[t for t in texts if t not in repeats]}"
        for text in (*texts, *([card.drawback.text] if card.drawback else [])):
            yield from self._standing(text, product)
            yield from self._tallies(text, product)

    def _standing(self, text: str, product: Product) -> Iterator[tuple[str, str]]:
        found = _STANDING.match(text)
        if not found:
            return
        measured = found["measured"]
        field = self._measured_field(measured, product) if measured else "price"
        own = _value(product, field, self._stars) if field else None
        kin = [
            p
            for p in self.products.values()
            if p.category[-1:] == product.category[-1:] and p.item_id != product.item_id
        ]
        others = [value for p in kin if field and (value := _value(p, field, self._stars)) is not None]
        claimed = (
            found["every"]
            or found["rest"]
            or found["others"]
            or (found["all"] and str(int(found["all"]) - 1))
        )
        beaten = int(found["beaten"] or found["dearer"] or claimed or 0)
        counts = (sum(v > own for v in others), sum(v < own for v in others)) if own is not None else ()
        if len(others) != int(claimed or -1) or beaten not in counts:
            yield "counts", f"{text!r} of {product.title!r}: {counts} of {len(others)}"

    def _measured_field(self, measured: str, product: Product) -> str | None:
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", measured)]
        values = ((name, _value(product, name, self._stars)) for name in product.attributes)
        return next((name for name, value in values if value is not None and value in numbers), None)

    def _tallies(self, text: str, product: Product) -> Iterator[tuple[str, str]]:
        for mean, count in _STARS.findall(_QUOTED.sub("", text)):
            stars, reviews = self._stars_of.get(
                product.item_id, (product.rating or 0.0, product.rating_count or 0)
            )
            if abs(stars - float(mean)) > 0.051 or reviews != int(count.replace(",", "")):
                yield "counts", f"{text!r} of {product.title!r}: {stars:.2f} from {reviews}"
        for quote in _QUOTED.findall(text):
            if " ".join(quote.split()) not in self._written(product):
                yield "quotes", f"{quote!r} stands nowhere of {product.title!r}"

    def _written(self, product: Product) -> str:
        reviews = (f"{r.title} {r.text}" for r in self._shop.catalog.reviews(product.item_id))
        masked = (self._shop.reviews.review(r.review_id) for r in self._shop.catalog.reviews(product.item_id))
        kinds = [level for path in (product.category, *product.more_categories) for level in path]
        texts = [product.title, product.description, *product.texts.values(), *product.tags, *kinds, *reviews]
        texts += [review.text for review in masked if review is not None]
        return " ".join(" ".join(texts).split())


def _value(product: Product, field: str, stars: Callable[[Product], float | None]) -> float | None:
    if field == "price":
        return product.price
    if field == "stars":
        return stars(product)
    value: Any = product.attributes.get(field)
    if value is None or isinstance(value, bool):
        return None
    numbers = numbers_in(value)
    return numbers[0] if numbers else None
