"""What buyers say, in words: counts, points and quotes."""

from __future__ import annotations

from collections.abc import Sequence

from agent.explanations.evidence import counted
from agent.planner.turn import Planned, joined
from agent.tools.buyers import Buyers, Opinion, Point

TOLD = 3


def buyers_words(said: Buyers, turn: Planned) -> str:
    """The answer to what was asked of buyers; that nobody speaks of it where nobody does."""
    reviewed = [opinion for opinion in said.opinions if opinion.review_count]
    if not reviewed:
        names = joined([f"[{opinion.handle}]" for opinion in said.opinions[:TOLD]], "or")
        return f"Nobody has reviewed {names} here yet, so I can't say what buyers think."
    if said.wanted == "genuine":
        return " ".join(f"Of [{o.handle}], {o.signs}." for o in reviewed[:TOLD])
    if len(said.opinions) > 1:
        return _several(said, reviewed)
    return _one(said, reviewed[0])


def _one(said: Buyers, opinion: Opinion) -> str:
    handle = f"[{opinion.handle}]"
    if said.wanted == "topic":
        if not opinion.mentioned:
            read = counted(opinion.review_count, "review")
            return f"I found nothing about that in the {read} of {handle}. {_verdict(opinion)}"
        return f"Of {handle}, {opinion.tally}.{_quoted(opinion)}"
    if said.wanted == "against":
        return _side(opinion, opinion.criticised, "negative", "complain about", "complaint")
    if said.wanted == "for":
        return _side(opinion, opinion.praised, "positive", "praise", "praise")
    return f"{_verdict(opinion)}{_points(opinion)}{_quoted(opinion)}"


def _verdict(opinion: Opinion) -> str:
    stars = f"{opinion.card.stars} of 5 stars from {counted(opinion.review_count, 'review')}"
    if opinion.card.stars is None:
        return f"Of [{opinion.handle}], {opinion.tally}."
    mood = (
        "mostly happy"
        if opinion.card.stars >= 4
        else "mixed"
        if opinion.card.stars >= 3
        else "mostly unhappy"
    )
    return f"Buyers of [{opinion.handle}] are {mood}: {stars}; {opinion.tally}."


def _points(opinion: Opinion) -> str:
    parts = []
    if opinion.praised:
        parts.append(f"they praise its {joined([p.aspect for p in opinion.praised])}")
    if opinion.criticised:
        parts.append(f"some complain about its {joined([p.aspect for p in opinion.criticised])}")
    said = "; ".join(parts)
    return f" {said[:1].upper()}{said[1:]}." if said else ""


def _side(opinion: Opinion, points: Sequence[Point], side: str, verb: str, noun: str) -> str:
    handle = f"[{opinion.handle}]"
    if points:
        told = joined([f"its {point.said}" for point in points])
        return f"What buyers of {handle} {verb} most: {told}. One wrote: “{points[0].quote.text}”"
    quotes = [quote for quote in opinion.quotes if quote.side == side]
    if quotes:
        return f"No one thing stands out, but a buyer of {handle} wrote: “{quotes[0].text}”"
    return (
        f"I found no {noun} in the {counted(opinion.review_count, 'review')} of {handle}. {_verdict(opinion)}"
    )


def _quoted(opinion: Opinion) -> str:
    return "".join(f" “{quote.text}”" for quote in opinion.quotes[:2])


def _several(said: Buyers, reviewed: Sequence[Opinion]) -> str:
    if said.wanted in ("for", "against"):
        side = [(o, o.praised if said.wanted == "for" else o.criticised) for o in reviewed]
        verb = "praise" if said.wanted == "for" else "complain about"
        told = [f"of [{o.handle}] its {joined([p.aspect for p in points])}" for o, points in side if points]
        return (
            f"Buyers {verb} {'; '.join(told[:TOLD])}."
            if told
            else f"I found nothing that buyers of these {verb}."
        )
    heard = [o for o in said.heard if o.review_count]
    if not heard:
        return "No buyer of these speaks of that in the reviews."
    first, rest = heard[0], heard[1:TOLD]
    lead = "Buyers like it least in" if said.worst_first else "By what buyers write, first comes"
    then = f" Then {joined([f'[{o.handle}] ({o.tally})' for o in rest])}." if rest else ""
    quote = "".join(f" “{quote.text}”" for quote in first.quotes[:1])
    return f"{lead} [{first.handle}]: {first.tally}.{then}{quote}"
