"""The sides of what buyers say: "what do people dislike about it", "what do they love", "pros and cons"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from agent.language import acts
from agent.language.text import stems, tokenize
from agent.reasons.evidence import counted, quotable, review_evidence, shorten, signal_evidence
from agent.records import Evidence
from agent.toolbox.desk import Desk
from agent.toolbox.fields import key_stems
from agent.toolbox.turn import Outcome, Shelf, Turn
from retrieval.aspect_mining.words import OVERALL
from retrieval.catalog import Product
from retrieval.reviews.answers import BuyersAnswer
from retrieval.reviews.opinions import Polarity
from retrieval.reviews.poles import asked_pole
from retrieval.reviews.quotes import Quote

MOST = 3
"""Things named of one side."""
LEADS: dict[Polarity, str] = {
    "positive": "What buyers like about {product}",
    "negative": "What buyers complain about in {product}",
}
Said = tuple[str, list[Evidence]]
_QUALITIES = tuple(
    word
    for pair in (
        "quiet loud",
        "fast slow",
        "light heavy",
        "small big",
        "bright dim",
        "comfortable uncomfortable",
        "sturdy flimsy",
        "reliable",
        "warm cold",
        "soft",
        "waterproof",
        "sharp blurry",
        "accurate inaccurate",
    )
    for word in pair.split()
)
"""What buyers call a thing: of each pair of opposites those that have a plain word."""


def asked_sides(question: str) -> tuple[Polarity, ...]:
    """The sides of buyers' opinions that are asked for; none where the question leans to neither."""
    sides: list[Polarity] = ["positive"] if acts.PRAISE.search(question) else []
    return (*sides, "negative") if acts.COMPLAINTS.search(question) else tuple(sides)


def without_sides(question: str) -> str:
    """The question less the words that ask for a side."""
    return acts.PRAISE.sub(" ", acts.COMPLAINTS.sub(" ", question))


def asked_of(question: str, turn: Turn, products: Sequence[Product]) -> str:
    """The question less what only says which products are meant ("do people like the kettle"); empty where
    the whole of them is asked about.
    """
    if any(aspect != OVERALL for aspect in turn.understanding.aspects):
        return question
    kinds = {stems(name)[-1] for product in products for name in product.category if stems(name)}
    said = [token for token in tokenize(question) if token.is_word and token.stem in kinds]
    for token in reversed(said):
        question = f"{question[: token.start]}it{question[token.end :]}"
    left = without_sides(question)
    for referent in turn.understanding.referents:
        left = left.replace(referent.text, " ")
    return question if key_stems(left) else ""


def tally_of(answer: BuyersAnswer) -> str:
    """How many buyers are for and against; in the words of the quality where one was asked about ("loud")."""
    pole = asked_pole(answer.question) if answer.by_side else None
    if pole is not None:
        return _by_quality(answer, pole.wanted, pole.unwanted)
    if not answer.positive and not answer.negative:
        of = f"its {answer.aspect}" if answer.aspect and answer.aspect != OVERALL else "it"
        return f"no buyer speaks well or badly of {of}"
    buyers = counted(answer.positive, "buyer") if answer.positive else "no buyer"
    one = answer.positive < 2
    if answer.aspect and answer.aspect != OVERALL:
        speak = "speaks" if one else "speak"
        return f"{buyers} {speak} well of its {answer.aspect} and {answer.negative or 'none'} badly"
    return f"{buyers} {'is' if one else 'are'} happy and {answer.negative or 'none'} not"


def _by_quality(answer: BuyersAnswer, wanted: Collection[str], unwanted: Collection[str]) -> str:
    """ "2 buyers call it quiet, none loud": the side with more buyers first."""
    name = next((word for word in _QUALITIES if word in wanted), None)
    against = next((word for word in _QUALITIES if word in unwanted), None)
    sides = [
        (answer.positive, name or f"not {against}"),
        (answer.negative, against or f"not {name}"),
    ]
    (many, first), (few, second) = sorted(sides, key=lambda side: -side[0])
    call = "calls" if many == 1 else "call"
    return f"{counted(many, 'buyer')} {call} it {first}, {few or 'none'} {second}"


def tell_sides(desk: Desk, shelf: Shelf, item_id: str, sides: Sequence[Polarity]) -> Outcome:
    """What buyers praise and complain about most: each thing counted and quoted.

    Where no single thing stands out, the clearest sentences of that side; where there are none, that is said.
    The product is on the shelf already.
    """
    handle = shelf.handle_of(item_id) or "P1"
    told = [
        _things(desk, item_id, handle, side) or _on_the_whole(desk, item_id, handle, side) for side in sides
    ]
    said = " ".join(text for text, _ in told)
    evidence = [one for _, found in told for one in found]
    return Outcome(shelf.add(said=said, evidence=evidence), said)


