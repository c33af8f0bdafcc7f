"""An auditor of replies that shares no code with the guard: it checks prices, products, quotes, and by
``claim_rules`` superlatives, counts, absences, names and reasons.

Run with `python -m benchmarks.claims_audit SHOP [--files FILE ...] [--questions FILE] [--show]`: asks a built shop
questions made of its own kinds, numbers and words (or those of a file, one a line) and audits each answer; ``--files``
are the product files it was imported from. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from agent.records import Reply
from agent.shop import Shop

_MONEY = re.compile(r"[$€£]\s?(\d[\d,]*(?:\.\d\d)?)")
_QUOTE = re.compile(r"(?<!searched for )(?<!\d)[“\"]([^”\"]{4,})[”\"]")
"""A quote, but for the words that the reply says it searched for: those are its own. After a digit the mark
means inches."""


class Auditor:
    """Reads the whole shop once. A price may be one of the products shown, a limit the shopper gave (or the
    shop's answer offers as a chip), or the difference of two such amounts.
    """

    def __init__(self, shop: Shop) -> None:
        products = list(shop.catalog.products())
        self._titles = {product.title: product.item_id for product in products if len(product.title) > 12}
        texts = [f"{product.title} {product.description} {product.attributes}" for product in products]
        texts += [f"{name} yes" for p in products for name, value in p.attributes.items() if value is True]
        texts += [f"{review.title} {review.text}" for review in shop.catalog.reviews()]
        documents = shop.folder / "documents"
        files = documents.rglob("*") if documents.is_dir() else ()
        texts += [path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file()]
        self._text = _plain("\n".join(texts))

    def unsupported(self, reply: Reply, said: Iterable[str], earlier: Iterable[Reply] = ()) -> list[str]:
        """What the reply claims and neither the catalogue nor the conversation holds."""
        prices = [str(card.price) for before in earlier for card in before.cards]
        context = " ".join((*said, *(chip.label for chip in reply.chips), *prices))
        wrong = [f"price {amount}" for amount in self._prices(reply, context)]
        shown = {card.item_id for card in reply.cards}
        evidence = {fact.item_id for fact in reply.record.evidence}
        own_words = _QUOTE.sub(" ", reply.text)  # a description may name another product
        for title, item_id in self._titles.items():
            longer = any(title in card.title for card in reply.cards)  # part of a name that is shown
            if title in own_words and item_id not in shown | evidence and not longer:
                wrong.append(f"product {title}")
        if reply.record.understanding.get("act") != "help":  # help quotes what one may say, not a source
            wrong += [
                f"quote {quote}" for quote in _QUOTE.findall(reply.text) if self._is_made_up(quote, context)
            ]
        return wrong

    def _is_made_up(self, quote: str, context: str) -> bool:
        """Neither words of the shop or its buyers, nor the shopper's own (repeated in part, or respelt)."""
        words = _plain(quote)
        spoken = _plain(context).split()
        own = all(any(_alike(word, said) for said in spoken) for word in words.split())
        return words not in self._text and not own

    def _prices(self, reply: Reply, context: str) -> list[str]:
        known = [price for card in reply.cards for price in (card.price, card.price_max) if price is not None]
        known += [fact.value for fact in reply.record.evidence if fact.value is not None]
        known += [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", context)]
        for fact in reply.record.evidence:
            known += [float(n.replace(",", "")) for n in _MONEY.findall(fact.text)]
        allowed = {round(a, 2) for a in known} | {round(abs(a - b), 2) for a in known for b in known}
        return [n for n in _MONEY.findall(reply.text) if round(float(n.replace(",", "")), 2) not in allowed]


def _alike(word: str, other: str) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    return word[:3] == other[:3] or DamerauLevenshtein.distance(word, other) <= 1


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def questions(shop: Shop, count: int = 60, seed: int = 7) -> list[str]:
    """What shoppers of this shop may ask for, of its largest kinds: by price, number, brand, word and denial."""
    draw = random.Random(seed)
    products = list(shop.catalog.products())
    kinds = Counter(product.category[-1] for product in products if product.category)
    asked: list[str] = []
    for kind, _ in kinds.most_common(count // 3):
        own = [product for product in products if product.category and product.category[-1] == kind]
        name = kind.lower()
        prices = [product.price for product in own if product.price is not None]
        numbers = sorted({n for p in own for n, value in p.attributes.items() if isinstance(value, float)})
        words = [word for p in own for word in re.findall(r"[a-z]{5,}", p.description.lower())]
        asked += [f"the cheapest {name}", f"the most expensive {name}", f"the best rated {name}"]
        asked += [f"{name} under {median(prices):.0f}"] if prices else []
        asked += [f"{name} with the highest {draw.choice(numbers).replace('_', ' ')}"] if numbers else []
        if words:
            asked += [f"a {name} for {draw.choice(words)}", f"a {name} without {draw.choice(words)}"]
        brands = sorted({product.brand for product in own if product.brand})
        asked += [f"{name} from {draw.choice(brands)}"] if brands else []
    if not kinds:  # a shop without categories is asked by its makers
        for brand, _ in Counter(product.brand for product in products if product.brand).most_common(
            count // 4
        ):
            asked += [
                f"the cheapest {brand}",
                f"the best rated {brand}",
                f"{brand} with good battery",
                f"not {brand}",
            ]
    draw.shuffle(asked)
    return asked[:count]


def main() -> None:
    from agent.assistant import ShoppingAssistant
    from benchmarks.claim_rules import ClaimRules

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shop", type=Path)
    parser.add_argument("--files", type=Path, nargs="*", default=[])
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--show", action="store_true", help="print every wrong claim")
    given = parser.parse_args()
    assistant = ShoppingAssistant.open(given.shop)
    auditor, rules = Auditor(assistant.shop), ClaimRules(assistant.shop, given.files)
    asked = (
        given.questions.read_text(encoding="utf-8").splitlines()
        if given.questions
        else questions(assistant.shop)
    )
    wrong: Counter[str] = Counter()
    cards = 0
    for question in filter(None, asked):
        reply = assistant.reply(question)
        cards += len(reply.cards)
        found = [
            *rules.wrong(reply),
            *(("unsupported", what) for what in auditor.unsupported(reply, [question])),
        ]
        for kind, what in found:
            wrong[kind] += 1
            if given.show:
                print(f"{kind}: {question!r}: {what}", flush=True)
    print(
        json.dumps(
            {"questions": len(asked), "cards": cards, "wrong": dict(wrong), "all": sum(wrong.values())}
        )
    )


if __name__ == "__main__":
    main()
