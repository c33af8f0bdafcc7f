"""What one product has that another lacks: "what do I get for the extra 30 on the Pro over the plain one?"."""

from __future__ import annotations

import re

from agent.explanations.evidence import shorten
from agent.planner.comparison_words import comparison_words
from agent.planner.turn import Planned
from agent.tools.asked import content
from agent.tools.compared import Compared
from agent.tools.passages import sentences
from agent.tools.product import ProductAnswer
from agent.understanding.product_words import content_stems, words_of
from agent.understanding.references import References
from agent.wording import say
from retrieval.records import Product

_ONE = r"(?:the|that|this|your)\s+(?P<{}>(?:[\w'.-]+\s+){{0,5}}?[\w'.-]+)"
_HAS = r"(?:do|does|has|have|got|get|gets|offers?|gives?|adds?|brings?|includes?)"
_LACKS = r"(?:can(?:'?t|not)|do(?:es)?(?:n'?t| not)|has(?:n'?t| not| no)|haven'?t|won'?t|lacks)"
_ASKED = (
    re.compile(
        rf"\bwhat\b[^?.!]*?\b{_ONE.format('one')}\s+{_HAS}\b[^?.!]*?\b(?:that|which)\s+{_ONE.format('other')}\s+{_LACKS}\b",
        re.I,
    ),
    re.compile(
        rf"\bwhat\b[^?.!]*?\b(?:get|gets?|buys?|paying|pay|extra)\b[^?.!]*\b(?:on|for|with|from|in)\s+{_ONE.format('one')}"
        rf"\s+(?:over|compared (?:to|with)|instead of|rather than|against|versus|vs\.?)\s+{_ONE.format('other')}\W*$",
        re.I,
    ),
)
_PLAIN = re.compile(
    r"\b(?:normal|ordinary|regular|standard|plain|basic|usual|simple|base|cheaper|other)\b\s*", re.I
)
"""What the lesser of two is called, whatever its title."""
MOST_TOLD, LONGEST = 2, 240


def advantages(turn: Planned) -> str:
    """What the shop writes of the first of two products and not of the other; empty where that is not asked."""
    asked = next((match for pattern in _ASKED if (match := pattern.search(turn.question))), None)
    if asked is None:
        return ""
    one = _meant(turn, asked["one"])
    other = _meant(turn, _PLAIN.sub("", asked["other"]), besides=one)
    if one is None or other is None:
        return ""
    handles = turn.handles([one.item_id, other.item_id])
    whole: ProductAnswer = turn.call("product", handle=handles[0], question="")
    theirs = content(f"{other.title} {other.description}")
    own = [p for p in whole.passages if p.source != "title" and p.text in sentences(one.description)]
    own.sort(key=lambda passage: -len(content(passage.text) - theirs))
    found: Compared = turn.call("compare", handles=handles, question="")
    turn.call("show", handles=handles)
    told = [
        say("of.shop_writes", what=f"[{handles[0]}]", text=shorten(p.text, LONGEST)) for p in own[:MOST_TOLD]
    ]
    return " ".join([*told, comparison_words(found, turn)])


def _meant(turn: Planned, phrase: str, besides: Product | None = None) -> Product | None:
    """The product that a phrase describes, ``besides`` another: of those shown, else by its name."""
    words, desk = content_stems(phrase), turn.context.desk
    references = References(desk, turn.state)
    shown = [p for p in desk.products(references.names.known) if words and set(words) <= words_of(p)]
    named = references.resolve(f"the {phrase}").item_ids if not shown else ()
    found = [p for p in (*shown, *desk.products(named)) if besides is None or p.item_id != besides.item_id]
    return min(found, key=lambda p: len(p.title), default=None)