def sides_of_kind(desk: Desk, item_ids: Sequence[str], sides: Sequence[Polarity]) -> Said | None:
    """What buyers of all these products praise or complain about most; None where no two say the same."""
    judged: dict[str, Counter[Polarity]] = defaultdict(Counter)
    for item_id in item_ids:
        for aspect in desk.shop.reviews.signals(item_id).aspects:
            judged[aspect.name].update({"positive": aspect.positive, "negative": aspect.negative})
    judged.pop(OVERALL, None)
    told = [said for side in sides if (said := _most_judged(judged, side))]
    if not told:
        return None
    quotes = [quote for side in sides for quote in _example(desk, item_ids, judged, side)]
    evidence = [review_evidence(item_id, quote.review_id, quote.text) for item_id, quote in quotes]
    quoted = " ".join(_quoted(quote) for _, quote in quotes)
    return f"{' '.join(told)}{f' One wrote: {quoted}.' if quotes else ''}", evidence


def _most_judged(judged: Mapping[str, Counter[Polarity]], side: Polarity) -> str:
    names = _ordered(judged, side)[:MOST]
    parts = [f"{name} ({judged[name][side]} of {judged[name].total()} who judge it)" for name in names]
    does = "complain about" if side == "negative" else "praise"
    return f"What buyers of these {does} most: {', '.join(parts)}." if parts else ""


def _ordered(judged: Mapping[str, Counter[Polarity]], side: Polarity) -> list[str]:
    """Aspects that two buyers or more say this of: the most of them, and the largest share, first."""
    named = [name for name, counts in judged.items() if counts[side] > 1]
    return sorted(named, key=lambda name: (-(judged[name][side] ** 2) / judged[name].total(), name))


def _example(
    desk: Desk, item_ids: Sequence[str], judged: Mapping[str, Counter[Polarity]], side: Polarity
) -> list[tuple[str, Quote]]:
    """A sentence on what comes first, of the first product that has one."""
    first = _ordered(judged, side)[:1]
    for item_id in item_ids if first else ():
        summary = desk.shop.reviews.summary(item_id)
        for line in summary.cons if side == "negative" else summary.pros:
            if line.aspect == first[0] and line.quote.polarity == side and quotable(line.quote.text):
                return [(item_id, line.quote)]
    return []


def _things(desk: Desk, item_id: str, handle: str, side: Polarity) -> Said | None:
    summary = desk.shop.reviews.summary(item_id)
    lines = [
        line
        for line in (summary.cons if side == "negative" else summary.pros)
        if line.quote.polarity == side and quotable(line.quote.text)
    ][:MOST]
    if not lines:
        return None
    parts, evidence = [], []
    for line in lines:
        tally = f"its {line.aspect} ({line.count} of {line.of}"
        parts.append(f"{tally}: {_quoted(line.quote)})")
        evidence.append(signal_evidence(item_id, f"{side} {line.aspect}", f"{tally})", line.count))
        evidence.append(review_evidence(item_id, line.quote.review_id, line.quote.text))
    return f"{LEADS[side].format(product=f'[{handle}]')}: {', '.join(parts)}.", evidence


def _on_the_whole(desk: Desk, item_id: str, handle: str, side: Polarity) -> Said:
    answer = desk.shop.reviews.what_buyers_say(item_id)
    count = answer.negative if side == "negative" else answer.positive
    quotes = [quote for quote in answer.quotes if quote.polarity == side and quotable(quote.text)][:2]
    read = counted(answer.review_count, "review")
    if not count or not quotes:
        what = "no complaint" if side == "negative" else "no praise"
        said = f"I found {what} in the {read} of [{handle}] that I read."
        return said, [signal_evidence(item_id, f"{side} opinions", said, 0)]
    tally = f"{count} of {read} {'is' if count == 1 else 'are'} {'un' if side == 'negative' else ''}happy"
    said = f"Of [{handle}], {tally}: {' '.join(map(_quoted, quotes))}."
    evidence = [signal_evidence(item_id, f"{side} opinions", tally, count)]
    return said, [*evidence, *(review_evidence(item_id, quote.review_id, quote.text) for quote in quotes)]


def _quoted(quote: Quote) -> str:
    return f"“{shorten(quote.text).rstrip('.')}”"
