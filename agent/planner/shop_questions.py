"""Questions to the shop itself, and general ones: its pages, what it sells, and what its texts explain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import KIND, Where
from agent.explanations.evidence import shorten
from agent.knowledge.glossary import glossary
from agent.planner.asking import asked_of, said_of_shown
from agent.planner.fact_words import answer_words
from agent.planner.page_words import quoted, unsaid
from agent.planner.turn import Planned, look_up
from agent.tools.advice import GENERAL, Advice
from agent.tools.asked import content
from agent.tools.browse import Browsed
from agent.tools.pages import Pages, as_read
from agent.tools.results import Found, Quoted
from agent.understanding.language.follow_up_cues import IN_STOCK
from agent.understanding.language.text import stems
from agent.understanding.named_products import NamedProducts
from agent.wording import FALLBACK, named, say, spoken_language

FEW_DEPARTMENTS, MOST_NAMED = 4, 8
_SELLS = re.compile(
    r"\b(?:what|which|wot)\b[^?.!]*\b(?:sell|stock|carry|offer|things|kinds?|sorts?|stuff|products|departments|brands)\b"
    r"|\bwhat (?:do|have) you (?:got|have)\b|\bwhat (?:is|'s) (?:this|your) (?:shop|store)\b",
    re.IGNORECASE,
)
_SELLS_AT_ALL = re.compile(
    r"\W*(?:(?:so|ok|okay|well|then|and|but|right)\W+)*(?:what|wot) (?:(?:sort|kind)s? of (?:stuff|things?|products) )?"
    r"(?:do|does|is it|are) (?:you|u|ya|this shop|they)(?: guys| lot)?(?: actually| even| really)?"
    r" (?:sell|have|stock|do|got)"
    r"(?: here| then| in (?:this|the|your) (?:shop|store))?\W*",
    re.I,
)
"""Asks what there is at all, and names nothing."""
_HAS = re.compile(
    r"\b(?:do|have|did|can) (?:you|u|ya)(?: guys)? (?:also )?(?:sell|stock|have|carry|do|got|get)\b"
    r"|\b(?:any|got)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\bhow many (?:different )?(?P<thing>[^?.!,]{2,60}?) (?:(?:do|have|can) (?:you|u|ya)(?: \w+)?"
    r"(?: (?:sell|stock|have|carry|offer|got))?|(?:does|has) (?:the|this|your) (?:shop|store) (?:sell|stock|have|"
    r"carry|offer|got)|are (?:there|available))(?: here| in total| altogether| right now)?\W*$",
    re.IGNORECASE,
)
"""A question for a number, with nothing said after it that would be a condition."""
_WHOLE = re.compile(r"(?:products|items|things|articles)", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"^\W*(?:and|or|but|so|then|k|ok|okay|n|what about|how about|what if|also)\b"
    r"|\b(?:it|that|this|those|them|one)\b",
    re.IGNORECASE,
)
""" "And the postage for that": what it is about was said before."""
KNOWN = 0.5
SURELY, MAY = 0.95, 0.6
"""A passage answers surely from the one on, and another is told beside one that does not from the other on."""
LEANS = 2
"""Utterances before that a question may lean on."""


def ask_shop(turn: Planned) -> str:
    """What the shop's pages say; of a product shown, what the shop says of that product first."""
    meant = turn.meant
    if _SELLS.search(meant.text) and not meant.pointed.item_ids:
        return what_it_sells(turn)
    own = "" if "ask_product" in meant.moves else _of_product(turn)  # it is told already
    found = pages_for(turn)
    if found.passages and (not own or found.passages[0].score >= KNOWN):
        said = say("advice.and").join(map(quoted, _worth_quoting(found.passages)))
        return f"{own} {said}" if own else turn.say("pages.says", said=said)
    if own:
        return own
    if (meant.kinds or meant.thing) and _HAS.search(meant.text):
        return _has_it(turn)
    if _EXPLAIN.search(turn.question) and (general := in_general(turn)):
        return general
    if not found.about and (own := said_of_shown(turn, nearly=True)):
        return own  # "does it leave marks": shops are not asked that
    on = found.about if spoken_language() == FALLBACK else ""  # topics are called in English
    return unsaid(turn.question, found.topics, on)


