"""What the buyers of one product say: counts, quotes, what they praise and complain about."""

from __future__ import annotations

from collections.abc import Sequence

from agent.explanations.evidence import (
    counted,
    quotable,
    review_evidence,
    short_title,
    shorten,
    signal_evidence,
)
from agent.records import Card, Evidence, Frozen
from agent.tools.asked import content
from agent.tools.buyer_questions import asked_about, asked_side, without_name
from agent.tools.context import ToolContext
from agent.tools.results import Quoted, fenced
from agent.wording import say
from retrieval.records import Product
from retrieval.reviews.answers import BuyersAnswer, Counted
from retrieval.reviews.poles import asked_pole
from retrieval.reviews.said_alike import alike, plainly
from retrieval.reviews.summary import SummaryLine

MOST_QUOTES = 3
MOST_POINTS = 3
_QUALITIES = [
    "quiet",
    "loud",
    "fast",
    "slow",
    "light",
    "heavy",
    "small",
    "big",
    "bright",
    "dim",
    "comfortable",
    "uncomfortable",
    "sturdy",
    "flimsy",
    "reliable",
    "warm",
    "cold",
    "soft",
    "waterproof",
    "sharp",
    "blurry",
    "accurate",
    "inaccurate",
]
"""What buyers call a thing: of each pair of opposites those that have a plain word."""


class Point(Frozen):
    """One thing that buyers praise or complain about: ``count`` of the ``of`` who judge it."""

    aspect: str
    count: int
    of: int
    quote: Quoted

    @property
    def said(self) -> str:
        return say("buyers.point", aspect=self.aspect, count=self.count, of=self.of)


