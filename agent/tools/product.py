"""Ask about one product: what the shop states, else what its description says, else what its buyers say."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from agent.explanations.absence_reasons import called, sentence_of
from agent.explanations.evidence import field_evidence, quotable, short_title, shorten
from agent.money import price
from agent.records import Card, Evidence, Frozen
from agent.tools.absence import absence
from agent.tools.asked import COVERED, asked_facts, content, nearest_fact, unnamed
from agent.tools.asked import SURE as FIELD_SURE
from agent.tools.context import ToolContext, missing
from agent.tools.facts import facts_of, overview, regular_price
from agent.tools.materials import asks_material
from agent.tools.opinion import Opinion, opinion_of
from agent.tools.passages import answering, coverage, sentences
from agent.tools.question_topics import speaks_of, states_amount
from agent.tools.results import Fact, Quoted, fenced
from agent.tools.untold import untold
from agent.understanding.language.absence import asked_substance
from agent.understanding.language.text import stems
from agent.understanding.language.units import spoken_name
from agent.wording import lowered, say
from retrieval.absence.verdict import verdict
from retrieval.records import Product

if TYPE_CHECKING:
    pass

ANSWERS, MAY_ANSWER = 0.5, 0.15
"""A sentence answers from this probability on, and may answer from the lower one."""
SURE = 0.8
MOST_PASSAGES, MOST_SENTENCES = 2, 6
FEW_SENTENCES = 6
"""Of a text this short, what comes nearest to a question is worth quoting whatever it is."""
LONGEST_TEXT = 600
"""Characters of a long text that are quoted at once."""
SENSITIVE = re.compile(
    r"\b(?:allerg\w*|safe(?:ty|ly)?|toxic\w*|poison\w*|pregnan\w*|bab(?:y|ies)|infants?|toddlers?|medic\w*|cures?|heals?|"
    r"treat(?:s|ment)?|diabet\w*|asthma|eczema|legal\w*|law|certif\w*|flammab\w*|side effects?|doctor|bpa|"
    r"carcinogen\w*|hypoallergenic|gluten|nuts?|coeliac|celiac|chok(?:e|ing)|burns?|"
    r"weight limit|max(?:imum)? load)\b",
    re.IGNORECASE,
)
"""What may hurt somebody who relies on it: answered only by what is stated."""


_JUDGING = re.compile(
    r"\b(?:good|great|decent|bad|well|worth|quality|recommend\w*|rely|reliable|lik(?:e|ed|es)|love\w*|happy|satisf\w*|"
    r"regret\w*|reviews?|buyers?|people|anyone|any use|rubbish|junk|catch)\b",
    re.IGNORECASE,
)
"""What asks for a verdict."""


class ProductAnswer(Frozen):
    """What is known of one product, or of one thing about it."""

    handle: str = ""
    card: Card | None = None
    lead: str = ""
    """Whether it contains what the question asks for, as a sentence, quoted from its listing."""
    facts: tuple[Fact, ...] = ()
    passages: tuple[Quoted, ...] = ()
    """Sentences of its title, description or long texts that answer, surest first."""
    near: tuple[Quoted, ...] = ()
    """Where nothing answers, the sentences that come nearest."""
    near_fact: Fact | None = None
    """Where nothing answers, the field that comes nearest."""
    more: int = 0
    """Sentences of the description that were left out."""
    buyers: Opinion | None = None
    """What buyers say of it, where the shop itself states nothing."""
    untold: str = ""
    """A column of the shop's files that could answer and was not imported, where nothing else tells."""
    known: bool = False
    sensitive: bool = False
    """Whether somebody may be hurt by a wrong answer: then only what is stated counts, and the shop is to
    be asked."""
    sure: bool = False
    """Whether a field by its own name answers, or a sentence with most of the words asked."""
    problem: str = ""

    def text(self) -> str:
        if self.card is None:
            return self.problem
        lines = [f"[{self.handle}] {fenced(short_title(self.card.title, 80))}"]
        lines += [fenced(self.lead)] if self.lead else []
        lines.extend(fenced(fact.text) for fact in self.facts)
        lines.extend(f"the shop writes: “{fenced(passage.text)}”" for passage in self.passages)
        lines += [f"{self.more} more sentences: ask a question"] if self.more else []
        if self.buyers is not None:
            lines.append(self.buyers.text())
        lines.extend(f"nearest to it: {told}" for told in self._nearest(400))
        if self.untold:
            lines.append(
                f"Unknown: the shop's files have {fenced(self.untold)!r}, which was not given to you. Tell the "
                "shopper that you do not know, not that the shop does not say."
            )
        elif not self.known:
            lines.append(
                "No field answers that, nor a buyer"
                + (
                    "; unless these lines do, say that it is not stated."
                    if self.near or self.near_fact
                    else ": say that it is not stated."
                )
            )
        if self.sensitive:
            lines.append("Say only what is stated here, and that the shop should be asked where it matters.")
        return "\n".join(lines)

    def brief(self) -> str:
        """The answer as a line of a row."""
        parts = [fenced(self.lead)] if self.lead else []
        parts += [fenced(fact.text, 120) for fact in self.facts[:2]]
        parts += [f"“{fenced(passage.text, 180)}”" for passage in self.passages[:1]]
        if self.buyers is not None:
            parts += [
                self.buyers.tally,
                *(f"a buyer: “{fenced(q.text, 120)}”" for q in self.buyers.quotes[:1]),
            ]
        if not parts:
            return "; ".join(["not stated", *(f"nearest: {told}" for told in self._nearest(140)[:1])])
        return "; ".join(parts)

    def _nearest(self, limit: int) -> list[str]:
        told = [f"“{fenced(passage.text, limit)}”" for passage in self.near]
        return [*told, *([fenced(self.near_fact.text, 120)] if self.near_fact else [])]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        stated = [fact.evidence for fact in (*self.facts, *([self.near_fact] if self.near_fact else []))]
        quoted = [one.evidence for one in (*self.passages, *self.near)]
        return (*stated, *quoted, *(self.buyers.evidence if self.buyers is not None else ()))