def sold_here(turn: Planned) -> str:
    """What this shop sells or how many of a kind, where that is all that is asked; else empty."""
    return what_it_sells(turn) if _SELLS_AT_ALL.fullmatch(turn.question) else _counted(turn)


def _worth_quoting(passages: Sequence[Quoted]) -> Sequence[Quoted]:
    """The best passage; where it does not surely answer, the next as well, if that may."""
    unsure = len(passages) > 1 and passages[0].score < SURELY and passages[1].score >= MAY
    return passages[: 2 if unsure else 1]


def _of_product(turn: Planned) -> str:
    """What a product that is pointed at states itself, where it surely does."""
    pointed = turn.meant.pointed.item_ids
    if not pointed and IN_STOCK.search(turn.question):  # "is the Marlin available right now?"
        pointed = NamedProducts(turn.context.desk, turn.state).named(turn.meant.asked).item_ids
    if len(pointed) != 1:
        return ""
    (handle,) = turn.handles(pointed)
    turn.call("show", handles=[handle], aside=True)
    answer = asked_of(turn, handle)
    return answer_words(answer, turn) if answer.sure else ""


_SOURCE = re.compile(r"\([^()]+\.[a-z]\w*(?: § [^()]+)?\)")
"""Where a passage stands, after it."""


def follows_pages(turn: Planned) -> bool:
    """Whether the turn before was answered from the shop's pages."""
    return bool(turn.state.exchanges) and _SOURCE.search(turn.state.exchanges[-1].answered) is not None


_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def _asking_part(text: str) -> str:
    """The sentence of a story that asks: what stands before it only dilutes it."""
    parts = [part for part in _SENTENCES.split(text.strip()) if part.strip()]
    asking = [part for part in parts if part.rstrip().endswith("?")]
    return asking[-1] if len(parts) > 1 and len(asking) == 1 and len(content(asking[0])) > 1 else text


def pages_for(turn: Planned) -> Pages:
    """Passages that answer; where the question alone finds none, it is read with those before it."""
    asked_of_it = _asking_part(turn.question)
    follows = bool(_FOLLOWS.search(asked_of_it))
    kind = _kind(turn) if follows and not follows_pages(turn) else ""
    alone: Pages = turn.call("pages", question=asked_of_it, kind=kind)
    if not alone.passages and asked_of_it != turn.question:
        alone = turn.call("pages", question=turn.question, kind=kind)
    if alone.passages or not follows:
        return alone
    passages: list[Quoted] = []
    before = ""
    for exchange in reversed(turn.state.exchanges[-LEANS:]):
        before = f"{exchange.said.rstrip(' ?.!')}, {before}"
        joint: Pages = turn.call("pages", question=f"{before}{turn.question}")
        passages += joint.passages
    asked = content(turn.question)
    passages.sort(key=lambda passage: (not asked & content(passage.text), -passage.score))
    return alone.model_copy(update={"passages": tuple(passages)})


def _kind(turn: Planned) -> str:
    """The kind of product that a question is about: the one it names, else that of what is talked about."""
    if turn.meant.thing:
        return turn.meant.thing
    item = next(iter(turn.meant.pointed.item_ids), turn.state.focus or next(iter(turn.state.listed), None))
    product = turn.context.desk.shop.catalog.product(item) if item else None
    return product.category[-1].lower() if product is not None and product.category else ""


def _has_it(turn: Planned) -> str:
    """ "Do you sell X": what there is of it, shown; nothing where the turn looks for it anyway."""
    if {"seek", "refine"} & set(turn.meant.moves):
        return ""
    found = look_up(turn, 5)
    thing = turn.meant.thing or say("find.that")
    if not found.rows or not turn.meant.kinds:
        return say("pages.not_seen", thing=thing)
    turn.call("show", handles=[row.card.handle for row in found.rows])
    return say("pages.has", count=found.total, handle=found.rows[0].card.handle)


