"""The shoppers of the demo shop: latent tastes, and a year of sessions that follow them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from assortment import Item
from voices import Opinion, Voices

YEAR_END = datetime(2026, 10, 31, tzinfo=UTC)
_GOES_WITH = {
    "tent": ("sleeping bag", "headlamp", "camping stove"),
    "sleeping bag": ("tent", "headlamp"),
    "hiking backpack": ("rain jacket", "insulated bottle", "wool socks"),
    "camping stove": ("insulated bottle", "headlamp"),
    "city bike": ("bike lock", "bike helmet", "bike light", "floor pump"),
    "bike helmet": ("bike light", "bike lock"),
    "pannier bag": ("rain jacket", "bike light"),
    "bike lock": ("bike light",),
    "electric kettle": ("insulated bottle", "food containers"),
    "coffee grinder": ("electric kettle", "insulated bottle"),
    "chef's knife": ("frying pan", "food containers"),
    "frying pan": ("chef's knife",),
    "blender": ("insulated bottle", "food containers"),
    "turntable": ("bluetooth speaker", "wireless headphones"),
    "USB microphone": ("wireless headphones", "desk lamp"),
    "earbuds": ("running shoes",),
    "running shoes": ("wool socks", "earbuds", "sunscreen"),
    "office chair": ("desk lamp", "wireless headphones"),
    "duvet": ("throw blanket",),
    "vacuum cleaner": ("air purifier",),
    "balance bike": ("bike helmet",),
    "building set": ("jigsaw puzzle", "plush animal"),
    "board game": ("jigsaw puzzle",),
    "science kit": ("building set",),
    "face cream": ("sunscreen", "soap bar"),
    "shampoo": ("hair dryer", "soap bar"),
    "merino sweater": ("wool socks", "jeans"),
    "jeans": ("linen shirt", "merino sweater"),
    "rain jacket": ("hiking backpack", "wool socks"),
}


@dataclass(frozen=True)
class Event:
    user_id: str
    item_id: str
    kind: str
    time: datetime
    session_id: str
    stars: int | None = None


@dataclass(frozen=True)
class Bought:
    """A rating with the opinion behind it: what a shopper's review is written from."""

    event: Event
    opinion: Opinion


@dataclass
class Shopper:
    """Latent tastes, and what happened so far."""

    user_id: str
    kinds: dict[str, float]
    thrift: float
    brands: dict[str, float]
    color: str
    bias: float
    activity: float
    owned: set[str] = field(default_factory=set)
    wanted: list[str] = field(default_factory=list)
    """Kinds that go with what was bought."""


