"""The sentence of the listing or of a buyer that serves a wish is its reason; one that denies it is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from agent.explanations.constraint_reasons import constraint_ground
from agent.explanations.explain import _choose
from agent.explanations.other_reasons import listing
from agent.explanations.wish_sentences import WishSentences, wished_stems
from retrieval.filters import Filter, Price, Tags
from retrieval.records import Product, Review
from retrieval.review_index import ReviewIndex, build_reviews
from tests.retrieval.reviews import WordEncoder, WordListSentiment

FLASK = Product(
    item_id="f",
    title="Steel bottle",
    category=("Kitchen", "Bottles"),
    description="Holds approx. 0.5 l. Keeps tea hot for 13 hours. Not dishwasher safe.",
    texts={"care": "Rinse with warm water. The lid comes apart for cleaning."},
    tags=("tea",),
    price=31.0,
)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> WishSentences:
    said = [
        "The coffee stays hot all morning, great. It arrived late, bad.",
        "The paint came off, but it is great in a small car cup holder.",
        "It leaks in my rucksack, terrible.",
    ]
    reviews = [
        Review(review_id=f"r{n}", item_id="f", user_id=f"u{n}", stars=4, text=text)
        for n, text in enumerate(said)
    ]
    folder = tmp_path_factory.mktemp("reviews")
    build_reviews(reviews, [FLASK], folder, encoder=WordEncoder(), sentiment=WordListSentiment())
    return WishSentences(ReviewIndex.open(Path(folder), encoder=WordEncoder()))


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("keeps my tea hot", "Its description says “Keeps tea hot for 13 hours.”"),
        ("easy cleaning lid", "Care: “The lid comes apart for cleaning.”"),
        ("holds 0.5", "Its description says “Holds approx. 0.5 l.”"),
    ],
)
def test_the_sentence_that_serves_a_wish_is_quoted(sentences: WishSentences, wish: str, text: str) -> None:
    ground = sentences.listing(wish, FLASK)
    assert ground is not None
    assert ground.reason.text == text
    assert ground.reason.evidence_ids == (ground.evidence[0].evidence_id,)


@pytest.mark.parametrize(
    "wish", ["dishwasher safe", "steel bottle", "a nice gift", "", "doesn't keep tea hot"]
)
def test_a_sentence_that_denies_the_wish_or_a_wish_without_content_gives_no_reason(
    sentences: WishSentences, wish: str
) -> None:
    assert sentences.listing(wish, FLASK) is None


def test_a_wish_for_a_denied_thing_is_served_by_its_denial(sentences: WishSentences) -> None:
    ground = sentences.listing("not dishwasher safe", FLASK)
    assert ground is not None
    assert "Not dishwasher safe." in ground.reason.text


def test_a_buyer_serves_a_wish_with_the_clause_that_speaks_of_it(sentences: WishSentences) -> None:
    ground = sentences.buyer("bottle for the car cup holder", FLASK)
    assert ground is not None
    assert ground.reason.text == "A buyer says “it is great in a small car cup holder.”"
    assert ground.evidence[0].evidence_id == "review:r1"


@pytest.mark.parametrize("wish", ["rucksack", "bottle", "for the garden"])
def test_a_buyer_who_blames_or_nobody_serves_no_wish(sentences: WishSentences, wish: str) -> None:
    assert sentences.buyer(wish, FLASK) is None


def test_what_a_product_is_called_is_no_wish() -> None:
    assert wished_stems("a steel bottle for my tea", FLASK) == {"tea"}


@pytest.mark.parametrize("condition", [Price(max=40), Tags(("tea",))])
def test_what_only_repeats_the_request_stands_on_no_card_with_a_better_reason(condition: Filter) -> None:
    repeats, better = constraint_ground(condition, FLASK), listing(FLASK)
    assert repeats is not None
    assert _choose([repeats, better], Counter()) == [better]


def test_what_only_repeats_the_request_is_said_once_where_there_is_nothing_else() -> None:
    grounds = [constraint_ground(c, FLASK) for c in (Price(max=40), Tags(("tea",)))]
    assert len(_choose([ground for ground in grounds if ground], Counter())) == 1
