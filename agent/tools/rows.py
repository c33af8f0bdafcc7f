"""What was found as rows: each product's card with its reasons, the values asked about, and answers to questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agent.explanations.constraint_reasons import Ground
from agent.explanations.evidence import field_evidence
from agent.explanations.explain import Wish
from agent.explanations.other_reasons import drawback_ground
from agent.records import Candidate
from agent.tools.choices import gone_of
from agent.tools.choices import told as told_choice
from agent.tools.compile import Compiled
from agent.tools.facts import facts_of, overview
from agent.tools.labels import label
from agent.tools.product import product_answer
from agent.tools.results import Row
from agent.tools.weigh import numbers_of, of_its_sizes, preferences_of
from agent.wording import say
from retrieval.records import Product

if TYPE_CHECKING:
    from agent.conditions import Prefer, Sort
    from agent.shop_context import ShopContext
    from agent.tools.context import ToolContext

MOST_FIELDS = 6
MOST_QUESTIONS = 2


def explained_rows(
    context: ToolContext,
    query: str,
    holding: Sequence[Compiled],
    prefer: Sequence[Prefer],
    sort: Sort | None,
    chosen: Sequence[tuple[Candidate, Product]],
    *,
    given_way: Sequence[Compiled] = (),
    tell: Sequence[str] = (),
) -> tuple[Row, ...]:
    """The chosen products as cards with reasons, and the values that were asked about. Meeting what has
    ``given_way`` (a limit that was raised to find anything) is no reason. ``tell``: questions that are answered of
    each; 50 to 200 ms a question.
    """
    desk, shelf = context.desk, context.shelf
    weighed = preferences_of(desk, prefer)
    wish = Wish(
        query=query,
        conditions=tuple(
            (c.sure or c.filter, label(c.where, desk.schema))
            for c in holding
            if c.filter is not None and c not in given_way
        ),
        aspects=tuple(p.key for p in weighed if p.kind == "aspect"),
        numbers=numbers_of(desk, prefer, sort),
        shopper=context.buyer,
    )
    products = [product for _, product in chosen]
    rows = []
    for product, why in zip(products, desk.explainer.explain(products, wish), strict=True):
        unknown = [c for c in holding if c.sure is not None and not desk.fits(c.sure, product)]
        caution = next((_caution(c, product, desk) for c in unknown if c.allergen), None)
        gone = gone_of(product, [c.where for c in holding])
        if gone and caution is None:
            caution = _sold_out(product, gone)
        # what is sold out in a choice is not praised for coming in it
        reasons = tuple(r for r in why.reasons if not (gone and r.kind == "constraint"))
        evidence = (*why.evidence, *(caution.evidence if caution else ()))
        card = desk.card(product).model_copy(
            update={
                "handle": shelf.handle(product.item_id),
                "reasons": reasons,
                "drawback": caution.reason if caution else why.drawback,
            }
        )
        answers = [(asked, product_answer(context, product, asked)) for asked in tell[:MOST_QUESTIONS]]
        evidence = (*evidence, *(e for _, answer in answers for e in answer.evidence))
        values = _values(desk, product, [*(c.where.field for c in holding), *(p.field for p in prefer)], sort)
        said = {name.lower() for name, _ in values}
        more = tuple(
            f.text for f in overview(facts_of(desk, product), MOST_FIELDS + len(said)) if f.label not in said
        )
        labels = tuple(label(c.where, desk.schema) for c in unknown)
        told = tuple((asked, answer.brief()) for asked, answer in answers)
        row = Row(
            card=card,
            values=values,
            unknown=labels,
            gone=told_choice(gone) if gone else "",
            more=more[:MOST_FIELDS],
            told=told,
            numbers=shelf.numbers(product.item_id, reasons),
            evidence=evidence,
        )
        rows.append(row)
    return tuple(rows)


def _caution(compiled: Compiled, product: Product, desk: ShopContext) -> Ground:
    """On the card of what may hurt somebody: that the shop must be asked."""
    said = label(compiled.where, desk.schema)
    evidence = field_evidence(product, "listing", product.title)
    return drawback_ground(evidence, say("drawback.ask_shop", label=said))


def _sold_out(product: Product, choice: Mapping[str, str]) -> Ground:
    """On the card of what is not to be had in the choice that is asked for."""
    evidence = field_evidence(product, "stock", told_choice(choice), 0)
    return drawback_ground(evidence, say("drawback.choice_out", choice=told_choice(choice)))


def _values(
    desk: ShopContext, product: Product, fields: Sequence[str], sort: Sort | None
) -> tuple[tuple[str, str], ...]:
    """What the product says in the fields asked about, as it is said."""
    asked = dict.fromkeys((*fields, *((sort.field,) if sort else ())))
    names = [field.name for name in asked for field in desk.schema.called(name)]
    facts = {fact.name: fact for fact in facts_of(desk, product)}
    ordered = desk.schema.called(sort.field) if sort else ()
    sizes = {f.name: size for f in ordered if sort and (size := of_its_sizes(product, f, sort))}
    return tuple(
        (facts[name].label, sizes.get(name, facts[name].value))
        for name in dict.fromkeys(names)
        if name in facts
    )
