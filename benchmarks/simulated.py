"""Simulated shopping on a built shop: each shopper's last purchase is hidden from the shop and looked for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.assistant import ShoppingAssistant
from agent.operations.commands import ready_shop
from agent.recommending.ranking import RankingWeights
from agent.settings import Settings
from agent.shop import Shop
from benchmarks.simulation.shoppers import (
    Goal,
    Outcome,
    Shown,
    SimulatedShopper,
    System,
    Traits,
    hold_dialogue,
)
from cf_engine.events import Event
from cf_engine.serving import HistoryItem
from retrieval.records import Product

LEAST_EVENTS = 3
_POSITIVE = frozenset({"purchase", "cart", "like"})


def is_liking(event: Event) -> bool:
    """Whether it tells that the shopper likes the product."""
    return event.kind in _POSITIVE or (event.kind == "rating" and (event.value or 0) >= 4)


@dataclass(frozen=True)
class HeldOut:
    """A shop without the purchases that its shoppers will look for."""

    shop: Shop
    goals: tuple[Goal, ...]


def hold_out(source: Path, folder: Path, dialogues: int, *, seed: int = 0) -> HeldOut:
    """Copy a shop but for each picked shopper's last purchase and that shopper's review of it; build it."""
    old = Shop.open(source)
    rng = random.Random(seed)
    last = {}
    histories: dict[str, int] = {}
    for event in old.events.events():
        histories[event.user_id] = histories.get(event.user_id, 0) + 1
        if is_liking(event):
            last[event.user_id] = event
    products = {product.item_id: product for product in old.catalog.products()}
    eligible = sorted(
        user for user, event in last.items() if histories[user] >= LEAST_EVENTS and event.item_id in products
    )
    users = rng.sample(eligible, min(dialogues, len(eligible)))
    goals = tuple(Goal(user, products[last[user].item_id]) for user in users)
    hidden = {(goal.user_id, goal.target.item_id) for goal in goals}
    settings = Settings(effort="quick")
    shop = Shop.create(folder, settings)
    if shop.catalog.count() == 0:
        shop.catalog.upsert_products(products.values())
        shop.catalog.upsert_reviews(
            review for review in old.catalog.reviews() if (review.user_id, review.item_id) not in hidden
        )
        shop.events.append(e for e in old.events.events() if (e.user_id, e.item_id) not in hidden)
    return HeldOut(ready_shop(folder, settings=settings), goals)


class Ours(System):
    """The assistant itself, or with a part of it taken away."""

    def __init__(self, shop: Shop, *, without: str = "") -> None:
        zero = {"cf": {"cf": 0.0, "content": 0.0}, "reviews": {"reviews": 0.0}}.get(without, {})
        self._assistant = ShoppingAssistant.open(
            shop.reopened(), weights=RankingWeights(**zero) if zero else None
        )
        self._anonymous = without == "cf"

    def respond(self, text: str, said: Sequence[str], goal: Goal, session_id: str) -> Shown:
        user = None if self._anonymous else goal.user_id
        reply = self._assistant.reply(text, user_id=user, session_id=session_id)
        answers = tuple(chip for chip in reply.chips if chip.kind == "answer")
        return Shown(tuple(card.item_id for card in reply.cards), answers)


class _Baseline(System):
    """Ranks by all that was said; with ``memory`` it does not show a product twice in a dialogue."""

    def __init__(self, *, memory: bool = False) -> None:
        self._memory = memory
        self._seen: dict[str, set[str]] = {}

    def respond(self, text: str, said: Sequence[str], goal: Goal, session_id: str) -> Shown:
        seen = self._seen.setdefault(session_id, set()) if self._memory else set()
        items = tuple(self._ranked(" ".join((*said, text)), goal, seen)[:5])
        seen.update(items)
        return Shown(items)

    def _ranked(self, query: str, goal: Goal, seen: set[str]) -> list[str]:
        raise NotImplementedError


class Bm25(_Baseline):
    """bm25s with its defaults over title, category, description and attributes."""

    def __init__(self, products: Sequence[Product], *, memory: bool = False) -> None:
        import bm25s

        super().__init__(memory=memory)
        self._bm25s, self._ids = bm25s, [product.item_id for product in products]
        self._index = bm25s.BM25()
        self._index.index(
            bm25s.tokenize([_text(p) for p in products], show_progress=False), show_progress=False
        )

    def _ranked(self, query: str, goal: Goal, seen: set[str]) -> list[str]:
        tokens = self._bm25s.tokenize([query], show_progress=False)
        found, _ = self._index.retrieve(tokens, k=min(len(self._ids), 5 + len(seen)), show_progress=False)
        return [item for item in (self._ids[row] for row in found[0]) if item not in seen]


class MiniLM(_Baseline):
    """Cosine of MiniLM vectors, exactly."""

    def __init__(self, shop: Shop, *, memory: bool = False) -> None:
        super().__init__(memory=memory)
        self._encoder, self._ids = shop.encoder, shop.search.item_ids
        self._vectors = shop.search.vectors(self._ids)

    def _ranked(self, query: str, goal: Goal, seen: set[str]) -> list[str]:
        order = np.argsort(-(self._vectors @ self._encoder.encode_query([query])[0]))
        return [item for item in (self._ids[row] for row in order[: 5 + len(seen)]) if item not in seen]


class CollaborativeFiltering(_Baseline):
    """The shop's own recommender from the history alone, whatever is said."""

    def __init__(self, shop: Shop, *, memory: bool = False) -> None:
        super().__init__(memory=memory)
        self._shop = shop

    def _ranked(self, query: str, goal: Goal, seen: set[str]) -> list[str]:
        history = [
            HistoryItem(e.item_id, e.kind, e.time, e.value, e.event_id)
            for e in self._shop.events.history(goal.user_id)
        ]
        known = {item.item_id for item in history}
        return [s.item_id for s in self._shop.cf.recommend(history, 5, exclude=(*seen, *known))]


