"""Find products: the one tool that searches, filters, weighs and orders. Whatever is shown came
through here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from agent.conditions import KIND, TITLE, Avoid, Prefer, Sort, Where
from agent.recommending.preference_scores import Preference, preference_scores
from agent.recommending.ranking import rank, standardise
from agent.records import Candidate
from agent.shop_context import ShopContext
from agent.tools.asked import content
from agent.tools.choices import gone_of
from agent.tools.compile import Compiled, Compiler, filters_of
from agent.tools.context import ToolContext
from agent.tools.facets import facets_of
from agent.tools.labels import label
from agent.tools.loosen import loosen
from agent.tools.proper import proper
from agent.tools.results import Found, Loosened
from agent.tools.rows import explained_rows
from agent.tools.said import negative, take_back, with_said
from agent.tools.schema import Field
from agent.tools.title_measures import title_measure
from agent.tools.warnings import warned_of
from agent.tools.weigh import order_key, preferences_of
from agent.understanding.language.gift_cues import CARD
from agent.understanding.language.text import stems
from retrieval.filters import And, Filter, Items, Not, Or, Words
from retrieval.records import Product
from retrieval.text.natural import is_natural

POOL = 100
"""Candidates that are ranked with all their signals."""
NEAREST = 20
"""Hits that an order is made of where only words tell what is sought."""
MOST_WORDS = 12
"""Words of a query that are looked up one by one."""
SHOWN = 5
MOST = 10


def find(
    context: ToolContext,
    query: str = "",
    where: Sequence[Where] = (),
    avoid: Sequence[Avoid] = (),
    prefer: Sequence[Prefer] = (),
    like: str | None = None,
    sort: Sort | None = None,
    limit: int = SHOWN,
    others: bool = False,
    among: Sequence[str] = (),
    tell: Sequence[str] = (),
    not_meant: Sequence[str] = (),
) -> Found:
    """Find products under conditions; where nothing meets them all, the least gives way, and the result says so.

    query: the wish in plain words, without the conditions.
    where: what must hold: price, brand, category (the kind), stars, stock, title, text (anything said of it) or
    an attribute; op = != < <= > >= in, not in, has, lacks; e.g. {"field": "price", "op": "<=", "value": 50}.
    avoid: what must not be, as in where.
    prefer: what weighs: low, high, near, or has (narrows where anything has it); also what buyers praise,
    {"field": "comfort", "aim": "high"}.
    like: handle to resemble. sort: an order asked for outright ("the cheapest").
    limit: at most 10. others: leave out what was shown. among: handles to choose among ("the lightest of them").
    tell: up to two questions, answered of each product, e.g. "how long does the battery last".
    not_meant: what is required and was misread or is taken back, as it is called there.
    """
    desk = context.desk
    compiler = Compiler(desk.shop.search, desk.schema)
    refused = take_back(context, not_meant)
    wanted, added = with_said(where, [negative(w) for w in avoid], context)
    compiled = compiler.compile(wanted)
    problems = (*(c.problem for c in compiled if c.problem), *refused)
    holding = asked = [c for c in compiled if c.filter is not None]
    apart = _apart(context, like, others, among)
    loosened: tuple[Loosened, ...] = ()
    sought = [c for c in holding if c.where.field in (KIND, TITLE) and not c.where.is_negative]
    exhausted = others and not desk.shop.search.count(And((*filters_of(sought), *apart)))
    if not exhausted and holding and not desk.shop.search.count(And((*filters_of(holding), *apart))):
        holding, loosened = loosen(desk, holding, apart, sort.field if sort else "")
    loosened = (*_unheard_of(desk, compiled), *loosened)
    whole = And((*filters_of(holding), *apart))
    narrow = [narrowed(context, one, prefer) for one in sure_first(context, whole, holding)]
    if context.gift and not (among or sort or sought or CARD.search(query)):
        narrow = _cards_last(desk, narrow)
    preferred = tuple(dict.fromkeys(told for _, labels in narrow for told in labels))
    groups = [group for group, _ in narrow]
    condition = groups[0] if len(groups) == 1 else Or(tuple(groups))
    total = desk.shop.search.count(groups[0] if sort else condition)
    applied = tuple(c.where for c in holding)
    labels = tuple(label(w, desk.schema) for w in applied)
    if exhausted or not total:
        kept = () if exhausted else tuple(label(c.where, desk.schema) for c in holding if c.firm)
        return Found(
            where=applied, labels=labels, added=added, problems=problems, exhausted=others, kept_out=kept
        )
    named = [*(w.field for w in applied), *(p.field for p in prefer)]
    titled = any(w.field == TITLE for w in applied)  # a title that only weighs says no kind
    kinded = bool(among) or KIND in named or titled or _is_said(query, applied)
    kinds = [text for w in applied if w.field == KIND and not w.is_negative for text in w.texts]
    ranked: list[Candidate] = []
    chosen: list[tuple[Candidate, Product]] = []
    corrected, most = None, max(1, min(limit, MOST))
    sense, is_out = _with_given_way(query, loosened), warned_of(query)
    for group in groups:
        best, respelt = _ranked(context, sense, group, prefer, like, sort, kinded, kinds)
        ranked, corrected = [*ranked, *best], corrected or respelt
        chosen += desk.choose(
            best,
            most - len(chosen),
            group,
            variety=None if sort else 0.15,
            is_gone=lambda product: bool(gone_of(product, applied)),
            is_out=is_out,
        )
        if len(chosen) >= most:
            break
    if sort is not None and not chosen:
        return _unordered(
            context, sort, find(context, query, where, avoid, prefer, like, None, limit, others, among, tell)
        )
    given_way = [c for c in holding if c not in asked]
    rows = explained_rows(context, query, holding, prefer, sort, chosen, given_way=given_way, tell=tell)
    context.shelf.considered = tuple(ranked)
    context.shelf.loosened = tuple(one.label for one in loosened)
    context.shelf.keep(rows)
    words, missing = _unmatched(desk, corrected or query, condition)
    return Found(
        rows=rows,
        total=total,
        missing=missing,
        unworded=bool(missing) and len(missing) == words,
        ordered=_ordered_of(ranked, total, sort, kinded or not query.strip()) if sort else 0,
        sold_out_first=bool(sort and chosen) and ranked[0].item_id != chosen[0][0].item_id,
        where=applied,
        labels=labels,
        preferred=preferred,
        unpreferred=desk.shop.search.count(whole) - total if preferred else 0,
        added=added,
        loosened=loosened,
        problems=problems,
        facets=facets_of(desk, condition),
        corrected=corrected,
        ask=tuple(label(c.where, desk.schema) for c in holding if c.allergen),
    )


def sure_first(context: ToolContext, whole: Filter, holding: Sequence[Compiled]) -> list[Filter]:
    """What is known to be without what shall not be, then that of which it is not known."""
    sure = tuple(c.sure for c in holding if c.sure is not None)
    count = context.desk.shop.search.count
    groups = [And((whole, *sure)), And((whole, Not(And(sure))))] if sure else [whole]
    return [group for group in groups if len(groups) == 1 or count(group)] or [whole]


def narrowed(
    context: ToolContext, condition: Filter, prefer: Sequence[Prefer]
) -> tuple[Filter, tuple[str, ...]]:
    """The condition with each wish for a value that something still meets, and the labels of these: who asks for a
    thing for dyed hair is shown what is made for it, as long as there is any.
    """
    desk, labels = context.desk, []
    for wish in prefer:
        for weighed in preferences_of(desk, [wish] if wish.aim == "has" else []):
            if weighed.filter is not None and desk.shop.search.count(And((condition, weighed.filter))):
                condition = And((condition, weighed.filter))
                value = True if wish.value is None else wish.value
                labels.append(label(Where(field=wish.field, op="has", value=value), desk.schema))
    return condition, tuple(labels)


def _cards_last(
    desk: ShopContext, groups: Sequence[tuple[Filter, tuple[str, ...]]]
) -> list[tuple[Filter, tuple[str, ...]]]:
    """What can be given by itself, then cards: who asks for a gift asks for none of these."""
    cards, count = desk.schema.greeting_cards, desk.shop.search.count
    parted = [(And((group, part)), labels) for part in (Not(cards), cards) for group, labels in groups]
    return [one for one in parted if count(one[0])] or list(groups)


def _unordered(context: ToolContext, sort: Sort, found: Found) -> Found:
    """What was found, where nothing of it states what the order is asked by."""
    schema = context.desk.schema
    if schema.field(sort.field) is None:
        near = ", ".join(schema.nearest_fields(sort.field))
        problem = (
            f"there is no field {sort.field!r} to sort by, so this is not in that order; there are {near}"
        )
    else:
        problem = f"none of these states {sort.field!r}, so this is not in that order"
    return found.model_copy(update={"problems": (*found.problems, problem), "unsorted": True})


def _unmatched(desk: ShopContext, query: str, condition: Filter) -> tuple[int, tuple[str, ...]]:
    """How many words of the query tell something, and those of them that no product has which fits."""
    words = {
        stem: word
        for word in re.findall(r"[^\W\d_]{3,}", query)[:MOST_WORDS]
        for stem in sorted(content(word))
    }
    count = desk.shop.search.count
    return len(words), tuple(word for word in words.values() if not count(And((condition, Words(word)))))


def _unheard_of(desk: ShopContext, compiled: Sequence[Compiled]) -> tuple[Loosened, ...]:
    """What must hold on a field that the shop has, and no product of it has ("size 48")."""
    return tuple(
        Loosened(where=c.where, label=label(c.where, desk.schema))
        for c in compiled
        if c.filter is None
        and not c.where.is_negative
        and isinstance(c.where.value, str)
        and isinstance(desk.schema.field(c.where.field), Field)
    )


def _with_given_way(query: str, loosened: Sequence[Loosened]) -> str:
    """The query with the values that gave way, so that what comes nearest to them comes first."""
    given = [one.where for one in loosened if not one.where.is_negative and one.where.field != KIND]
    if not given:
        return query
    return " ".join(
        dict.fromkeys(
            (*query.split(), *(t for w in given if isinstance(w.value, str) for t in w.value.split()))
        )
    )


def _ordered_of(ranked: Sequence[Candidate], total: int, sort: Sort, whole: bool) -> int:
    """Of how many products the first is first: all that fit, those nearest to the query, or those whose titles tell."""
    if title_measure(sort.field) is not None:
        return len(ranked)
    return total if whole or total <= NEAREST else len(ranked)


def _is_said(query: str, applied: Sequence[Where]) -> bool:
    """Whether the conditions say all that the query says: "Samsung", where the brand is one."""
    said = {stem for where in applied if not where.is_negative for stem in stems(str(where.value))}
    return bool(stems(query)) and said.issuperset(stems(query))


def _apart(context: ToolContext, like: str | None, others: bool, among: Sequence[str]) -> tuple[Filter, ...]:
    """What is out whatever the conditions: what was rejected, what was shown where others are wanted."""
    if among:
        return (Items(tuple(item for handle in among if (item := context.shelf.item(handle)))),)
    out = set(context.rejected) | context.shopper.disliked
    if others:
        out |= context.seen
    if like and (item := context.shelf.item(like)):
        out.add(item)
    return (Not(Items(tuple(sorted(out)))),) if out else ()


def _ranked(
    context: ToolContext,
    query: str,
    condition: Filter,
    prefer: Sequence[Prefer],
    like: str | None,
    sort: Sort | None,
    kinded: bool,
    kinds: Sequence[str] = (),
) -> tuple[list[Candidate], str | None]:
    """``kinded``: whether the condition says what is sought; ``kinds``: what it says. Candidates under the condition,
    best first; with ``sort`` all of them in its order.
    """
    desk, search = context.desk, context.desk.shop.search
    weighed = preferences_of(desk, prefer)
    if sort is not None:
        pool = proper(search.title, search.matching(condition), kinds)
        if (
            query.strip() and len(pool) > NEAREST and not kinded
        ):  # the order is of the thing, not of the whole shop
            pool = [hit.item_id for hit in search.search(query, condition, NEAREST).hits]
        key = order_key(desk, sort)
        scored = [(value, item_id) for item_id in pool if (value := key(item_id)) is not None]
        sign = 1.0 if sort.order == "asc" else -1.0
        scored.sort(key=lambda pair: (sign * pair[0], pair[1]))
        head = [
            *_better_rated_first(desk, scored[: 2 * MOST]),
            *(item for _, item in scored[2 * MOST : POOL]),
        ]
        return [Candidate(item_id=item_id, total=float(-at)) for at, item_id in enumerate(head)], None
    corrected = None
    item = context.shelf.item(like) if like else None
    if item is not None and item in search.table.row_of:
        scores = _likeness(context, item, condition)
    else:
        found = search.search(query, condition, POOL)
        if len(found.hits) < SHOWN:  # few are left: then show each of the near copies, too
            found = search.search(query, condition, POOL, fold=False)
        scores, corrected = {hit.item_id: hit.score for hit in found.hits}, found.corrected_query
    ids = tuple(scores)
    signals = desk.scorer.signals(
        ids,
        search=scores if query.strip() or item else None,
        critique=_critique(desk, weighed, ids),
        shopper=context.buyer,
        price=next((p.target for p in weighed if p.kind == "price" and p.target), None),
        aspects=[p.key for p in weighed if p.kind == "aspect"],
    )
    weights = desk.scorer.weights
    return rank(signals, weights.told() if item is None and is_natural(query) else weights), corrected


def _better_rated_first(desk: ShopContext, scored: Sequence[tuple[float, str]]) -> list[str]:
    """Items in the order given, of those that are equal in it the better rated first."""
    ordered: list[str] = []
    for _, equal in groupby(scored, key=lambda pair: pair[0]):
        items = [item_id for _, item_id in equal]
        if len(items) > 1:
            stars = {item_id: desk.scorer.stars(item_id) for item_id in items}
            items.sort(key=lambda item_id: -stars[item_id] if stars[item_id] == stars[item_id] else 0.0)
        ordered += items
    return ordered


def _critique(
    desk: ShopContext, weighed: Sequence[Preference], ids: Sequence[str]
) -> dict[str, float] | None:
    if not weighed:
        return None
    scores = preference_scores(weighed, ids, desk.scorer)
    return dict(zip(ids, map(float, scores), strict=True))


def _likeness(context: ToolContext, item: str, condition: Filter) -> dict[str, float]:
    """Products like one, by what they are and by who takes them."""
    shop = context.desk.shop
    near = {hit.item_id: hit.score for hit in shop.search.similar(item, POOL, condition)}
    alike = {scored.item_id: scored.score for scored in shop.cf.similar(item, 2 * POOL)}
    pool = tuple(near)
    by_text = standardise(np.array([near[i] for i in pool], dtype=np.float64))
    by_taste = standardise(np.array([alike.get(i, np.nan) for i in pool], dtype=np.float64))
    return dict(zip(pool, (by_text + 0.5 * by_taste).tolist(), strict=True))