class Opinion(Frozen):
    """What the buyers of one product say, of it all or of what was asked."""

    handle: str
    card: Card
    review_count: int = 0
    topic: str = ""
    """What the question is about, where not about the whole product."""
    mentioned: bool = False
    """Whether any review speaks of what was asked."""
    aspect: str = ""
    """What the question was understood as; empty where it is about the whole product."""
    counted: Counted = "whole"
    """What ``positive`` and ``negative`` are of: the whole product, the aspect, or what was asked alone."""
    positive: int = 0
    negative: int = 0
    words: tuple[str, str] = ("", "")
    """What those for and those against call it, where a quality was asked about ("quiet", "loud")."""
    low: float = 0.0
    """Low end of the interval of the share in favour: what products are compared by."""
    quotes: tuple[Quoted, ...] = ()
    praised: tuple[Point, ...] = ()
    criticised: tuple[Point, ...] = ()
    genuine: bool = False
    """Whether it was asked if the reviews are genuine."""
    suspicious: int = 0
    signs: str = ""
    """Why some reviews look suspicious, and count less."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def tally(self) -> str:
        """How many are for and how many against, as one says it."""
        if not self.review_count:
            return say("tally.none")
        if not self.positive and not self.negative:
            if self.counted == "question":
                return say("tally.silent_asked")
            what = say("buyers.its", aspect=self.aspect) if self.counted == "aspect" else say("buyers.it")
            return say("tally.silent", what=what)
        if any(self.words):
            return _by_quality(self)
        overall = self.counted == "whole" and self.topic
        return say(
            "tally.overall" if overall else f"tally.{self.counted}",
            count=max(self.positive, 1),
            buyers=counted(self.positive, "buyer") if self.positive else say("tally.no_buyer"),
            aspect=self.aspect,
            against=self.negative or say("tally.nobody"),
        )

    @property
    def names_topic(self) -> bool:
        """Whether the quotes speak of the topic by its words, or an aspect stands for it."""
        asked = content(plainly(self.topic))
        told = {same for word in asked for same in alike(word)}
        return bool(self.aspect or any(self.words)) or any(told & content(q.text) for q in self.quotes)

    def text(self) -> str:
        lines = [f"[{self.handle}] {fenced(short_title(self.card.title, 60))}: {self.tally}"]
        if self.quotes and self.topic and not self.names_topic:
            lines[0] = f"{lines[0]} (no quote names {fenced(self.topic, 60)})"
        if self.card.stars is not None:
            lines[0] += f"; {self.card.stars} of 5 stars from {counted(self.review_count, 'review')}"
        for name, points in (("praised", self.praised), ("criticised", self.criticised)):
            if points:
                lines.append(f"{name}: {', '.join(point.said for point in points)}")
        lines.extend(f"a buyer: “{fenced(quote.text, 160)}”" for quote in self.quotes)
        if self.signs and (self.suspicious or self.genuine):
            lines.append(self.signs)
        return "\n".join(lines)


def opinion_of(context: ToolContext, found: Product, question: str) -> Opinion:
    """What the buyers of one product say to a question. 1 to 10 ms."""
    reviews, item_id = context.desk.shop.reviews, found.item_id
    handle = context.shelf.handle(item_id)
    card = context.desk.card(found).model_copy(update={"handle": handle})
    signals = reviews.signals(item_id)
    if not signals.review_count:
        return Opinion(handle=handle, card=card)
    wanted, topic = asked_about(without_name(question, found, reviews.aspects(found.category)))
    answer = reviews.what_buyers_say(item_id, topic)
    pros: tuple[Point, ...] = ()
    cons: tuple[Point, ...] = ()
    if not topic:
        summary = reviews.summary(item_id)
        pros, cons = _points(item_id, summary.pros), _points(item_id, summary.cons)
    quotes = _quotes(answer, asked_side(question))
    opinion = Opinion(
        handle=handle,
        card=card,
        review_count=signals.review_count,
        mentioned=answer.mentioned,
        topic=topic,
        genuine=wanted == "genuine",
        aspect=answer.aspect or "",
        counted=answer.counted,
        positive=answer.positive,
        negative=answer.negative,
        words=_quality(answer),
        low=answer.low,
        quotes=quotes,
        praised=pros,
        criticised=cons,
        suspicious=signals.suspicious,
        signs=_signs(signals.suspicious, signals.review_count, signals.suspicious_reasons),
    )
    tally = signal_evidence(item_id, f"buyers {topic}".strip(), opinion.tally, float(answer.positive))
    told = [point.quote.evidence for point in (*pros, *cons)]
    counts = [signal_evidence(item_id, f"{p.quote.side} {p.aspect}", p.said, p.count) for p in (*pros, *cons)]
    return opinion.model_copy(update={"evidence": (tally, *(q.evidence for q in quotes), *told, *counts)})


def _quotes(answer: BuyersAnswer, side: str) -> tuple[Quoted, ...]:
    """Only those of the side that is asked for, and neutral ones; what is not fit to show is left out."""
    other = {"negative": "positive", "positive": "negative"}.get(side)
    fit = [quote for quote in answer.quotes if quotable(quote.text) and quote.polarity != other]
    fit.sort(key=lambda quote: bool(side) and quote.polarity != side)
    return tuple(_quoted(answer.item_id, q.review_id, q.text, q.polarity, q.stars) for q in fit[:MOST_QUOTES])


def _points(item_id: str, lines: Sequence[SummaryLine]) -> tuple[Point, ...]:
    fit = [line for line in lines if quotable(line.quote.text) and line.quote.polarity == line.polarity]
    return tuple(
        Point(
            aspect=line.aspect,
            count=line.count,
            of=line.of,
            quote=_quoted(item_id, line.quote.review_id, line.quote.text, line.polarity, line.quote.stars),
        )
        for line in fit[:MOST_POINTS]
    )


def _quoted(item_id: str, review_id: str, text: str, side: str, stars: float | None) -> Quoted:
    evidence = review_evidence(item_id, review_id, text)
    return Quoted(text=shorten(text), source=f"review {review_id}", evidence=evidence, side=side, stars=stars)


def _quality(answer: BuyersAnswer) -> tuple[str, str]:
    """The plain words for a quality and its opposite, where buyers were counted by the side they take on
    it.
    """
    pole = asked_pole(answer.question) if answer.by_side else None
    if pole is None:
        return "", ""
    wanted = next((word for word in _QUALITIES if word in pole.wanted), "")
    unwanted = next((word for word in _QUALITIES if word in pole.unwanted), "")
    return wanted or f"not {unwanted}", unwanted or f"not {wanted}"


def _by_quality(opinion: Opinion) -> str:
    """ "2 buyers call it quiet, none loud": the side with more buyers first."""
    sides = [(opinion.positive, opinion.words[0]), (opinion.negative, opinion.words[1])]
    (many, first), (few, second) = sorted(sides, key=lambda side: -side[0])
    return say(
        "tally.quality",
        count=many,
        buyers=counted(many, "buyer"),
        first=first,
        few=few or say("tally.nobody"),
        second=second,
    )


def _signs(suspicious: int, of: int, reasons: dict[str, int]) -> str:
    """Whether the reviews look genuine, and by which signs they do not."""
    if not suspicious:
        return say("signs.none", count=of)
    signs = ", ".join(say(f"signs.{reason}", count=count) for reason, count in sorted(reasons.items()))
    return say("signs.some", count=suspicious, reviews=counted(of, "review"), signs=signs)