def product(context: ToolContext, handle: str, question: str = "") -> ProductAnswer:
    """One product: all that the shop states, or what answers a question: fields, else description, else buyers.
    What nothing tells is unknown, never "no".

    handle: e.g. "P3". question: e.g. "how wide is it".
    """
    desk, shelf = context.desk, context.shelf
    item_id = shelf.item(handle)
    found = desk.shop.product(item_id) if item_id else None
    if found is None:
        return ProductAnswer(handle=handle, problem=missing(context, handle))
    handle = shelf.handle(found.item_id)
    card = desk.card(found).model_copy(update={"handle": handle})
    asked = question.strip()
    answer = product_answer(context, found, asked) if asked else _all(context, found)
    answer = answer.model_copy(
        update={
            "handle": handle,
            "card": card,
            "sensitive": answer.sensitive or bool(SENSITIVE.search(question)),
        }
    )
    if not answer.known:
        answer = answer.model_copy(update={"untold": untold(desk, question)})
    shelf.back(answer.evidence)
    return answer


def _all(context: ToolContext, found: Product) -> ProductAnswer:
    """Everything worth telling unasked."""
    facts = facts_of(context.desk, found)
    chosen = (*overview(facts, 12), *(f for f in facts if f.name in ("price", "brand", "stock", "stars")))
    written = sentences(found.description)
    passages = tuple(_quoted(found, text, 1.0) for text in written[:MOST_SENTENCES])
    more = max(0, len(written) - MOST_SENTENCES)
    return ProductAnswer(facts=chosen, passages=passages, more=more, known=True, sure=True)


def product_answer(context: ToolContext, found: Product, question: str) -> ProductAnswer:
    """What is known of one thing about a product: its fields, else its sentences, else its buyers."""
    desk = context.desk
    if (thing := asked_substance(question)) is not None:
        return _on_substance(context, found, thing)
    sensitive = bool(SENSITIVE.search(question))
    if (reduced := _reduced(context, found, question)) is not None:
        return reduced
    question = unnamed(desk, found, question)
    facts = asked_facts(desk, found, question)
    stated = bool(facts) and facts[0][1] >= FIELD_SURE
    if stated:
        beside = _qualified(found, question, facts[0][0])
        return ProductAnswer(facts=tuple(fact for fact, _ in facts), passages=beside, known=True, sure=True)
    if named := _named_text(found, question):
        return ProductAnswer(passages=(named,), known=True, sure=True)
    written = [found.title, *sentences(found.description)]
    written += [sentence for text in found.texts.values() for sentence in sentences(text)]
    scored = answering(desk, written, question, of_one=True)
    asked = content(question)
    scored = [  # that it is called what it is called answers nothing
        (text, score)
        for text, score in scored
        if text != found.title or coverage(desk, asked, text) >= COVERED or speaks_of(question, text)
    ]
    told = [_quoted(found, text, score) for text, score in scored[:MOST_PASSAGES] if score >= ANSWERS]
    passages = tuple(told)
    least = MAY_ANSWER if len(written) > FEW_SENTENCES else 0.0
    near = () if told else [_quoted(found, t, p) for t, p in scored[:MOST_PASSAGES] if p >= least]
    if facts and passages and passages[0].score > facts[0][1] + 0.2:
        facts = ()
    buyers = None
    if not facts and not sensitive and not any(p.score >= SURE for p in passages):
        buyers = opinion_of(context, found, question)
        buyers = buyers if _answers(buyers, question) else None
    known = bool(facts or passages or buyers)
    return ProductAnswer(
        facts=tuple(fact for fact, _ in facts),
        passages=passages,
        near=() if known else tuple(near),
        near_fact=None if known else nearest_fact(desk, found, question),
        buyers=buyers,
        known=known,
        sure=any(p.score >= SURE for p in passages),
    )


