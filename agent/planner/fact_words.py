"""What one product says, in words."""

from __future__ import annotations

from agent.explanations.evidence import shorten
from agent.planner.turn import Planned
from agent.tools.facts import COMMON
from agent.tools.product import LONGEST_TEXT, ProductAnswer
from agent.tools.results import Fact
from agent.understanding.language.clauses import questions_in
from agent.wording import listed, named, say

LONGEST, LONGEST_ASKED = 240, 60


def answer_words(answer: ProductAnswer, turn: Planned, question: str = "") -> str:
    """The facts that answer, else the shop's sentences, else its buyers, else that it is not known; ``question``: the
    one of several that is answered.
    """
    if not answer.known:
        unknown = unknown_words(turn, f"[{answer.handle}]", answer.sensitive, answer.untold, question)
        return f"{unknown} {_nearest(answer)}".strip()
    said = fact_words(answer)
    if answer.buyers is not None and answer.passages and not answer.facts:
        said = f"{said} {_by_buyers(answer)}".strip()
    return f"{said} {say('fact.careful')}" if answer.sensitive else said


def fact_words(answer: ProductAnswer) -> str:
    """The facts and sentences of one answer, without what buyers say."""
    handle = f"[{answer.handle}]"
    if answer.lead:
        return answer.lead
    plain = [fact for fact in answer.facts if _is_plain(fact)]
    parts = [_fact(fact, handle) for fact in answer.facts if fact not in plain or len(plain) < 2]
    if len(plain) > 1:
        told = listed([f"{fact.label} {fact.value}" for fact in plain])
        parts.append(say("fact.gives_several", handle=handle, told=told))
    for passage in answer.passages[: 1 if parts else 2]:
        if passage.source == "title":
            parts.append(say("fact.sold_as", text=passage.text))
        else:
            longest = LONGEST if passage.source == "description" else LONGEST_TEXT
            parts.append(say("of.shop_writes", what=handle, text=shorten(passage.text, longest)))
    if not parts and answer.buyers is not None:
        return _by_buyers(answer)
    return " ".join(parts)


TOLD = 4
"""Facts of a product that is told of as a whole."""


def overview_words(answer: ProductAnswer) -> str:
    """What a product is, in the shop's first sentence and some of its facts."""
    handle = f"[{answer.handle}]"
    facts = [f"{fact.label} {fact.value}" for fact in answer.facts[:TOLD]]
    said = say("fact.overview", facts=listed(facts)) if facts else ""
    written = [p.text for p in answer.passages if p.source != "title"][:1]
    quoted = [say("of.shop_writes", what=handle, text=shorten(text, LONGEST)) for text in written]
    return " ".join([*quoted, said]).strip() or fact_words(answer)


def unknown_words(turn: Planned, what: str, sensitive: bool, untold: str = "", question: str = "") -> str:
    """That the shop does not say it, or that Aisle was not given it: honest, with what can be done."""
    if untold:
        return say("fact.untold", what=what, untold=untold)
    asked = (question or questions_in(turn.question)[-1]).strip(" ?.!")
    if len(asked) <= LONGEST_ASKED and not sensitive:
        return turn.say("fact.unknown_asked", what=what, asked=asked)
    return turn.say("fact.unknown_sensitive" if sensitive else "fact.unknown", what=what)


def _nearest(answer: ProductAnswer) -> str:
    """What comes nearest to a question that nothing answers; nothing where a wrong guess may hurt."""
    if answer.sensitive or answer.untold:
        return ""
    near = [f"“{shorten(passage.text, LONGEST)}”" for passage in answer.near if passage.source != "title"]
    if near:
        return say("fact.nearest", text=" ".join(near))
    return say("fact.nearest", text=answer.near_fact.text) if answer.near_fact else ""


def _fact(fact: Fact, handle: str) -> str:
    if fact.passage:
        text = shorten(fact.passage, LONGEST)
        return say("fact.read", handle=handle, text=text, label=fact.label, value=fact.value)
    if fact.flag is not None:
        return say("fact.yes" if fact.flag else "fact.no", handle=handle, label=fact.label)
    if fact.holds is not None:
        told = "has" if fact.holds else "not_chosen" if fact.chosen else "gives_other"
        return say(f"fact.{told}", handle=handle, label=fact.label, wanted=fact.wanted, value=fact.value)
    match fact.name:
        case "title":
            return say("fact.called", value=fact.value)
        case "price":
            return say(
                "fact.costs" if fact.number is not None else "fact.no_price", handle=handle, value=fact.value
            )
        case "brand":
            return say("fact.made_by", handle=handle, value=fact.value)
        case "stock":
            return say("fact.plain", handle=handle, value=fact.value)
        case "stars":
            return say("fact.stars", handle=handle, value=fact.value)
        case "category":
            return say("fact.plain", handle=handle, value=named(fact.value))
    if "," in fact.value:
        return say("fact.comes_in", handle=handle, label=fact.label, value=fact.value)
    return say("fact.gives", handle=handle, label=fact.label, value=fact.value)


def _is_plain(fact: Fact) -> bool:
    """Whether a fact is told as its name and value."""
    return not (
        fact.passage
        or fact.flag is not None
        or fact.holds is not None
        or fact.name in COMMON
        or "," in fact.value
    )


def _by_buyers(answer: ProductAnswer) -> str:
    opinion = answer.buyers
    assert opinion is not None
    said = say("fact.buyers_tell", handle=answer.handle, tally=opinion.tally)
    if opinion.quotes:
        said += f" {say('fact.one_wrote', text=opinion.quotes[0].text)}"
    return said
