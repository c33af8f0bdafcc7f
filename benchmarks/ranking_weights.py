"""Are the ranking's weights better learned? Fitted on validation shoppers, judged on others of them.

The hidden target is each shopper's last purchase but one, and everything from it on is taken out of the shop;
the last purchase, which `benchmarks.conversation` tests on, plays no part. One half of the shoppers talks to
the default weights, and a conditional logit is fitted to the turns whose candidates hold the target; then the
other half talks to both. The last line is JSON.

    python -m benchmarks.ranking_weights --shop SHOP [--dialogues 400]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from agent.assistant import ShoppingAssistant
from agent.operations.commands import ready_shop
from agent.recommending.ranking import FloatArray, RankingWeights, fit_weights
from agent.records import Candidate
from agent.settings import Settings
from agent.shop import Shop
from benchmarks.simulated import LEAST_EVENTS, HeldOut, is_liking, simulate
from benchmarks.simulation.shoppers import Goal, Outcome, Shown, System, score

DRAWS = 2000
Turn = tuple[Mapping[str, FloatArray], int]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shop", type=Path, required=True)
    parser.add_argument("--dialogues", type=int, default=400)
    parser.add_argument("--shrinkage", type=float, default=0.02)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held_out = validation(arguments.shop, Path(folder) / "shop", arguments.dialogues)
        print(json.dumps(_compared(held_out, arguments.shrinkage) | {"shop": arguments.shop.name}))


def validation(source: Path, folder: Path, dialogues: int, *, seed: int = 1) -> HeldOut:
    """The shop as it was before each picked shopper's last purchase but one, which is the goal."""
    old = Shop.open(source)
    products = {product.item_id: product for product in old.catalog.products()}
    histories = defaultdict(list)
    for event in old.events.events():
        histories[event.user_id].append(event)
    goals: dict[str, Goal] = {}
    cut = {}
    for user, events in sorted(histories.items()):
        events.sort(key=lambda event: (event.time, event.event_id or ""))
        good = [event for event in events if is_liking(event)]
        if len(events) > LEAST_EVENTS and len(good) >= 2 and good[-2].item_id in products:
            goals[user], cut[user] = Goal(user, products[good[-2].item_id]), events.index(good[-2])
    picked = random.Random(seed).sample(sorted(goals), min(dialogues, len(goals)))
    hidden = {e.event_id for user in picked for e in histories[user][cut[user] :]}
    unseen = {(user, e.item_id) for user in picked for e in histories[user][cut[user] :]}
    settings = Settings(effort="quick")
    shop = Shop.create(folder, settings)
    shop.catalog.upsert_products(products.values())
    shop.catalog.upsert_reviews(r for r in old.catalog.reviews() if (r.user_id, r.item_id) not in unseen)
    shop.events.append(e for events in histories.values() for e in events if e.event_id not in hidden)
    return HeldOut(ready_shop(folder, settings=settings), tuple(goals[user] for user in picked))


class Watched(System):
    """The assistant with given weights; keeps the signals of the turns whose candidates hold the target."""

    def __init__(self, shop: Shop, weights: RankingWeights) -> None:
        self._assistant = ShoppingAssistant.open(Shop(shop.folder, Settings()), weights=weights)
        self.turns: list[Turn] = []

    def respond(self, text: str, said: Sequence[str], goal: Goal, session_id: str) -> Shown:
        reply = self._assistant.reply(text, user_id=goal.user_id, session_id=session_id)
        if turn := _turn(reply.record.considered, goal.target.item_id):
            self.turns.append(turn)
        answers = tuple(chip for chip in reply.chips if chip.kind == "answer")
        return Shown(tuple(card.item_id for card in reply.cards), answers)


def _turn(candidates: Sequence[Candidate], target: str) -> Turn | None:
    places = [at for at, candidate in enumerate(candidates) if candidate.item_id == target]
    if not places or len(candidates) < 2:
        return None
    names = {name for candidate in candidates for name in candidate.scores}
    signals = {name: np.array([c.scores.get(name, np.nan) for c in candidates]) for name in sorted(names)}
    return signals, places[0]


def _compared(held_out: HeldOut, shrinkage: float) -> dict[str, Any]:
    half = len(held_out.goals) // 2
    first, second = (
        replace(held_out, goals=goals) for goals in (held_out.goals[:half], held_out.goals[half:])
    )
    watched = Watched(held_out.shop, RankingWeights())
    simulate(first, watched)
    fitted = fit_weights(watched.turns, shrinkage=shrinkage)
    _say(f"{len(watched.turns)} turns: {fitted}")
    default = simulate(second, Watched(held_out.shop, RankingWeights()))
    learned = simulate(second, Watched(held_out.shop, fitted))
    return {
        "turns_fitted_on": len(watched.turns),
        "weights": asdict(fitted),
        "default": asdict(score(default)),
        "fitted": asdict(score(learned)),
        "success_gain": _gain(default, learned, lambda o: float(o.turn is not None)),
        "turns_saved": _gain(learned, default, lambda o: float(o.turns)),
    }


def _gain(before: Sequence[Outcome], after: Sequence[Outcome], value: Any) -> list[float]:
    """The mean difference of paired dialogues, and its 95% interval by bootstrap."""
    difference = np.array([value(b) - value(a) for a, b in zip(before, after, strict=True)])
    drawn = np.random.default_rng(0).integers(0, len(difference), (DRAWS, len(difference)))
    low, high = np.quantile(difference[drawn].mean(axis=1), [0.025, 0.975])
    return [round(float(x), 4) for x in (difference.mean(), low, high)]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
