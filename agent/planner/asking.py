"""Questions on products: a fact of one, what buyers say, and how several compare."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import ANYWHERE, KIND, TITLE
from agent.explanations.absence_reasons import called
from agent.knowledge.glossary import glossary
from agent.planner.asking_back import not_sold
from agent.planner.comparison_words import comparison_words
from agent.planner.fact_words import answer_words, fact_words, overview_words, unknown_words
from agent.planner.opinion_words import buyers_words
from agent.planner.page_words import quoted
from agent.planner.turn import Planned, is_unsold, meant_products
from agent.tools.asked import asks_something, content
from agent.tools.buyer_questions import asked_about, asked_side
from agent.tools.buyers import Buyers
from agent.tools.choices import left_of, said_in, sold_out, told
from agent.tools.compared import Compared
from agent.tools.pages import Pages, as_read
from agent.tools.product import ProductAnswer
from agent.tools.question_topics import asks_amount
from agent.tools.results import Found
from agent.tools.schema import Field
from agent.understanding.language.absence import asked_substance
from agent.understanding.language.clauses import questions_in
from agent.understanding.language.request_cues import ABOUT_IT
from agent.understanding.language.text import stems
from agent.understanding.named_products import NamedProducts
from agent.understanding.scales import read_scale
from agent.wording import listed, one_stop, say
from retrieval.filters import And, Category, Words

MOST_ASKED = 5
MOST_COMPARED = 3
FEW_REVIEWS = 4
"""Reviews so few are read out where they say nothing of what is asked by its name."""
TELLING = 0.93
"""A passage answers what was asked of products, none of which does better in it, from this probability on."""
CLEAR = 0.85
"""A passage of the shop's pages speaks for a product that does not state it itself from this probability
on."""


_IN_STOCK = re.compile(r"\b(?:stock|left|available|there|have|get|got|come|still|sell)\b", re.I)
"""Asks whether there is any of it."""


def ask_product(turn: Planned) -> str:
    """One fact or all of a product; of several products, the fact of each. Of a substance, with what the shop's pages
    warn of.
    """
    return f"{_told_of_product(turn)} {_warned(turn)}".strip()


def _warned(turn: Planned) -> str:
    """What the shop's pages say on a substance that is asked about; a passage that does not name it warns of nothing."""
    thing = asked_substance(turn.question)
    if thing is None:
        return ""
    found: Pages = turn.call("pages", question=f"{called(thing)} allergy, traces of {called(thing)}")
    named = frozenset(stems(called(thing)))
    passages = [p for p in found.passages if named <= frozenset(stems(p.text))]
    return turn.say("pages.says", said=quoted(passages[0])) if passages else ""


def _told_of_product(turn: Planned) -> str:
    meant = turn.meant
    named = meant.thing or re.sub(r"^(?:the|that|this|those|these|your)\s+", "", meant.unresolved, flags=re.I)
    if named and not meant.pointed.item_ids and is_unsold(turn, named) and not _is_part(turn, named):
        return not_sold(turn, named)
    handles = meant_products(turn, several=meant.pointed.whole_list)
    if not handles:
        return from_pages(turn, "") or say("ask.which")
    turn.call("show", handles=handles[:MOST_ASKED], aside=True)
    if len(handles) > 1:
        return _of_several(turn, handles[:MOST_ASKED])
    if stock := _choice_in_stock(turn, handles[0]):
        return stock
    if ABOUT_IT.search(turn.question) and not meant.asked:  # "tell me more about the second"
        return overview_words(turn.call("product", handle=handles[0], question=""))
    questions = questions_in(turn.question)
    if len(questions) > 1 and (said := _each_answered(turn, handles[0], questions)):
        return said
    whole: ProductAnswer = turn.call("product", handle=handles[0], question=turn.question)
    if whole.card is None:
        return say("ask.which")
    if not whole.sure and (
        meant_field := _field_meant(turn)
    ):  # "I'm on AT&T, any use to me?": of the carrier
        stated: ProductAnswer = turn.call("product", handle=handles[0], question=meant_field)
        whole = stated if stated.sure and stated.card is not None else whole
    if not whole.sure and not whole.sensitive and not asks_amount(turn.question):
        kind = whole.card.category[-1] if whole.card is not None and whole.card.category else ""
        if said := from_pages(turn, kind, CLEAR):
            return said
    return answer_words(_narrowed(turn, handles[0], whole), turn)


