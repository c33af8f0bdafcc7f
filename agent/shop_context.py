"""The opened shop with everything that tools need, and how a product becomes a card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from agent.checks.claims import stem
from agent.explanations.explain import Explainer, Wish
from agent.recommending.boosts import Boosts
from agent.recommending.profiles import Profiles, vector_of
from agent.recommending.ranking import RankingWeights, diversify
from agent.recommending.scoring import Scorer
from agent.records import Candidate, Card
from agent.storage.carts import Carts
from agent.storage.memories import MemoryStore
from agent.understanding.language.units import NAMES
from retrieval.filters import Attribute, Filter, Or, StarsOf
from retrieval.naming.thesaurus import thesaurus
from retrieval.records import Product
from retrieval.shop_questions import ShopQuestions
from retrieval.text.typing import Typing

if TYPE_CHECKING:
    from agent.shop import Shop
    from agent.tools.schema import Schema


MOST = 0.6


class ShopContext:
    """One per opened build; shared by all turns and threads."""

    def __init__(self, shop: Shop, weights: RankingWeights | None = None) -> None:
        self.shop = shop
        self.scorer = Scorer(shop, weights, Boosts.read(shop.folder / "boosts.toml"))
        self.explainer = Explainer(self.scorer)
        self.profiles = Profiles(shop)
        self.carts = Carts(shop.engine)
        self.memories = MemoryStore(shop.engine)

    @cached_property
    def schema(self) -> Schema:
        """The fields that conditions can be put on."""
        from agent.tools.implied_units import READ
        from agent.tools.schema import Schema

        return Schema(
            self.shop.search, lambda name: self.products(self.shop.search.matching(Attribute(name))[:READ])
        )

    @cached_property
    def typing(self) -> Typing:
        """What puts right the slips of what shoppers type."""
        return Typing(self.shop.search.words, (*thesaurus().things, *NAMES))

    def about(self, question: str) -> str:
        """What a question to the shop is about ("returns"); empty where shops are not asked that."""
        return self._questions.topic_of(self.shop.encoder.encode_query([question])[0])

    @cached_property
    def _questions(self) -> ShopQuestions:
        return ShopQuestions(self.shop.encoder)

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

    def is_most(self, kinds: Sequence[str]) -> bool:
        """Whether most of what the shop has is of these kinds: nobody refuses that."""
        search = self.shop.search
        filters = [one for name in kinds if (one := search.kinds.filter_of(name)) is not None]
        return bool(filters) and search.count(Or(tuple(filters))) > MOST * search.size

    def fits(self, condition: Filter, product: Product) -> bool:
        return condition.matches(product, self.stars_of(product.item_id))

    def products(self, item_ids: Iterable[str]) -> list[Product]:
        """The products as the shop has them now, in order; those that are gone are left out."""
        found = (self.shop.product(item_id) for item_id in item_ids)
        return [product for product in found if product is not None]

    def choose(
        self,
        ranked: Sequence[Candidate],
        k: int,
        condition: Filter,
        *,
        variety: float | None = 0.3,
        is_gone: Callable[[Product], bool] = lambda product: False,
        is_out: Callable[[Product], bool] = lambda product: False,
    ) -> list[tuple[Candidate, Product]]:
        """The best ``k``, each checked once more as it stands now; those that are sold out, or ``is_gone`` in what is
        asked of it, come last, and what ``is_out`` does not come at all. Without ``variety`` the order given is kept.
        """
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
            product = self.shop.product(candidate.item_id)
            if product is not None and self.fits(condition, product) and not is_out(product):
                gone = product.stock == 0 or is_gone(product)
                (sold_out if gone else chosen).append((candidate, product))
            if len(chosen) == k:
                break
        return (chosen + sold_out)[:k]

    def card(self, product: Product) -> Card:
        """Every fact of a card, from the catalogue as it stands now and the reviews as at the build."""
        signals = self.shop.reviews.signals(product.item_id)
        mean, count = signals.stars_mean, signals.review_count
        if mean is None:  # what the shop states counts where no review does
            mean, count = product.rating, product.rating_count or 0
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
            stars=None if mean is None else round(mean, 1),
            review_count=count,
            stock=product.stock,
            image_url=product.image_url,
            url=product.url,
            label=boost.label if boost else None,
        )