def _counted(turn: Planned) -> str:
    """The number that is asked for, where it is one of products; else empty."""
    asked = _COUNTS.search(turn.meant.text) if not turn.meant.pointed.item_ids else None
    if asked is None:
        return ""
    return what_it_sells(turn) if _WHOLE.fullmatch(asked["thing"]) else _how_many(turn, asked["thing"])


def _how_many(turn: Planned, thing: str) -> str:
    """ "How many X do you sell": the number of them, where X is a kind of this shop with no other word to it."""
    asked = set(stems(thing))
    paths = turn.context.desk.shop.search.table.paths
    if not any(asked <= set(stems(level)) for path in paths for level in path):
        return ""
    found: Found = turn.call("find", query=thing, where=[Where(field=KIND, value=thing)], limit=5)
    if not found.rows or found.loosened:
        return ""
    handles = [row.card.handle for row in found.rows]
    turn.call("show", handles=handles)
    return say("pages.count", count=found.total, handle=handles[0])


def what_it_sells(turn: Planned) -> str:
    """The departments or kinds of this shop, the largest first."""
    found: Browsed = turn.call(
        "browse", within="brand" if re.search(r"\bbrands?\b", turn.question, re.I) else turn.meant.thing
    )
    if found.problem or not found.entries:
        found = turn.call("browse")
    entries = found.entries
    if found.field == KIND and len(entries) < FEW_DEPARTMENTS:  # "women, men" tells nothing
        inner: list[Browsed] = [turn.call("browse", within=entry.name) for entry in entries]
        entries = tuple(
            sorted((entry for one in inner for entry in one.entries), key=lambda entry: -entry.count)
        )
    names = list(dict.fromkeys(named(e.name) if found.field == KIND else e.name for e in entries))[
        :MOST_NAMED
    ]
    if not names:
        return say("pages.tell_me")
    more = say("pages.and_more") if len(entries) > len(names) == MOST_NAMED else ""
    where = say("pages.in", what=found.within) if found.within else say("pages.here")
    return say("pages.sells", count=found.total, where=where, names=", ".join(names), more=more)


_EXPLAIN = re.compile(
    r"\b(?:what(?:'?s| is| are| does| do)|mean\w*|differen\w+|explain|point|worth|better|versus|vs)\b", re.I
)
"""Asks what something is, which a trade's glossary may tell; a term of sale is the shop's alone."""


def in_general(turn: Planned) -> str:
    """What the glossary of the trade says to a question that the shop's pages leave open; empty where it is silent."""
    if not glossary().find(turn.question):
        return ""
    found: Advice = turn.call("advice", question=turn.question)
    return _explained(found) if any(passage.source == GENERAL for passage in found.passages) else ""


NAMED_BY = 2
"""Words of a question that a product's title must have, for the question to be about that product."""


def advice(turn: Planned) -> str:
    """What the shop's texts explain, in their own words; on a product that is named, what is said of that one."""
    if number := _counted(turn):
        return number
    if not glossary().find(turn.question) and (own := said_of_shown(turn)):
        return own
    found: Advice = turn.call("advice", question=turn.question)
    if not found.known and (own := said_of_shown(turn, nearly=True)):
        return own
    if not found.known:
        return f"{turn.say('advice.unknown')} {say('advice.offer')}"
    first = found.passages[0]
    if first.handle and len(content(first.source) & content(turn.question)) >= NAMED_BY:
        turn.call("show", handles=[first.handle], aside=True)
        return answer_words(asked_of(turn, first.handle), turn)
    return _explained(found)


def _explained(found: Advice) -> str:
    told = [
        say("quoted", text=shorten(as_read(passage.text), 260), source=_source(passage.source))
        for passage in found.passages[:2]
    ]
    return say("advice.found", told=say("advice.and").join(told))


def _source(source: str) -> str:
    return shorten(source, 50)