def _is_part(turn: Planned, thing: str) -> bool:
    """Whether a thing is told of what the product that is talked about is one of: the "legs" of sofas."""
    item, search = turn.state.focus or next(iter(turn.state.listed), None), turn.context.desk.shop.search
    product = turn.context.desk.shop.catalog.product(item) if item else None
    if product is None or not product.category or turn.meant.main != "ask_product":
        return False
    return search.count(And((Category((" > ".join(product.category),)), Words(thing)))) > 0


def _field_meant(turn: Planned) -> str:
    """What the shop calls the field that a value in a question is of; empty where none is named."""
    wished = (wish.field for wish in turn.meant.prefer)
    named = (*wished, *(where.field for where in turn.meant.where if not where.is_negative))
    fields = (turn.context.desk.schema.field(name) for name in named)
    return next((field.label for field in fields if isinstance(field, Field) and field.type == "text"), "")


_BESIDE_SOUGHT = re.compile(
    r"(?:how|what|which|do|does|is|are|has|have|can)\b.*\b(?:it|its|they|their)\b.*", re.I | re.S
)
"""Asks something of what is looked for, after the request: "what have you got, and how high does it go?"."""


def asked_beside(turn: Planned) -> str:
    """What the first product found says to a question that was asked with the request; empty where none was."""
    asked = questions_in(turn.question)[-1]
    before = turn.question.strip(" ?.!") != asked
    cards = turn.context.shelf.cards
    if turn.meant.main != "seek" or not (before and cards and _BESIDE_SOUGHT.match(asked)):
        return ""
    if set(turn.meant.moves) & {"ask_product", "ask_shop", "ask_buyers"}:
        return ""
    (handle,) = turn.handles([cards[0].item_id])
    answer: ProductAnswer = turn.call("product", handle=handle, question=asked)
    return fact_words(answer) if answer.sure or answer.facts else ""


_IT = re.compile(
    r"\b(?:it|its|they|them|that one|this one|these|those)\b"
    r"|\b(?:is|are|was|does|do|did|will|would|has|have|can|could) (?:that|this)\b",
    re.I,
)


def said_of_shown(turn: Planned, *, nearly: bool = False) -> str:
    """What the product that is talked about says to a question that was read as a general one ("what factor is it");
    empty where it says nothing, or no product is. ``nearly``: be it only what comes nearest.
    """
    state, meant = turn.state, turn.meant
    items = meant.pointed.item_ids or ((state.focus,) if state.focus else state.listed[:1])
    if not items or not (meant.pointed.item_ids or _IT.search(turn.question)):
        return ""
    (handle,) = turn.handles(items[:1])
    said = _each_answered(turn, handle, questions_in(turn.question))
    if not said:
        answer = asked_of(turn, handle)
        tells = answer.sure or (nearly and bool(answer.known or answer.near or answer.sensitive))
        said = answer_words(answer, turn) if tells else ""
    if said:
        turn.call("show", handles=[handle], aside=True)
    return said


def _each_answered(turn: Planned, handle: str, questions: Sequence[str]) -> str:
    """The answers to several questions on one product, in order; empty where at most one of them asks something of
    it.
    """
    asked = [question for question in questions if asks_something(question)]
    if len(asked) < 2:
        return ""
    answers: list[ProductAnswer] = [turn.call("product", handle=handle, question=one) for one in asked]
    known = [answer for answer in answers if answer.known or answer.sensitive]
    if not known:
        return ""
    quoted: set[str] = set()
    whole: list[ProductAnswer] = []
    for answer in answers:  # one sentence quoted answers once
        passages = tuple(p for p in answer.passages if p.text not in quoted)
        quoted.update(p.text for p in answer.passages)
        whole.append(answer.model_copy(update={"passages": passages}))
    only_facts = [a for a in whole if a.facts and not (a.passages or a.lead or a.sensitive)]
    facts = dict.fromkeys(fact for answer in only_facts for fact in answer.facts)
    told = [fact_words(only_facts[0].model_copy(update={"facts": tuple(facts)}))] if only_facts else []
    told += [
        answer_words(answer, turn, one)
        for answer, one in zip(whole, asked, strict=True)
        if answer not in only_facts
    ]
    return " ".join(dict.fromkeys(told))


def _choice_in_stock(turn: Planned, handle: str) -> str:
    """Whether a product is to be had in the choice that the question names; empty where it names none, or the shop
    does not count it.
    """
    item_id = turn.context.shelf.item(handle)
    product = turn.context.desk.shop.catalog.product(item_id) if item_id else None
    choice = said_in(turn.question, product) if product is not None and product.variants else {}
    if product is None or not choice:
        return ""
    left = left_of(product, choice)
    if left == 0:
        return one_stop(f"{sold_out(product, choice, f'[{handle}]')}.")
    if left is None or not _IN_STOCK.search(turn.question):
        return ""
    return say(
        "fact.in_stock" if left > 1 else "fact.in_stock_one", handle=handle, choice=told(choice), count=left
    )


