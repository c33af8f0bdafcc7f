"""Which of several products does better in one thing that is asked: by a number, by buyers, in the shop's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.conditions import PRICE, STARS, Sort
from agent.explanations.evidence import field_evidence, name_and_unit
from agent.records import Card
from agent.tools.asked import asked_facts, content, unnamed, vectors
from agent.tools.compared import Compared, Side
from agent.tools.context import ToolContext
from agent.tools.facts import facts_of
from agent.tools.opinion import opinion_of
from agent.tools.passages import answering, sentences
from agent.tools.results import Quoted
from agent.tools.schema import Field
from agent.tools.weigh import sort_key
from agent.understanding.language.comparatives import COMPARATIVES, superlative
from agent.understanding.language.graded import called_by
from agent.understanding.scales import Scale, graded, read_scale
from retrieval.filters import numbers_in
from retrieval.records import Product

TELLS = 0.12
"""A sentence of a description may tell from this probability on: only the best one of each product is
quoted."""
MEANT = 0.4
"""Cosine from which on words mean a numeric field."""
DIFFERING = re.compile(
    r"\b(?:differ\w*|compar\w*|versus|vs|between|your|two|both|which|tell|apart)\b", re.IGNORECASE
)
"""Words of asking for no more than how they differ."""
_GENERAL = re.compile(
    r"\b(?:better|best|worse|worst|nicer|rated|ratings?|reviews?|reviewed|stars?|buyers?|people|customers?|one|ones|overall|me|you|"
    r"buy|get|take|recommend|choose|pick|happy|happier|happiest|satisfied|who|who's|thought|like[sd]?|rates?|average|marks?|"
    r"em|them|scores?|scored|given|gave|gives?|more|higher|highest|most|love[sd]?|prefer\w*|shoppers?|folks?|torn|got|has|have)\b",
    re.IGNORECASE,
)
"""Words of asking which one is better on the whole."""
_STANDS_FOR = (
    (
        r"\b(?:boil|heat|warm|toast|cook|dry|iron|blend|mix|vacuum|suck|clean)\w*",
        ("faster", "quicker"),
        r"\bpower\b|\bwatt",
    ),
    (r"", ("faster", "quicker"), r"\b(?:frequency|speed|rpm|clock|power)\b"),
    (r"", ("stronger", "powerful"), r"\b(?:power|watt\w*|torque|suction)\b"),
    (r"", ("sturdier", "stronger"), r"\b(?:load|capacity kg|max load)\b"),
    (r"\b(?:last|run|play|go)\w*", ("longer",), r"\b(?:battery|mah|runtime|hours?)\b"),
    (r"", ("sharper",), r"\b(?:resolution|megapixels?)\b"),
)
"""For a comparative (with a word beside it), the number that stands for it where nothing states it itself."""


def verdict_of(
    context: ToolContext, products: Sequence[Product], cards: Sequence[Card], question: str
) -> Compared:
    """Who does better in what is asked: by a number that they state, else by buyers, else in the shop's
    words.
    """
    plain = tuple(Side(handle=card.handle, card=card) for card in cards)
    if not question.strip():
        return Compared(sides=plain)
    fields = _numeric(context, products)
    for product in products:  # "the mini one" of two kettles called mini asks for no smaller one
        question = unnamed(context.desk, product, question)
    if re.search(r"\bdiffer", question, re.IGNORECASE) and not content(DIFFERING.sub(" ", question)):
        return Compared(sides=tuple(map(_introduced, products, plain)))
    scale = read_scale(question, fields, lambda words: _nearest(context, words, fields))
    if scale is not None and scale.field == "value":
        scale = Scale(PRICE, -1, comparative=True, word="cheaper")
    if (
        scale is not None
        and scale.known
        and not (scale.field == STARS and content(_GENERAL.sub(" ", question)))
    ):
        return _by_field(context, products, plain, scale)
    if (proxy := _proxy(question, fields)) is not None:
        told = _by_field(context, products, plain, proxy)
        if len(told.winners) == 1:
            return told.model_copy(update={"by_proxy": True})
    facts = [asked_facts(context.desk, product, question, 1) for product in products]
    stated = [found[0] for found in facts if found]
    if len(stated) > 1 and max(score for _, score in stated) >= 0.75:
        sides = tuple(
            side.model_copy(update={"fact": found[0][0] if found else None})
            for side, found in zip(plain, facts, strict=True)
        )
        silent = tuple(side.handle for side in sides if side.fact is None)
        return Compared(sides=sides, asked=stated[0][0].label, by="field", silent=silent)
    return _by_words(context, products, plain, question)


def _proxy(question: str, fields: Sequence[Field]) -> Scale | None:
    """The order by a number that stands for what is asked."""
    for beside, comparatives, name in _STANDS_FOR:
        word = next((w for w in comparatives if re.search(rf"\b{w}\b", question, re.I)), None)
        if word is None or not re.search(beside, question, re.I):
            continue
        field = next(
            (f for f in fields if re.search(name, f.label, re.I) and "consumption" not in f.label), None
        )
        if field is not None:
            return Scale(field.name, 1, comparative=True, word=word)
    return None


def _introduced(product: Product, side: Side) -> Side:
    """With the first sentence of its description."""
    texts = sentences(product.description)[:1]
    passages = tuple(
        Quoted(text=t, source="description", score=1.0, evidence=field_evidence(product, "description:0", t))
        for t in texts
    )
    return side.model_copy(update={"passages": passages})


def _nearest(context: ToolContext, words: str, fields: Sequence[Field]) -> Field | None:
    """The numeric field that some words mean: "a racket" is noise."""
    if not fields or not words.strip():
        return None
    labels = tuple(field.label for field in fields)
    cosines = vectors(context.desk, labels) @ context.desk.shop.encoder.encode_query([words])[0]
    best = int(cosines.argmax())
    return fields[best] if cosines[best] >= MEANT else None


def _numeric(context: ToolContext, products: Sequence[Product]) -> list[Field]:
    """The numeric fields that they state, those of most of them first."""
    counts: dict[str, int] = {}
    for product in products:
        for name, value in product.attributes.items():
            if not isinstance(value, bool) and numbers_in(value):
                counts[name] = counts.get(name, 0) + 1
    fields = [context.desk.schema.field(name) for name in sorted(counts, key=lambda n: -counts[n])]
    return [field for field in fields if isinstance(field, Field) and field.type == "number"]


def _by_field(
    context: ToolContext, products: Sequence[Product], plain: Sequence[Side], scale: Scale
) -> Compared:
    value_of = sort_key(context.desk, Sort(field=scale.field))
    if scale.field == STARS:  # as the cards say them
        stars = {side.card.item_id: side.card.stars for side in plain}
        value_of = stars.__getitem__
    sides = []
    for product, side in zip(products, plain, strict=True):
        facts = {fact.name: fact for fact in facts_of(context.desk, product)}
        sides.append(
            side.model_copy(update={"fact": facts.get(scale.field), "value": value_of(product.item_id)})
        )
    values = [side.value for side in sides if side.value is not None]
    orders = scale.comparative or scale.superlative
    most = max((scale.direction * value for value in values), default=None)
    winners = (
        tuple(s.handle for s in sides if s.value is not None and scale.direction * s.value == most)
        if orders
        else ()
    )
    return Compared(
        sides=tuple(sides),
        asked=name_and_unit(scale.field)[0].lower(),
        word=_word(scale, len(products)) if orders else "",
        by="field",
        winners=winners if len(values) > 1 else (),
        silent=tuple(side.handle for side in sides if side.value is None),
    )


def _word(scale: Scale, of: int) -> str:
    """ "Lighter" of "which of them is the lighter one": the one word that grades, else what more or less of the field
    is called; of more than two, "lightest".
    """
    if scale.field == STARS:
        best = scale.direction > 0
        return (
            ("better rated" if best else "worse rated")
            if of == 2
            else "best rated"
            if best
            else "worst rated"
        )
    words = [word for word in scale.word.lower().replace("?", " ").split() if graded(word)]
    word = words[0] if words else called_by(scale.field, scale.direction)
    if word in COMPARATIVES and not word.endswith("er"):
        return f"{'most' if of > 2 else 'more'} {word}"
    return superlative(word) if of > 2 and word.endswith("er") else word


def _by_words(
    context: ToolContext, products: Sequence[Product], plain: Sequence[Side], question: str
) -> Compared:
    """What buyers of each say, and the sentences of each description that answer."""
    desk, sides = context.desk, []
    for product, side in zip(products, plain, strict=True):
        scored = answering(desk, sentences(product.description), question)
        passages = tuple(
            Quoted(
                text=text,
                source="description",
                score=score,
                evidence=field_evidence(product, f"description:{n}", text),
            )
            for n, (text, score) in enumerate(scored[:2])
            if score >= TELLS
        )
        opinion = opinion_of(context, product, question)
        sides.append(
            side.model_copy(update={"passages": passages, "opinion": opinion if opinion.mentioned else None})
        )
    heard = [s for s in sides if s.opinion is not None and s.opinion.positive + s.opinion.negative]
    winners: tuple[str, ...] = ()
    if len(heard) > 1:
        ordered = sorted(heard, key=lambda s: -s.opinion.low if s.opinion else 0.0)
        first, second = ordered[0].opinion, ordered[1].opinion
        if first is not None and second is not None and first.low > second.low and first.positive:
            winners = (ordered[0].handle,)
    told = any(side.passages or side.opinion for side in sides)
    return Compared(
        sides=tuple(sides),
        asked=question,
        by="buyers" if winners else "text" if told else "",
        winners=winners,
        silent=tuple(s.handle for s in sides if not s.passages and s.opinion is None),
    )
