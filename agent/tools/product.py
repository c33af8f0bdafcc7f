"""Ask about one product: what the shop states, else what its description says, else what its buyers say."""

from __future__ import annotations

import re
import zlib

from agent.explanations.absence_reasons import called, sentence_of
from agent.explanations.evidence import field_evidence, quotable, short_title, shorten
from agent.records import Card, Frozen
from agent.tools.absence import absence
from agent.tools.asked import SURE as FIELD_SURE
from agent.tools.asked import asked_facts
from agent.tools.buyers import Opinion, opinion_of
from agent.tools.context import ToolContext, missing
from agent.tools.facts import facts_of, overview
from agent.tools.passages import answering, sentences
from agent.tools.results import Fact, Quoted, fenced
from agent.tools.untold import untold
from agent.understanding.language.absence import asked_substance
from agent.understanding.language.text import stems
from agent.understanding.language.units import spoken_name
from agent.wording import lowered, say
from retrieval.absence.verdict import verdict
from retrieval.catalog import Product

ANSWERS = 0.5
"""A sentence answers from this probability on."""
SURE = 0.8
MOST_PASSAGES = 2
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


class ProductAnswer(Frozen):
    """What is known of one product, or of one thing about it."""

    handle: str = ""
    card: Card | None = None
    lead: str = ""
    """Whether it contains what the question asks for, as a sentence, quoted from its listing."""
    facts: tuple[Fact, ...] = ()
    passages: tuple[Quoted, ...] = ()
    """Sentences of its title, description or long texts that answer, surest first."""
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
        if self.buyers is not None:
            lines.append(self.buyers.text())
        if self.untold:
            lines.append(
                f"Unknown: the shop's files have {fenced(self.untold)!r}, which was not given to you. Tell the "
                "shopper that you do not know, not that the shop does not say."
            )
        elif not self.known:
            lines.append(
                "The shop does not say that of this product, nor do its buyers: tell the shopper so."
            )
        if self.sensitive:
            lines.append("Say only what is stated here, and that the shop should be asked where it matters.")
        return "\n".join(lines)


def product(context: ToolContext, handle: str, question: str = "") -> ProductAnswer:
    """One product: all that the shop states, or what answers a question: its fields, else its description,
    else its buyers. What nothing tells is unknown, never "no".

    handle: e.g. "P3". question: e.g. "how wide is it", "is it dishwasher safe".
    """
    desk, shelf = context.desk, context.shelf
    item_id = shelf.item(handle)
    found = desk.shop.product(item_id) if item_id else None
    if found is None:
        return ProductAnswer(handle=handle, problem=missing(context, handle))
    handle = shelf.handle(found.item_id)
    card = desk.card(found).model_copy(update={"handle": handle})
    answer = _answer(context, found, question.strip()) if question.strip() else _all(context, found)
    answer = answer.model_copy(
        update={
            "handle": handle,
            "card": card,
            "sensitive": answer.sensitive or bool(SENSITIVE.search(question)),
        }
    )
    if not answer.known:
        answer = answer.model_copy(update={"untold": untold(desk, question)})
    shelf.back([fact.evidence for fact in answer.facts] + [p.evidence for p in answer.passages])
    if answer.buyers is not None:
        shelf.back(answer.buyers.evidence)
    return answer


def _all(context: ToolContext, found: Product) -> ProductAnswer:
    """Everything worth telling unasked."""
    facts = facts_of(context.desk, found)
    chosen = (*overview(facts, 12), *(f for f in facts if f.name in ("price", "brand", "stock", "stars")))
    passages = tuple(_quoted(found, text, 1.0) for text in sentences(found.description)[:4])
    return ProductAnswer(facts=chosen, passages=passages, known=True, sure=True)


def _answer(context: ToolContext, found: Product, question: str) -> ProductAnswer:
    desk = context.desk
    if (thing := asked_substance(question)) is not None:
        return _on_substance(context, found, thing)
    facts = asked_facts(desk, found, question)
    sensitive = bool(SENSITIVE.search(question))
    stated = bool(facts) and facts[0][1] >= FIELD_SURE
    if stated:  # a field by its own name needs no sentence beside it
        return ProductAnswer(facts=tuple(fact for fact, _ in facts), known=True, sure=True)
    if named := _named_text(found, question):
        return ProductAnswer(passages=(named,), known=True, sure=True)
    written = [found.title, *sentences(found.description)]
    written += [sentence for text in found.texts.values() for sentence in sentences(text)]
    scored = answering(desk, written, question)
    told = [_quoted(found, text, score) for text, score in scored[:MOST_PASSAGES] if score >= ANSWERS]
    passages = tuple(told)
    if facts and passages and passages[0].score > facts[0][1] + 0.2:
        facts = ()
    buyers = None
    if not facts and not sensitive and not any(p.score >= SURE for p in passages):
        buyers = opinion_of(context, found, question)
        buyers = buyers if buyers.mentioned else None
    return ProductAnswer(
        facts=tuple(fact for fact, _ in facts),
        passages=passages,
        buyers=buyers,
        known=bool(facts or passages or buyers),
        sure=any(p.score >= SURE for p in passages),
    )


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