ABLATIONS = ("cf", "reviews")
BASELINES = ("bm25", "minilm", "collaborative filtering")


def systems(shop: Shop) -> dict[str, System]:
    """Ours, its ablations, the baselines, and the baselines with a memory of what they showed."""
    products = list(shop.catalog.products())
    found: dict[str, System] = {"ours": Ours(shop)}
    found |= {f"without {part}": Ours(shop, without=part) for part in ABLATIONS}
    for suffix, memory in (("", False), (" with memory", True)):
        found[f"bm25{suffix}"] = Bm25(products, memory=memory)
        found[f"minilm{suffix}"] = MiniLM(shop, memory=memory)
        found[f"collaborative filtering{suffix}"] = CollaborativeFiltering(shop, memory=memory)
    return found


def simulate(held_out: HeldOut, system: System, *, seed: int = 0, turns: int = 5) -> list[Outcome]:
    """One dialogue a goal; the same shoppers with the same dice for every system."""
    shop = held_out.shop
    products = {product.item_id: product for product in shop.catalog.products()}
    texts = {item_id: product.description for item_id, product in products.items()}
    for review in shop.catalog.reviews():
        if review.item_id in texts and len(texts[review.item_id]) < 20_000:
            texts[review.item_id] += " " + review.text
    traits = Traits(texts)

    def likeness(a: str, b: str) -> float:
        return float(shop.search.vector(a) @ shop.search.vector(b))

    outcomes = []
    for number, goal in enumerate(held_out.goals):
        rng = random.Random(f"{seed}-{number}")
        shopper = SimulatedShopper(goal, traits.of(goal.target), products, likeness, rng)
        outcomes.append(hold_dialogue(system, shopper, goal, turns))
    return outcomes


def _text(product: Product) -> str:
    values = " ".join(str(value) for value in product.attributes.values())
    return " ".join((product.title, *product.category, product.description, values))