def asked_of(turn: Planned, handle: str) -> ProductAnswer:
    """What a product says to the utterance as a whole, else to the part of it that asks."""
    return _narrowed(turn, handle, turn.call("product", handle=handle, question=turn.question))


def _narrowed(turn: Planned, handle: str, whole: ProductAnswer) -> ProductAnswer:
    """The answer to the part of the utterance that asks, where that tells more than the whole of it."""
    if whole.sure or not turn.meant.asked or whole.card is None:
        return whole
    asked: ProductAnswer = turn.call("product", handle=handle, question=turn.meant.asked)
    return asked if asked.known and (asked.sure or not whole.known or bool(asked.facts)) else whole


def _of_several(turn: Planned, handles: Sequence[str]) -> str:
    answers = [asked_of(turn, handle) for handle in handles]
    known = [answer for answer in answers if answer.known]
    if not known:
        return unknown_words(
            turn, listed([f"[{h}]" for h in handles], "or"), answers[0].sensitive, answers[0].untold
        )
    silent = [f"[{answer.handle}]" for answer in answers if not answer.known]
    told = [fact_words(answer) for answer in known]
    said = " ".join(dict.fromkeys(told))
    return f"{said} {say('ask.silent', what=listed(silent))}" if silent else said


def from_pages(turn: Planned, kind: str, least: float = 0.0) -> str:
    """What the shop's own pages say, where they surely do; else nothing."""
    found: Pages = turn.call("pages", question=turn.question, kind=kind)
    clear = [passage for passage in found.passages if passage.score >= least]
    return say("ask.shop_says", text=as_read(clear[0].text), source=clear[0].source) if clear else ""


def ask_buyers(turn: Planned) -> str:
    """What buyers say of the product meant, or of which they say it most."""
    meant = turn.meant
    several = meant.pointed.whole_list or meant.among or (not meant.pointed.item_ids and not turn.state.focus)
    handles = alternatives(turn) or meant_products(turn, several=several)
    if not handles:
        return say("ask.which")
    aimed = asked_side(turn.question) and not content(asked_about(meant.asked)[1])
    question = meant.asked if content(meant.asked) and not aimed else turn.question
    said: Buyers = turn.call("buyers", handles=handles, question=question)
    if not said.heard and said.topic and meant.asked:
        said = turn.call("buyers", handles=handles, question=turn.question)
    shown = [opinion.handle for opinion in said.opinions] if said.heard or len(handles) == 1 else handles
    turn.call("show", handles=shown[:MOST_ASKED], aside=True)
    return f"{buyers_words(said)} {_all_they_write(turn, said)}".strip()


def _all_they_write(turn: Planned, said: Buyers) -> str:
    """What the few reviews of a product say, where they don't name what is asked: a reader may find it in them."""
    first = said.opinions[0] if len(said.opinions) == 1 and said.wanted == "topic" else None
    if first is None or first.mentioned or not 0 < first.review_count <= FEW_REVIEWS:
        return ""
    whole: Buyers = turn.call("buyers", handles=[first.handle])
    texts = dict.fromkeys(quote.text for opinion in whole.opinions for quote in opinion.quotes)
    told = " ".join(say("memory.quoted", told=text) for text in texts)
    return say("buyers.all_they_write", told=told) if told else ""


def compare(turn: Planned) -> str:
    """Products beside each other, and a verdict where one is asked for."""
    handles = alternatives(turn) or _compared(turn)
    if len(handles) < 2:
        if said := from_pages(turn, "", CLEAR):
            return said
        return _only(turn, handles) if handles else say("compare.two")
    return _beside_each_other(turn, handles)


def _beside_each_other(turn: Planned, handles: Sequence[str]) -> str:
    found: Compared = turn.call("compare", handles=handles, question=turn.question)
    if not found.sides:
        return say("ask.which")
    best = [side.handle for side in found.sides if side.handle in found.winners and len(found.winners) == 1]
    turn.call("show", handles=list(dict.fromkeys((*best, *(side.handle for side in found.sides)))))
    if not found.winners and found.by != "field" and (said := from_pages(turn, "", TELLING)):
        return said
    return comparison_words(found, turn)


