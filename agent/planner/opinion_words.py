"""What buyers say, in words: counts, points and quotes."""

from __future__ import annotations

from collections.abc import Sequence

from agent.explanations.evidence import counted
from agent.tools.buyers import Buyers
from agent.tools.opinion import Opinion, Point
from agent.wording import listed, say

TOLD = 3
_SIDES = {"for": "positive", "against": "negative"}


def buyers_words(said: Buyers) -> str:
    """The answer to what was asked of buyers; that nobody speaks of it where nobody does."""
    reviewed = [opinion for opinion in said.opinions if opinion.review_count]
    if not reviewed:
        names = listed([f"[{opinion.handle}]" for opinion in said.opinions[:TOLD]], "or")
        return say("buyers.unreviewed", names=names)
    if said.wanted == "genuine":
        return " ".join(say("of", handle=o.handle, what=o.signs) for o in reviewed[:TOLD])
    if len(said.opinions) > 1:
        return _several(said, reviewed)
    return _one(said, reviewed[0])


def _one(said: Buyers, opinion: Opinion) -> str:
    handle = f"[{opinion.handle}]"
    if said.wanted == "topic":
        if not opinion.mentioned:
            return say(
                "buyers.not_found",
                reviews=counted(opinion.review_count, "review"),
                handle=handle,
                verdict=_verdict(opinion, tally=False),
            )
        return f"{say('of', handle=opinion.handle, what=opinion.tally)}{_quoted(opinion)}"
    if said.wanted == "against":
        return _side(opinion, opinion.criticised, "against")
    if said.wanted == "for":
        return _side(opinion, opinion.praised, "for")
    return f"{_verdict(opinion)}{_points(opinion)}{_quoted(opinion)}"


def _verdict(opinion: Opinion, *, tally: bool = True) -> str:
    """``tally``: with how many are for and against what was asked."""
    stars = opinion.card.stars
    if stars is None:
        return say("of", handle=opinion.handle, what=opinion.tally)
    mood = "good" if stars >= 4 else "mixed" if stars >= 3 else "bad"
    return say(
        "buyers.verdict" if tally else "buyers.verdict_stars",
        handle=opinion.handle,
        mood=say(f"buyers.mood.{mood}"),
        stars=say("buyers.out_of_five", stars=stars, reviews=counted(opinion.review_count, "review")),
        tally=opinion.tally,
    )


def _points(opinion: Opinion) -> str:
    parts = []
    if opinion.praised:
        parts.append(say("buyers.praise", aspects=listed([p.aspect for p in opinion.praised])))
    if opinion.criticised:
        parts.append(say("buyers.complain", aspects=listed([p.aspect for p in opinion.criticised])))
    said = "; ".join(parts)
    return f" {said[:1].upper()}{said[1:]}." if said else ""


def _side(opinion: Opinion, points: Sequence[Point], side: str) -> str:
    """``side``: ``for`` or ``against``."""
    handle = f"[{opinion.handle}]"
    if points:
        told = listed([say("buyers.its", aspect=point.said) for point in points])
        most = say(f"buyers.most.{side}", handle=handle, told=told)
        texts = [points[0].quote.text, *(q.text for q in opinion.quotes if q.side == _SIDES[side])]
        others = " ".join(say("memory.quoted", told=text) for text in list(dict.fromkeys(texts))[1:3])
        return f"{most} {say('fact.one_wrote', text=texts[0])} {others}".strip()
    quotes = [quote for quote in opinion.quotes if quote.side == _SIDES[side]]
    if quotes:
        return say("buyers.quote", handle=handle, text=quotes[0].text)
    reviews = counted(opinion.review_count, "review")
    return say(f"buyers.none.{side}", reviews=reviews, handle=handle, verdict=_verdict(opinion))


def _quoted(opinion: Opinion) -> str:
    different = {quote.text.lower().strip(" .!"): quote.text for quote in reversed(opinion.quotes)}
    texts = list(different.values())[::-1][:2]
    return "".join(f" {say('memory.quoted', told=text)}" for text in texts)


def _by_stars(reviewed: Sequence[Opinion], *, worst_first: bool) -> str:
    """Whose buyers are happier, by the stars that they give; empty where fewer than two have any."""
    starred = [(o.card.stars, o) for o in reviewed if o.card.stars is not None]
    if len(starred) < 2 or worst_first:
        return ""
    starred.sort(key=lambda pair: -pair[0])

    def told(opinion: Opinion) -> str:
        reviews = counted(opinion.review_count, "review")
        return say("buyers.out_of_five", stars=opinion.card.stars, reviews=reviews)

    best = starred[0][1]
    if starred[0][0] == starred[1][0]:
        return say("buyers.as_happy", stars=told(best)) if len(starred) == 2 else ""
    rest = [f"{told(o)} (" + f"[{o.handle}])" for _, o in starred[1:TOLD]]
    praise = [q for q in best.quotes if q.side == "positive"]
    quote = "".join(f" {say('fact.one_wrote', text=q.text)}" for q in praise[:1])
    return say("buyers.happier", handle=best.handle, stars=told(best), rest=listed(rest)) + quote


def _several(said: Buyers, reviewed: Sequence[Opinion]) -> str:
    if said.wanted in ("for", "against"):
        side = [(o, o.praised if said.wanted == "for" else o.criticised) for o in reviewed]
        told = [
            say("buyers.of_its", handle=o.handle, aspects=listed([p.aspect for p in points]))
            for o, points in side
            if points
        ]
        if not told:
            return say(f"buyers.several_none.{said.wanted}")
        return say(f"buyers.several.{said.wanted}", told="; ".join(told[:TOLD]))
    heard = [o for o in said.heard if o.review_count]
    if said.wanted == "verdict" and (by_stars := _by_stars(reviewed, worst_first=said.worst_first)):
        return by_stars
    if not heard:
        return say("buyers.nobody")
    first, rest = heard[0], heard[1:TOLD]
    lead = say("buyers.least" if said.worst_first else "buyers.first")
    then = say("buyers.then", rest=listed([f"[{o.handle}] ({o.tally})" for o in rest])) if rest else ""
    quote = "".join(f" {say('memory.quoted', told=quote.text)}" for quote in first.quotes[:1])
    return f"{lead} [{first.handle}]: {first.tally}.{then}{quote}"
