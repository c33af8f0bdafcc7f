"""The desk: the opened shop with everything the tools need, and how a product becomes a card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from agent.boosts import Boosts
from agent.explain import Explainer, Wish
from agent.guards.claims import stem
from agent.memory import MemoryStore
from agent.preference_scores import preference_scores
from agent.profiles import Profiles, Shopper, vector_of
from agent.ranking import RankingWeights, diversify, rank
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.reasons.standing import NumericWish
from agent.records import Candidate, Card
from agent.scoring import Scorer
from agent.toolbox.carts import Carts
from agent.toolbox.turn import Shelf, Turn
from retrieval.catalog import Product
from retrieval.filters import And, Filter, StarsOf

if TYPE_CHECKING:
    from agent.shop import Shop
    from agent.tools.schema import Schema

MAX_SHOWN = 10


class Desk:
    """One per opened build; shared by all turns and threads."""

    def __init__(self, shop: Shop, weights: RankingWeights | None = None) -> None:
        self.shop = shop
        self.scorer = Scorer(shop, weights, Boosts.read(shop.folder / "boosts.toml"))
        self.explainer = Explainer(self.scorer)
        self.profiles = Profiles(shop)
        self.carts = Carts(shop.engine)
        self.memories = MemoryStore(shop.engine)
        self.facts = Facts(product=shop.catalog.product, count=lambda condition: shop.search.count(condition))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        paths = ((), *self.shop.search.table.paths)
        aspects = dict.fromkeys(name for path in paths for name in self.shop.reviews.aspects(path))
        return Vocabulary.of(self.shop.catalog.products(), aspects)

    @cached_property
    def schema(self) -> Schema:
        """The fields that conditions can be put on."""
        from agent.tools.schema import Schema

        return Schema(self.shop.search)

    @property
    def size(self) -> int:
        return self.shop.search.size

    @cached_property
    def attribute_stems(self) -> frozenset[str]:
        """Stems of the shop's brands, tags and attribute values: in the request alone they back no claim."""
        words = self.shop.search.vocabulary
        texts = [*words.tags, *words.attributes, *words.brands]
        texts.extend(value for values in words.attributes.values() for value in values)
        return frozenset(stem(word) for text in texts for word in re.findall(r"[^\W\d_]{3,}", text))

    @property
    def no_wish(self) -> Wish:
        return Wish()

    def stars_of(self, item_id: str) -> StarsOf | None:
        """Mean stars and count as at the build, which is what a filter on stars means."""
        table = self.shop.search.table
        row = table.row_of.get(item_id)
        if row is None:
            return None
        count = int(table.columns["rating_count"][row])
        return (float(table.columns["stars"][row]), count) if count else None

    def fits(self, condition: Filter, product: Product) -> bool:
        return condition.matches(product, self.stars_of(product.item_id))

    def condition(self, turn: Turn) -> Filter:
        """All that must hold for what this turn shows: said in this conversation, and remembered."""
        lasting = tuple(c.filter for c in turn.lasting if c.strict)
        return And((turn.state.filter(), *lasting))

    def products(self, item_ids: Iterable[str]) -> list[Product]:
        """The products as the shop has them now, in order; those that are gone are left out."""
        found = (self.shop.catalog.product(item_id) for item_id in item_ids)
        return [product for product in found if product is not None]

    def choose(
        self, ranked: Sequence[Candidate], k: int, condition: Filter, *, variety: float | None = 0.3
    ) -> list[tuple[Candidate, Product]]:
        """The best ``k``, each checked once more as it stands now; sold out ones come last. Without
        ``variety`` the order given is kept."""
        order = (
            ()
            if variety is None
            else diversify(
                ranked, min(2 * k, len(ranked)), lambda item: vector_of(self.shop, item), variety=variety
            )
        )
        placed = {candidate.item_id for candidate in order}
        chosen: list[tuple[Candidate, Product]] = []
        sold_out: list[tuple[Candidate, Product]] = []
        for candidate in (*order, *(c for c in ranked if c.item_id not in placed)):
            product = self.shop.catalog.product(candidate.item_id)
            if product is not None and self.fits(condition, product):
                (sold_out if product.stock == 0 else chosen).append((candidate, product))
            if len(chosen) == k:
                break
        return (chosen + sold_out)[:k]

    def in_price_order(self, ranked: Sequence[Candidate], direction: float) -> list[Candidate]:
        """The priced ones, cheapest (-1) or dearest (1) first; equal prices stay as they were ranked."""
        prices = self.scorer.prices([candidate.item_id for candidate in ranked])
        priced = [pair for pair in zip(prices.tolist(), ranked, strict=True) if pair[0] > 0]  # NaN is not
        return [candidate for _, candidate in sorted(priced, key=lambda pair: -direction * pair[0])]

    def put_out(
        self,
        shelf: Shelf,
        chosen: Sequence[tuple[Candidate, Product]],
        ranked: Sequence[Candidate],
        wish: Wish,
    ) -> Shelf:
        """The chosen products as explained cards on the shelf, with all that was considered."""
        products = [product for _, product in chosen]
        explained = self.explainer.explain(products, wish)
        cards = [
            self.card(product).model_copy(update={"reasons": why.reasons, "drawback": why.drawback})
            for product, why in zip(products, explained, strict=True)
        ]
        shelf = shelf.show(cards, listed=True).add(evidence=[e for why in explained for e in why.evidence])
        return replace(shelf, candidates=tuple(ranked))

    def put(self, turn: Turn, shelf: Shelf, product: Product) -> Shelf:
        """The product alone on the shelf, with its reasons; the list on the screen stays what is pointed
        into.
        """
        (why,) = self.explainer.explain([product], self.wish(turn, turn.state.query))
        card = self.card(product).model_copy(update={"reasons": why.reasons, "drawback": why.drawback})
        return shelf.show([card], listed=False).add(evidence=why.evidence)

    def card(self, product: Product) -> Card:
        """Every fact of a card, from the catalogue as it stands now and the reviews as at the build."""
        signals = self.shop.reviews.signals(product.item_id)
        boost = self.scorer.boosts.strongest(product)
        return Card(
            handle="P1",
            item_id=product.item_id,
            title=product.title,
            brand=product.brand,
            category=product.category,
            price=product.price,
            price_max=product.price_max,
            currency=product.currency,
            stars=None if signals is None or signals.stars_mean is None else round(signals.stars_mean, 1),
            review_count=signals.review_count if signals else 0,
            stock=product.stock,
            image_url=product.image_url,
            url=product.url,
            label=boost.label if boost else None,
        )

    def wish(self, turn: Turn, query: str) -> Wish:
        """What the reasons of this turn may answer."""
        said = tuple((c.filter, c.label) for c in (*turn.state.constraints, *turn.lasting))
        soft = tuple((p.filter, p.label) for p in turn.state.preferences if p.filter is not None)
        aspects = tuple(p.key for p in turn.state.preferences if p.kind == "aspect")
        numbers = tuple(
            NumericWish(p.key, p.direction, p.label.removeprefix("not "))
            for p in turn.state.preferences
            if p.kind == "attribute"
        )
        return Wish(
            query=query,
            conditions=(*said, *soft),
            aspects=tuple(dict.fromkeys((*turn.understanding.aspects, *aspects))),
            numbers=numbers,
            shopper=self.buyer(turn),
        )

    def buyer(self, turn: Turn) -> Shopper:
        """Whose taste counts: the shopper's, unless they shop for somebody else."""
        return turn.shopper.without_history() if turn.state.gift else turn.shopper

    def ranked(self, turn: Turn, item_ids: Sequence[str], search: dict[str, float] | None) -> list[Candidate]:
        """Candidates with all their signals, best first."""
        preferences = turn.state.preferences
        signals = self.scorer.signals(
            item_ids,
            search=search,
            critique=self.critique(turn, item_ids),
            shopper=self.buyer(turn),
            price=next((p.target for p in preferences if p.kind == "price" and p.target), None),
            aspects=self.wish(turn, "").aspects,
        )
        return rank(signals, self.scorer.weights)

    def critique(self, turn: Turn, item_ids: Sequence[str]) -> dict[str, float] | None:
        """How well each product answers the soft preferences in force; None without any."""
        if not turn.state.preferences:
            return None
        scores = preference_scores(turn.state.preferences, item_ids, self.scorer)
        return dict(zip(item_ids, map(float, scores), strict=True))