_REDUCED = re.compile(
    r"\b(?:sav(?:e|ing|ings)|reduc(?:ed|tion)|discount\w*|on (?:sale|offer|special)|"
    r"(?:money|percent|%|much) off|marked down|"
    r"mark-?down|(?:original|regular|full|old|usual|normal) price|(?:cost|price|was it) before|originally)\b",
    re.IGNORECASE,
)
"""Asks for what a product costs less than before."""


def _reduced(context: ToolContext, found: Product, question: str) -> ProductAnswer | None:
    """What a product costs less than its regular price, where that is asked for and the shop gives it."""
    before = regular_price(found)
    if before is None or found.price is None or not _REDUCED.search(question):
        return None
    now, was = price(found.price, found.currency), price(before, found.currency)
    less = price(round(before - found.price, 2), found.currency)
    percent = round(100 * (before - found.price) / before)
    lead = say(
        "fact.reduced",
        handle=context.shelf.handle(found.item_id),
        now=now,
        was=was,
        less=less,
        percent=percent,
    )
    evidence = field_evidence(found, "regular_price", f"regular price: {was}; price: {now}", before)
    quoted = Quoted(text=was, source="regular_price", evidence=evidence, score=1.0)
    return ProductAnswer(lead=lead, passages=(quoted,), known=True, sure=True)


def _qualified(found: Product, question: str, fact: Fact) -> tuple[Quoted, ...]:
    """A sentence with an amount beside a quantity that is asked for with more than its name: "how high is the
    seat", "how long is it when pulled out". A field by its own name needs none.
    """
    asked = content(question) - content(fact.label) - content(fact.value)
    if fact.number is None or fact.flag is not None or not asked or fact.name == "price":
        return ()
    for text in sentences(found.description):
        if states_amount(question, text) and fact.value not in text:
            return (_quoted(found, text, SURE),)
    return ()


def _answers(buyers: Opinion, question: str) -> bool:
    """Whether what buyers say is about what is asked: their verdict on it all only answers how good it is."""
    if not buyers.mentioned or asks_material(question):
        return False
    return buyers.names_topic if buyers.topic else bool(_JUDGING.search(question))


def _on_substance(context: ToolContext, found: Product, thing: str) -> ProductAnswer:
    """Whether a product contains a substance: as its listing says, or by a complete list; else it is unknown."""
    condition = absence(context.desk.shop.search, thing, sure=True)
    shown = verdict(found, condition)
    said, quote = sentence_of(shown, thing)
    if not said or (shown.status == "unknown" and not shown.traces):
        return ProductAnswer(sensitive=condition.allergen)
    status = shown.status if shown.status in ("free", "contains") else "unknown"
    handle = context.shelf.handle(found.item_id)
    lead = say(f"contains.{status}", handle=handle, thing=called(thing), said=lowered(said))
    evidence = field_evidence(found, shown.field, quote)
    quoted = Quoted(text=quote, source=shown.field, evidence=evidence, score=1.0)
    return ProductAnswer(lead=lead, passages=(quoted,), known=True, sure=True, sensitive=condition.allergen)


def _named_text(found: Product, question: str) -> Quoted | None:
    """The long text that a question names ("what are the ingredients"), as far as it can be quoted."""
    asked = frozenset(stems(question))
    for name, text in found.texts.items():
        own = frozenset(stems(spoken_name(name)))
        if own and own <= asked and quotable(quote := shorten(text, LONGEST_TEXT)):
            return Quoted(text=quote, source=name, evidence=field_evidence(found, name, quote), score=1.0)
    return None


def _quoted(found: Product, text: str, score: float) -> Quoted:
    source = "title" if text == found.title else "description"
    if source == "description" and text not in found.description:
        source = next((name for name, long in found.texts.items() if text in long), source)
    evidence = field_evidence(found, source, text)
    if source != "title":  # several sentences of one text
        evidence = evidence.model_copy(
            update={"evidence_id": f"{evidence.evidence_id}:{zlib.crc32(text.encode()):x}"}
        )
    return Quoted(text=text, source=source, evidence=evidence, score=round(score, 3))
