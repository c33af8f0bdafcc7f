"""What the checker lets a reply say about products: only what this turn's evidence backs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product as pairs

import pytest

from agent.checks.claim_checker import check_sentence
from agent.checks.claims import Backing, Subject, Violation, sentences
from agent.checks.output_guard import SentenceGate

PANTS = Subject(
    "P1",
    "Aurora Silk Pants",
    price=120.0,
    stars=4.6,
    review_count=37,
    stock=3,
    texts=(
        "Material silk Material",
        "Colour black Colour",
        "Wide leg, breathable, with 2 pockets.",
        "not waterproof",
        "Machine washable at 30 degrees.",
        "I wore these to a wedding and they felt great.",
        "12 of 14 buyers who judge its comfort are happy with it",
    ),
)
TROUSERS = Subject(
    "P2",
    "Nordic Linen Trousers",
    price=80.0,
    stars=4.1,
    review_count=12,
    stock=0,
    texts=(
        "Material linen Material",
        "Colour white Colour",
        "waterproof",
        "Cut straight, with 4 pockets and a belt.",
        "They shrank in the first wash, sadly.",
        "3 of 9 buyers who judge its fit are happy with it",
    ),
)
HEADSET = Subject(
    "P3",
    "Kestrel BT500 Headset",
    price=39.5,
    price_max=49.5,
    stars=3.9,
    review_count=210,
    stock=18,
    texts=(
        "Battery life 20 hours Battery life",
        "Colour blue Colour",
        "Weight 180 g",
        "Folds flat, wireless, and pairs with 2 phones.",
        "The battery lasts a whole week of commuting.",
        "IP54",
    ),
)
_TERMS = "silk linen black white blue waterproof breathabl wireless leather red cotton vegan wool"
TERMS = frozenset(_TERMS.split())
BACKING = Backing(
    (PANTS, TROUSERS, HEADSET),
    ("14 products fit.", "Found under $300."),
    "women's silk pants under $300, waterproof please",
    TERMS,
)

TRUE = [
    "14 products fit. I would take [P1] at $120.00.",
    "[P1] is silk and breathable.",
    "[P1] costs $120.",
    "[P1] has 4.6 stars from 37 reviews.",
    "[P2] is waterproof.",
    "[P1] is not waterproof.",
    "The cheapest is [P3].",
    "[P3]: weight 180 g; battery life: 20 hours; colour: blue.",
    "[P1] is the most expensive.",
    "[P1] is the best rated.",
    "[P1] is in stock.",
    "[P2] is out of stock.",
    "[P2] is $40 cheaper than [P1].",
    "[P3] costs from $39.50 up to $49.50.",
    'One buyer of [P1] wrote "I wore these to a wedding and they felt great".',
    "[P3] has a battery life of 20 hours.",
    "[P3] is wireless and folds flat.",
    "[P1] and [P2] have pockets.",
    "Aurora Silk Pants are breathable. They are black, too.",
    "All of these are under $300.",
    "I have three options for you.",
    "[P3] is IP54.",
    "12 of 14 buyers are happy with the comfort of [P1].",
    "You asked for something waterproof, so look at [P2].",
    "What shall I look for next?",
]

Corruption = Callable[[Subject, Subject], str]
CORRUPTIONS: dict[str, Corruption] = {
    "a price of nobody": lambda own, _: f"[{own.handle}] costs ${(own.price or 0) + 7:.2f}.",
    "one dollar": lambda own, _: f"[{own.handle}] costs $1.",
    "a price in words": lambda own, _: f"[{own.handle}] costs ninety dollars.",
    "a price with code": lambda own, _: f"[{own.handle}] is yours for USD {(own.price or 0) - 3:.2f}.",
    "another's price": lambda own, other: f"[{own.handle}] costs ${other.price:.2f}.",
    "a price by name": lambda own, other: f"{own.title} is only ${(other.price or 0):.2f}.",
    "the budget as the price": lambda own, _: f"[{own.handle}] costs $300.",
    "a bound that is not met": lambda own, _: f"[{own.handle}] is under ${(own.price or 0) - 20:.0f}.",
    "a wrong difference": lambda own, other: f"[{own.handle}] is $13 cheaper than [{other.handle}].",
    "free": lambda own, _: f"[{own.handle}] is free today.",
    "a discount": lambda own, _: f"[{own.handle}] is 50% off.",
    "a price in euros": lambda own, _: f"[{own.handle}] is 17 euros.",
    "wrong stars": lambda own, _: f"[{own.handle}] has {(own.stars or 0) + 0.3:.1f} stars.",
    "another's stars": lambda own, other: f"[{own.handle}] has {other.stars} stars.",
    "a wrong count of reviews": lambda own, _: f"[{own.handle}] has {(own.review_count or 0) + 1} reviews.",
    "another's count of reviews": lambda own, other: f"[{own.handle}] has {other.review_count} reviews.",
    "made-up shares": lambda own, _: f"97% of the buyers of [{own.handle}] like it.",
    "made-up buyers": lambda own, _: f"Over 500 buyers chose [{own.handle}].",
    "a made-up measure": lambda own, _: f"[{own.handle}] weighs 3 kg.",
    "a made-up duration": lambda own, _: f"[{own.handle}] lasts 72 hours.",
    "a made-up quote": lambda own, _: f'A buyer of [{own.handle}] wrote "the best thing I ever bought".',
    "a quote bent": lambda own, _: f'Buyers of [{own.handle}] say "they shrank twice in the wash".',
    "a quote in single marks": lambda own, _: f"Buyers of [{own.handle}] say 'it changed my whole life'.",
    "another material": lambda own, _: f"[{own.handle}] is made of leather.",
    "another colour": lambda own, _: f"[{own.handle}] comes in red.",
    "a feature nobody stated": lambda own, _: f"[{own.handle}] is vegan.",
    "a service nobody stated": lambda own, _: f"[{own.handle}] ships overnight.",
    "a guarantee": lambda own, _: f"[{own.handle}] has a lifetime warranty.",
    "a cure": lambda own, _: f"[{own.handle}] cures back pain.",
    "safety": lambda own, _: f"[{own.handle}] is safe for babies.",
    "a best seller": lambda own, _: f"[{own.handle}] is our bestseller.",
    "a product not shown": lambda own, _: f"[{own.handle}] beats the Sony Walkman.",
    "a handle of nothing": lambda own, _: f"Take [P7] rather than [{own.handle}].",
    "a made-up code": lambda own, _: f"[{own.handle}] has the X900 chip.",
    "a link": lambda own, _: f"See [{own.handle}] at https://example.org.",
    "markup": lambda own, _: f"[{own.handle}] <b>now</b>.",
    "the next sentence's it": lambda own, _: f"Look at [{own.handle}]. It is made of wool.",
    "both, where one is not": lambda own, other: f"[{own.handle}] and [{other.handle}] are silk.",
    "a number in words": lambda own, _: f"[{own.handle}] has seventeen pockets.",
    "an award": lambda own, _: f"[{own.handle}] won an award.",
}
SUBJECTS = (PANTS, TROUSERS, HEADSET)
FRAMES = ("{}", "14 products fit. {} What shall I look for next?")


def corrupted() -> Iterator[str]:
    for make, own, other, frame in pairs(CORRUPTIONS.values(), SUBJECTS, SUBJECTS, FRAMES):
        if own is not other:
            yield frame.format(make(own, other))


SWAPPED = [
    "[P1] is waterproof.",
    "[P2] is silk.",
    "[P2] is breathable.",
    "[P3] is black.",
    "[P1] is wireless.",
    "[P2] is not waterproof.",
    "[P1] is not silk.",
    "[P1] isn't breathable.",
    "[P1] lasts 20 hours.",
    "[P1] has 4 pockets.",
    "[P2] is in stock.",
    "[P1] is out of stock.",
    "[P1] is the cheapest.",
    "[P2] is the best rated.",
    "[P3] is the most expensive.",
    "[P2] is the most reviewed.",
    'Buyers of [P2] say "I wore these to a wedding".',
    "Here are four options.",
    "I have waterproof pants: [P1].",
    "20 products fit.",
    "All of these are under $50.",
    "[P2] is waterproof and [P1] is waterproof.",
    "9 of 14 buyers are happy with the comfort of [P1].",
    "I found red ones for you.",
    "[P3] is the cheapest in the shop.",
    "[P3] is the cheapest among the 14 products.",
    "All for one dollar!",
]
CORRUPTED = [*dict.fromkeys(corrupted()), *SWAPPED]


def check(text: str, backing: Backing) -> list[Violation]:
    """Every claim of a whole text that the evidence does not back."""
    found: list[Violation] = []
    about: tuple[int, ...] = ()
    for sentence in sentences(text):
        violations, about = check_sentence(sentence, backing, about)
        found.extend(violations)
    return found


@pytest.mark.parametrize("text", TRUE)
def test_what_the_evidence_backs_may_be_said(text: str) -> None:
    assert check(text, BACKING) == []


def test_there_are_at_least_two_hundred_corrupted_replies() -> None:
    assert len(CORRUPTED) >= 200


@pytest.mark.parametrize("text", CORRUPTED)
def test_no_corrupted_reply_passes(text: str) -> None:
    assert check(text, BACKING) != []


@pytest.mark.parametrize("text", TRUE)
def test_a_true_reply_with_one_digit_changed_does_not_pass(text: str) -> None:
    changed = re.sub(
        r"(?<=\$)\d+(?:\.\d\d)?|\d\.\d|\b\d\d+\b", lambda m: "7" + m.group()[1:] + "3", text, count=1
    )
    if changed != text:
        assert check(changed, BACKING) != []


def test_wording_made_by_code_is_checked_for_facts_but_not_for_words() -> None:
    lenient = Backing(BACKING.subjects, BACKING.facts, BACKING.request, BACKING.terms, words="none")
    assert check("Splendidly, [P1] glows at $120.", lenient) == []
    assert check("Splendidly, [P1] glows at $119.", lenient) != []


# --- the words of a model: names, numbers, prices and quotes are checked, not every word -------------------

PHONE = Subject(
    "P1",
    "Tavo One Phone",
    price=200.0,
    stars=4.9,
    review_count=7,
    texts=(
        "memory: 64 GB",
        "year: 2021",
        "4 colors",
        "28 buyers speak well of its camera and 6 badly",
        "Most buyers are happy with its screen (7 of 9)",
        'A 7" screen that stays bright, with a matte-black frame.',
        "Runs Android 11.",
    ),
)
OTHER = Subject("P2", "Tavo Two Phone", price=150.0, texts=("keys: 25", "Size 10-46", "colour: gold"))
MODEL = Backing(
    (PHONE, OTHER),
    request="a phone, not one without leather or 10-46s",
    terms=frozenset(("leather", "black", "gold")),
    words="names",
    said=("A buyer writes “I would buy it again.”",),
)


@pytest.mark.parametrize(
    "text",
    [
        "[P1] has 4.9 of 5 stars from 7 reviews.",
        "[P1] is a 2021 Android phone with 64 GB.",
        "28 buyers speak well of the camera of [P1] and 6 badly.",
        "Of [P1], all 9 buyers who mention the screen were read: 7 are happy.",
        "[P1] has a 7” screen, and the shop writes that it “stays bright, with a matte-black frame.”",
        "Pick one of the four colors of [P1].",
        "Look at [P1]. The others have only 25 keys.",
        "No need to worry about looks here: [P1] has a black frame.",
        "Of [P1], as said, a buyer writes “I would buy it again.”",
        "Look at [P1] and [P2]. None of these lists leather.",
        "Nothing here is marked as 10-46 and as a phone, which [P1] does not state either.",
    ],
)
def test_what_is_true_passes_in_other_words(text: str) -> None:
    assert check(text, MODEL) == []


@pytest.mark.parametrize(
    "text",
    [
        "[P1] has 4.8 of 5 stars.",
        "[P1] is a 2022 Android phone.",
        "[P1] has 28 reviews.",
        "30 buyers speak well of the camera of [P1].",
        "[P1] has a 9” screen.",
        "[P1] comes in five colors.",
        "Look at [P1]. It has 25 keys.",
        "[P1] has a gold frame.",
        "Of [P1] a buyer writes “I would never buy it again.”",
    ],
)
def test_what_is_false_does_not_pass_in_other_words(text: str) -> None:
    assert check(text, MODEL) != []


def _asked(request: str) -> Backing:
    values = frozenset(("silk", "linen", "white", "black", "navi"))
    return Backing(subjects=(PANTS, TROUSERS), request=request, terms=values, values=values, words="names")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("what is shipping", "What shipping costs, the shop's pages do not say; please ask the shop."),
        ("for my seven year old", "[P1] suits a seven-year-old best."),
        ("a white one", "[P1] comes in black, not white."),
        ("something cheaper", "[P2] is linen for less, $80.00."),
        ("is it good", "“I wore these to a wedding and they felt great.” [P1] costs $120.00."),
    ],
)
def test_what_the_shopper_asked_may_be_said_not_to_be_known_or_so(asked: str, sentence: str) -> None:
    assert not check(sentence, _asked(asked))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("what is shipping", "Shipping is free, though the pages do not say so."),
        ("is there a warranty, is delivery free", "I am not sure, but delivery has a guarantee."),
        ("a tent for seven", "[P1] has seven pockets."),
        ("a white one", "[P2] comes in linen, not white."),
        ("something cheaper", "[P1] is yours for less, $80.00."),
    ],
)
def test_nothing_else_may_be_said_beside_it(asked: str, sentence: str) -> None:
    assert check(sentence, _asked(asked))


def test_a_mended_answer_does_not_tell_again_what_was_said() -> None:
    gate = SentenceGate(_asked("silk pants"))
    said = list(gate.feed("[P1] is black silk with 2 pockets at $120.00. It is made of gold. "))
    gate.forget()
    again = "[P1] has 2 pockets, is of black silk and costs $120.00. [P2] costs $80.00. "
    assert [one.strip() for one in (*said, *gate.feed(again), *gate.finish())] == [
        "[P1] is black silk with 2 pockets at $120.00.",
        "[P2] costs $80.00.",
    ]
