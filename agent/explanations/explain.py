"""Why this product: one to three reasons a card, each bound to evidence, varied across the cards, and one
drawback.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from agent.explanations.constraint_reasons import Ground, constraint_ground, words_ground
from agent.explanations.evidence import (
    field_evidence,
    quotable,
    review_evidence,
    shorten,
    signal_evidence,
    stars_text,
    stock_text,
)
from agent.explanations.other_reasons import (
    because,
    drawback_ground,
    listing,
    shoppers_alike,
    stars_ground,
    stated_stars,
)
from agent.explanations.percentile_reason import NumericWish, Standings
from agent.explanations.wish_sentences import WishSentences, wished_stems
from agent.money import price as format_price
from agent.recommending.profiles import Shopper
from agent.recommending.scoring import Scorer
from agent.records import Evidence, Reason
from agent.wording import say
from retrieval.aspect_mining.words import OVERALL
from retrieval.filters import Category, Filter
from retrieval.records import Product
from retrieval.reviews.opinions import passages_on

if TYPE_CHECKING:
    from retrieval.reviews.signals import AspectSignal, ProductSignals

MAX_REASONS = 3
REPEAT = 0.45
"""What a reason loses for each card before that already used its kind (constraints: its very wording)."""
ENOUGH = 0.18
"""Below this a second or third reason is noise."""
TELLING_SHARE = 0.6
"""A product of another kind explains one only when it carries this much of the score, among several."""
PRICE = "constraint:price"
SUPPORT = 3
"""So many shoppers must have taken both, for a product of another kind to explain one."""
OFTEN = 2
"""Cards of a turn that may say how their price meets the limit."""


@dataclass(frozen=True)
class Wish:
    """What the reasons may answer: the words, the conditions in force and the aspects asked for."""

    query: str = ""
    conditions: tuple[tuple[Filter, str], ...] = ()
    """With their labels."""
    aspects: tuple[str, ...] = ()
    numbers: tuple[NumericWish, ...] = ()
    shopper: Shopper = field(default_factory=Shopper)


@dataclass(frozen=True)
class Explained:
    reasons: tuple[Reason, ...]
    drawback: Reason | None
    evidence: tuple[Evidence, ...]


class Explainer:
    """Makes the reasons of a turn's cards. Cost: about a millisecond a card."""

    def __init__(self, scorer: Scorer) -> None:
        self._shop = scorer.shop
        self._scorer = scorer
        self._standings = Standings(self._members)
        self._sentences = WishSentences(scorer.shop.reviews)

    def explain(self, products: Sequence[Product], wish: Wish) -> list[Explained]:
        """Reasons for each product, in order; what one card says, the next says only if nothing else is to be
        said.
        """
        used: Counter[str] = Counter()
        explained = []
        for product in products:
            grounds = [ground for ground in self._grounds(product, wish) if not _worn(ground, used)]
            if max((g.strength for g in grounds if not g.repeats), default=0.0) < ENOUGH:
                grounds.append(self._standings.price_ground(product) or listing(product))
            chosen = _choose(grounds, used)
            drawback = self._drawback(product, products)
            evidence = [e for ground in (*chosen, *([drawback] if drawback else [])) for e in ground.evidence]
            explained.append(
                Explained(
                    tuple(ground.reason for ground in chosen),
                    drawback.reason if drawback else None,
                    tuple(evidence),
                )
            )
        return explained

    def _grounds(self, product: Product, wish: Wish) -> list[Ground]:
        grounds = [
            ground
            for condition, label in wish.conditions
            if (ground := constraint_ground(condition, product, label))
        ]
        grounds.extend(
            ground for number in wish.numbers if (ground := self._standings.ground(number, product))
        )
        grounds.extend(self._served(wish.query, product))
        # With a wish in words, meeting it tells more than what was bought before.
        weight = 0.6 if wish.query or wish.conditions else 1.0
        grounds.extend(
            replace(ground, strength=weight * ground.strength)
            for ground in self._history(product, wish.shopper)
        )
        grounds.extend(self._buyers(product, wish.aspects) or stated_stars(product))
        grounds.extend(self._popular(product))
        return list({ground.reason.text: ground for ground in grounds}.values())

    def _served(self, query: str, product: Product) -> list[Ground]:
        """What meets a wish in words: a field of the product, a sentence of its listing, one of a buyer."""
        if not query:
            return []
        # A field that says again what the product is called ("Type: battery" of a battery) tells nothing.
        named = not wished_stems(query, product)
        field = None if named else words_ground(query, product, 0.6, fields_only=True)
        if field:
            field = replace(field, reason=field.reason.model_copy(update={"kind": "match"}))
        said = (field, self._sentences.listing(query, product), self._sentences.buyer(query, product))
        return [ground for ground in said if ground]

    def _members(self, kind: str) -> list[Product]:
        """The products whose innermost category has this name, as the build has them."""
        item_ids = self._shop.search.matching(Category((kind,)))
        found = (self._shop.catalog.product(item_id) for item_id in item_ids)
        return [product for product in found if product is not None and product.category[-1:] == (kind,)]

    # --- the shopper's own history, and shoppers alike ----------------------------------------------------

    def _history(self, product: Product, shopper: Shopper) -> list[Ground]:
        if not shopper.history or product.item_id in shopper.weights:
            return []
        sources = {item.event_id or item.item_id: item for item in shopper.telling}
        grounds: list[Ground] = []
        for source_id, share in self._shop.cf.why(shopper.telling, product.item_id, 3):
            source = sources.get(source_id)
            known = self._shop.catalog.product(source.item_id) if source else None
            if source is None or known is None or source.item_id == product.item_id:
                continue
            both = self._shop.cf.co_count(source.item_id, product.item_id)
            likely = both >= SUPPORT or _akin(known, product) or (share >= TELLING_SHARE and len(sources) > 1)
            if likely and not grounds:
                grounds.append(because(product, source, known, share))
            if both >= 2:
                grounds.append(shoppers_alike(product, known, both, self._shop.cf.co_basis))
                break
        return grounds

    # --- what buyers say ----------------------------------------------------------------------------------

    def _buyers(self, product: Product, aspects: Sequence[str]) -> list[Ground]:
        signals = self._shop.reviews.signals(product.item_id)
        if signals is None or not signals.review_count:
            return []
        grounds = [
            ground
            for name in aspects
            if (found := signals.aspect(name)) and (ground := self._praise(product, found, 0.9))
        ]
        praised = sorted(_named(signals), key=lambda aspect: -aspect.low * min(aspect.positive, 20))
        for aspect in praised[:3]:
            if aspect.positive >= 3 and aspect.low > 0.55 and aspect.name not in aspects:
                ground = self._praise(product, aspect, 0.3 + 0.35 * aspect.low)
                grounds.extend([ground] if ground else [])
        if signals.stars_mean is not None and signals.stars_mean >= 4.0 and signals.review_count >= 3:
            grounds.append(stars_ground(product, signals))
        return grounds

    def _praise(self, product: Product, aspect: AspectSignal, strength: float) -> Ground | None:
        opinions = aspect.positive + aspect.negative
        if not aspect.positive or aspect.positive < aspect.negative:
            return None
        what = say("buyers.it") if aspect.name == OVERALL else say("buyers.its", aspect=aspect.name)
        who = _buyers(aspect.positive, opinions)
        how = "reason.happy" if opinions > 1 else "reason.happy_one"
        count = say(how, who=who, what=what, positive=aspect.positive, of=opinions)
        evidence = [signal_evidence(product.item_id, aspect.name, count, aspect.positive)]
        text = count
        if quote := self._quote(product.item_id, aspect):
            evidence.append(quote)
            text = say("reason.counted_quote", count=count, quote=shorten(quote.text))
        reason = Reason(text=text, kind="buyers", evidence_ids=tuple(e.evidence_id for e in evidence))
        return Ground(reason, tuple(evidence), strength)

    def _quote(self, item_id: str, aspect: AspectSignal) -> Evidence | None:
        """The clearest praise of the aspect, as its buyer wrote it."""
        for review_id in aspect.example_ids:
            review = self._shop.reviews.review(review_id)
            for text, score in passages_on(review, aspect.name) if review else ():
                if score > 0.3 and quotable(text):
                    return review_evidence(item_id, review_id, text)
        return None

    def _popular(self, product: Product) -> list[Ground]:
        if not product.category:
            return []
        place = self._scorer.place_in_category(product.item_id)
        if place is None or place[0] > 3:
            return []
        rank, category = place
        text = say("reason.most_popular" if rank == 1 else "reason.popular", rank=rank, category=category)
        evidence = signal_evidence(product.item_id, "popularity", text, rank)
        return [
            Ground(Reason(text=text, kind="popular", evidence_ids=(evidence.evidence_id,)), (evidence,), 0.35)
        ]

    # --- the honest drawback ------------------------------------------------------------------------------

    def _drawback(self, product: Product, beside: Sequence[Product]) -> Ground | None:
        if product.stock == 0:
            return drawback_ground(field_evidence(product, "stock", stock_text(0), 0), say("drawback.out"))
        signals = self._shop.reviews.signals(product.item_id)
        complaint = signals.complaint if signals is not None else None
        if complaint is not None and complaint.aspect != OVERALL and quotable(complaint.text):
            count = say(
                "reason.unhappy" if complaint.of > 1 else "reason.unhappy_one",
                who=_buyers(complaint.count, complaint.of),
                what=say("buyers.its", aspect=complaint.aspect),
                count=complaint.count,
                of=complaint.of,
            )
            quote = review_evidence(product.item_id, complaint.review_id, complaint.text)
            tally = signal_evidence(product.item_id, f"complaint {complaint.aspect}", count, complaint.count)
            text = say("reason.counted_quote", count=count, quote=shorten(complaint.text))
            reason = Reason(text=text, kind="drawback", evidence_ids=(tally.evidence_id, quote.evidence_id))
            return Ground(reason, (tally, quote), 1.0)
        if signals is not None and signals.stars_mean is not None and signals.stars_mean < 3.5:
            said = stars_text(signals.stars_mean, signals.review_count)
            return drawback_ground(
                signal_evidence(product.item_id, "stars", said, signals.stars_mean),
                say("drawback.only", said=said),
            )
        if product.stock is not None and product.stock <= 2:
            return drawback_ground(
                field_evidence(product, "stock", stock_text(product.stock), product.stock),
                say("drawback.left", count=product.stock),
            )
        prices = sorted(
            other.price for other in beside if other.price is not None and other.item_id != product.item_id
        )
        if product.price is not None and prices and product.price > 1.5 * prices[len(prices) // 2]:
            said = format_price(product.price, product.currency)
            return drawback_ground(
                field_evidence(product, "price", said, product.price), say("drawback.dear")
            )
        return None


def _akin(one: Product, other: Product) -> bool:
    """Whether two products stand in the same innermost category."""
    return bool(one.category) and one.category == other.category


def _worn(ground: Ground, used: Counter[str]) -> bool:
    """Whether enough cards have said already that they are within the price."""
    return _manner(ground) == PRICE and used[PRICE] >= OFTEN


def _named(signals: ProductSignals) -> list[AspectSignal]:
    return [aspect for aspect in signals.aspects if aspect.name != OVERALL]


def _buyers(count: int, of: int) -> str:
    """``count`` of the ``of`` buyers who judge an aspect, in words."""
    return say(f"reason.buyers.{'all' if count == of else 'most' if 2 * count > of else 'some'}")


def _choose(grounds: Sequence[Ground], used: Counter[str]) -> list[Ground]:
    """Up to three grounds of different kinds, strongest first, less what earlier cards have said already."""
    chosen: list[Ground] = []
    left = [ground for ground in grounds if not ground.repeats]
    if not left:  # that it is what was asked for is said where nothing else is to be said, and once
        left = sorted(grounds, key=lambda ground: -ground.strength)[:1]
    while left and len(chosen) < MAX_REASONS:
        best = max(left, key=lambda ground: _worth(ground, used, chosen))
        if chosen and _worth(best, used, chosen) < ENOUGH:
            break
        chosen.append(best)
        left.remove(best)
    for ground in chosen:
        used[_manner(ground)] += 1
    return chosen


def _worth(ground: Ground, used: Counter[str], chosen: Sequence[Ground]) -> float:
    worth = ground.strength - REPEAT * min(used[_manner(ground)], 2) * ground.strength
    same = sum(other.reason.kind == ground.reason.kind for other in chosen)
    return worth * (0.4 if same else 1.0) ** same


def _manner(ground: Ground) -> str:
    """What makes two reasons read the same: the kind and the sentence without names, numbers and quotes."""
    if ground.reason.kind == "constraint" and any(e.source == "price" for e in ground.evidence):
        return PRICE
    frame = re.sub(r"[“„].*?[”“]|[\d.,$€£]+", "", ground.reason.text)
    return f"{ground.reason.kind}:{' '.join(frame.split()[:4])}"