_CHOICE = re.compile(
    r"\s+(?:or|vs\.?|versus)\s+.*(?:\?|\bwhich\b|\bwhat\b|\bwhose\b)|^(?:which|what|is|are)\b.*\bor\b|\bthan\b|\bbetween\b.*\band\b",
    re.I,
)
_DIFFER = re.compile(r"\bdifferen(?:ce|t)\b.*\b(?:two|both|your|these|those)\b\s+(?P<what>[^?.!,]+)", re.I)
FEW_ALIKE = 3
"""So many products at most are compared because they are called by the same word."""


def said_side_by_side(turn: Planned) -> str:
    """The comparison of two products that a question names with "or" between them, or of the few that are called by
    one word ("your two retinols"), however it was read; empty where there are none.
    """
    if turn.meant.main not in ("seek", "refine", "recommend", "advice", "ask_product"):
        return ""
    advised = turn.meant.main == "advice" and not turn.meant.pointed.item_ids
    sorts = advised and bool(glossary().find(turn.question))  # "laser or inkjet?": no products are called so
    handles = [] if sorts else alternatives(turn) or _asked_twice(turn)
    if not handles and (asked := _DIFFER.search(turn.question)):
        items = turn.context.desk.shop.search.titled(" ".join(stems(asked["what"])))
        handles = turn.handles(items) if 1 < len(items) <= FEW_ALIKE else []
    if len(handles) < 2:
        return ""
    names = (w for w in turn.meant.where if w.field in (KIND, TITLE, ANYWHERE) and not w.is_negative)
    turn.context.shelf.unmeant.update(names)  # what a product is called is no condition
    return _beside_each_other(turn, handles)


_WHICH = re.compile(r"\bwhich\b", re.I)


def _asked_twice(turn: Planned) -> list[str]:
    """Those on the screen, where two things are asked of which of them: "which is lightest and which is cheapest"."""
    items = turn.meant.pointed.item_ids
    items = items if len(items) > 1 else turn.state.listed
    twice = len(_WHICH.findall(turn.question)) > 1 and not (turn.meant.where or turn.meant.thing)
    return turn.handles(items[:MOST_ASKED]) if twice and len(items) > 1 else []


def alternatives(turn: Planned) -> list[str]:
    """The two products that a question offers or compares ("X or Y", "X than Y", "between X and Y"), at least one of
    them named.
    """
    if not _CHOICE.search(turn.question):
        return []
    return turn.handles(NamedProducts(turn.context.desk, turn.state).either(turn.question))


_BESIDE = re.compile(
    r"(?:\b(?:compar\w+|differ\w*|stacks? up|measures? up|holds? up)\b[^?.!,]{0,20}?\s(?:with|to|from|against)"
    r"|\b(?:versus|vs\.?|against))\s+(?:the |your |that |an? )?(?P<other>[^?.!,]+)",
    re.I,
)
"""Names what the product that is talked about is compared with."""


def _compared(turn: Planned) -> list[str]:
    """Those pointed at; a single one is compared with what is talked about, or with the next on the list."""
    pointed, state = turn.meant.pointed.item_ids, turn.state
    if (beside := _BESIDE.search(turn.question)) and (len(pointed) < 2 or turn.meant.pointed.by_name):
        # what stands after a name ("in playing time") is no other product
        other = NamedProducts(turn.context.desk, state).begun(beside["other"])
        first = [item for item in (*pointed, state.focus, *state.listed) if item and item not in other]
        pointed = (*first[:1], *other) if other and first else pointed
    if len(pointed) > 1:
        return turn.handles(pointed[:MOST_ASKED])
    others = [
        item for item in (*((state.focus,) if state.focus else ()), *state.listed) if item not in pointed
    ]
    items = [*pointed, *others] if pointed else list(state.listed)
    if len(items) > 1:
        most = MOST_ASKED if read_scale(turn.question, ()) is not None else MOST_COMPARED
        return turn.handles(items[: 2 if pointed else most])
    return turn.handles(items) or meant_products(turn, several=True)[:MOST_COMPARED]


def _only(turn: Planned, handles: Sequence[str]) -> str:
    """One product alone: with the one most like it."""
    found: Found = turn.call("find", like=handles[0], limit=1)
    if not found.rows:
        turn.call("show", handles=list(handles), aside=True)
        return say("compare.no_other", handle=handles[0])
    if turn.meant.pointed.by_name:  # two were named, and one of them is not known here
        answer = turn.call("product", handle=handles[0], question=turn.meant.asked)
        turn.call("show", handles=list(handles), aside=True)
        return say("compare.only", handle=handles[0], answer=answer_words(answer, turn))
    both = [handles[0], found.rows[0].card.handle]
    compared: Compared = turn.call("compare", handles=both, question=turn.question)
    turn.call("show", handles=both)
    return say("compare.beside", handle=both[1], words=comparison_words(compared, turn))