class Crowd:
    """Simulates the shoppers; all randomness comes from the generator given."""

    def __init__(self, random_: random.Random, items: list[Item], voices: Voices, count: int) -> None:
        self._random = random_
        self._voices = voices
        self._shelves: dict[str, list[Item]] = {}
        for item in items:
            self._shelves.setdefault(item.kind, []).append(item)
        self._usual = {
            kind: math.exp(sum(math.log(i.price) for i in shelf) / len(shelf))
            for kind, shelf in self._shelves.items()
        }
        self.shoppers = [self._shopper(number) for number in range(count)]

    def year(self, events: int) -> tuple[list[Event], list[Bought]]:
        """About a year of events in time order, exactly ``events`` of them, and opinions behind ratings."""
        log: list[Event] = []
        ratings: list[Bought] = []
        weights = [shopper.activity for shopper in self.shoppers]
        further = max(0, events // 4 - len(self.shoppers))
        visits = [*self.shoppers, *self._random.choices(self.shoppers, weights, k=further)]
        while len(log) < events:  # everybody comes at least once
            self._random.shuffle(visits)
            times = sorted(self._moment() for _ in visits)
            for start, shopper in zip(times, visits, strict=True):
                self._session(shopper, start, f"s{len(log) + 1}", log, ratings)
            visits = self._random.choices(self.shoppers, weights, k=max(1, events // 20))
        surplus = len(log) - events
        first = {event.user_id: place for place, event in reversed(list(enumerate(log)))}
        views = [p for p, event in enumerate(log) if event.kind == "view" and p != first[event.user_id]]
        dropped = set(self._random.sample(views, surplus))
        kept = [event for place, event in enumerate(log) if place not in dropped]
        return sorted(kept, key=lambda e: (e.time, e.user_id, e.item_id, e.kind)), ratings

    def _shopper(self, number: int) -> Shopper:
        random_ = self._random
        departments = dict.fromkeys(shelf[0].department for shelf in self._shelves.values())
        love = {name: random_.gammavariate(0.35, 1.0) + 0.01 for name in departments}
        kinds = {
            kind: love[shelf[0].department] * math.exp(random_.gauss(0, 0.8))
            for kind, shelf in self._shelves.items()
        }
        brands = {item.brand: random_.gauss(0, 0.7) for shelf in self._shelves.values() for item in shelf}
        return Shopper(
            user_id=f"shopper-{number + 1:03d}",
            kinds=kinds,
            thrift=random_.gauss(0.5, 1.2),
            brands=brands,
            color=random_.choice(("black", "white", "green", "blue", "red", "grey")),
            bias=random_.gauss(0, 0.5),
            activity=random_.lognormvariate(0, 0.7),
        )

    def _moment(self) -> datetime:
        day = YEAR_END - timedelta(days=self._random.randrange(365))
        hour = self._random.choices(range(7, 24), (1, 2, 2, 2, 3, 4, 3, 2, 2, 3, 3, 5, 6, 7, 7, 5, 2))[0]
        return day.replace(hour=hour, minute=self._random.randrange(60), second=self._random.randrange(60))

    def _session(
        self, shopper: Shopper, time: datetime, session: str, log: list[Event], ratings: list[Bought]
    ) -> None:
        kind = self._intent(shopper)
        seen = self._ranked(shopper, kind, noise=1.0)[: self._random.choice((2, 3, 3, 4, 5))]
        for item in seen:
            time += timedelta(seconds=self._random.randrange(15, 180))
            log.append(Event(shopper.user_id, item.item_id, "view", time, session))
            self._react(shopper, item, time, session, log)
        if not seen:
            return
        best = max(seen, key=lambda item: self._utility(shopper, item))
        while best is not None and self._buys(shopper, best, time, session, log, ratings):
            wanted = [k for k in _GOES_WITH.get(best.kind, ()) if self._random.random() < 0.5]
            shopper.wanted = [*wanted, *shopper.wanted][:4]
            choice = self._ranked(shopper, wanted[0], noise=0.5)[:1] if wanted else []
            if not choice or self._random.random() > 0.6:
                return
            best = choice[0]
            time += timedelta(seconds=self._random.randrange(30, 240))
            log.append(Event(shopper.user_id, best.item_id, "view", time, session))

    def _intent(self, shopper: Shopper) -> str:
        if shopper.wanted and self._random.random() < 0.45:
            return shopper.wanted.pop(0)
        return self._random.choices(list(shopper.kinds), list(shopper.kinds.values()))[0]

    def _ranked(self, shopper: Shopper, kind: str, noise: float) -> list[Item]:
        """What the shopper would look at first, without what they own."""
        pool = [item for item in self._shelves.get(kind, ()) if item.item_id not in shopper.owned]
        scored = {i.item_id: self._utility(shopper, i) + noise * self._random.gauss(0, 1) for i in pool}
        return sorted(pool, key=lambda item: -scored[item.item_id])

    def _utility(self, shopper: Shopper, item: Item) -> float:
        overall = sum(item.quality.values()) / len(item.quality)
        dearness = math.log(item.price / self._usual[item.kind])
        color = 0.5 * (shopper.color in str(item.attributes.get("color", "")))
        return (
            0.7 * overall + 0.8 * item.appeal + shopper.brands[item.brand] - shopper.thrift * dearness + color
        )

    def _react(self, shopper: Shopper, item: Item, time: datetime, session: str, log: list[Event]) -> None:
        utility = self._utility(shopper, item)
        drawn = self._random.random()
        if drawn < 0.04 + 0.10 * (utility > 0.8):
            log.append(Event(shopper.user_id, item.item_id, "like", time + timedelta(seconds=8), session))
        elif drawn > 0.99 - 0.10 * (utility < -1.0):
            log.append(Event(shopper.user_id, item.item_id, "dislike", time + timedelta(seconds=8), session))

    def _buys(
        self,
        shopper: Shopper,
        item: Item,
        time: datetime,
        session: str,
        log: list[Event],
        ratings: list[Bought],
    ) -> bool:
        keen = 1 / (1 + math.exp(-0.8 * self._utility(shopper, item)))
        if self._random.random() > 0.35 + 0.5 * keen:
            return False
        log.append(Event(shopper.user_id, item.item_id, "cart", time + timedelta(seconds=12), session))
        if self._random.random() > 0.65:
            return False
        bought = time + timedelta(seconds=self._random.randrange(60, 400))
        log.append(Event(shopper.user_id, item.item_id, "purchase", bought, session))
        shopper.owned.add(item.item_id)
        if self._random.random() < 0.6:
            rated = min(YEAR_END + timedelta(days=1), bought + timedelta(days=self._random.randrange(3, 25)))
            opinion = self._voices.opinion(item, shopper.bias)
            event = Event(shopper.user_id, item.item_id, "rating", rated, "", opinion.stars)
            log.append(event)
            ratings.append(Bought(event, opinion))
        return True
