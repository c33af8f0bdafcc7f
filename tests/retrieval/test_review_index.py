from __future__ import annotations

import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.records import Product, Review
from retrieval.review_index import ReviewIndex, ReviewIndexError, build_reviews
from retrieval.reviews.reading import review_text
from retrieval.reviews.store import ADDED, BUILT
from tests.retrieval.reviews import START, WordEncoder, WordListSentiment, kettle, kettle_reviews, review

ENCODER = WordEncoder()


def opened(folder: Path, reviews: list[Review], products: list[Product] | None = None) -> ReviewIndex:
    build_reviews(reviews, products or [kettle()], folder, encoder=ENCODER, sentiment=WordListSentiment())
    return ReviewIndex.open(folder, encoder=ENCODER, sentiment=WordListSentiment())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ReviewIndex:
    return opened(tmp_path_factory.mktemp("reviews"), kettle_reviews())


# --- answers


@pytest.mark.parametrize(
    ("question", "counted"),
    [("", "whole"), ("How is the lid?", "aspect"), ("Is the lid wide enough to fill it?", "question")],
)
def test_an_answer_says_what_its_counts_are_of(index: ReviewIndex, question: str, counted: str) -> None:
    assert index.what_buyers_say("kettle", question).counted == counted


def test_buyers_for_and_against_are_counted_by_review(index: ReviewIndex) -> None:
    answer = index.what_buyers_say("kettle", "How is the lid?")
    assert (answer.aspect, answer.positive, answer.negative, answer.mentioned) == ("lid", 7, 2, True)
    assert answer.low < answer.share_positive < answer.high


def test_quotes_are_verbatim_and_of_both_sides(index: ReviewIndex) -> None:
    quotes = index.what_buyers_say("kettle", "How is the lid?").quotes
    texts = {r.review_id: review_text(r) for r in kettle_reviews()}
    assert 2 <= len(quotes) <= 4
    assert {quote.polarity for quote in quotes} == {"positive", "negative"}
    assert len({quote.review_id for quote in quotes}) == len(quotes)
    for quote in quotes:
        assert quote.text in texts[quote.review_id]
        assert quote.date is not None
        assert quote.stars is not None


@pytest.mark.parametrize("question", ["Is it noisy at night?", "garden hose", "wireless charging"])
def test_what_nobody_mentions_is_said_to_be_so(index: ReviewIndex, question: str) -> None:
    answer = index.what_buyers_say("kettle", question)
    assert not answer.mentioned
    assert (answer.positive, answer.negative, answer.quotes) == (0, 0, ())


def test_a_key_word_that_is_no_aspect_is_found_in_any_inflection(index: ReviewIndex) -> None:
    answer = index.what_buyers_say("kettle", "does it boil the water quickly?")
    assert answer.mentioned or index.what_buyers_say("kettle", "boiling water").mentioned
    assert index.what_buyers_say("kettle", "boiling water").positive == 2


def test_a_key_word_is_judged_by_its_own_clause(tmp_path: Path) -> None:
    index = opened(tmp_path, [review(1, "The zipper broke twice, but the bag is great.")])
    assert index.what_buyers_say("kettle", "zipper").negative == 1


def test_without_a_question_the_whole_product_is_judged(index: ReviewIndex) -> None:
    answer, signals = index.what_buyers_say("kettle"), index.signals("kettle")
    assert answer.aspect is None
    assert (answer.positive, answer.negative) == (signals.positive, signals.negative)
    assert {quote.polarity for quote in answer.quotes} == {"positive", "negative"}


def test_the_whole_product_has_one_count_wherever_it_is_told(tmp_path: Path) -> None:
    said = "This product is great. The lid is bad. The handle is terrible. The cord is short."
    index = opened(tmp_path, [review(i, said) for i in range(3)] + [review(9, "The lid is great.")])
    answer, signals = index.what_buyers_say("kettle"), index.signals("kettle")
    overall = signals.aspect("overall")
    assert overall is not None
    assert (overall.positive, overall.negative) == (answer.positive, answer.negative) == (1, 3)
    assert (overall.share_positive, overall.low) == (answer.share_positive, answer.low)
    assert (signals.positive, signals.negative) == (1, 3)


def test_an_aspect_asked_for_by_name_has_the_count_of_the_signals(tmp_path: Path) -> None:
    texts = ["The battery is great."] * 6 + ["A bad battery life.", "The battery life is terrible."] * 3
    texts += ["The handle is great.", "A bad handle."] * 3
    index = opened(tmp_path, [review(i, text) for i, text in enumerate(texts)])
    told = {a.name: (a.positive, a.negative) for a in index.signals("kettle").aspects}
    assert {"battery", "handle"} <= set(told)
    for name in told.keys() - {"overall"}:
        answer = index.what_buyers_say("kettle", f"What do buyers say about the {name}?")
        assert (answer.positive, answer.negative) == told[name]
    for_life = index.what_buyers_say("kettle", "What do buyers say about the battery life?")
    assert (for_life.positive, for_life.negative) == told["battery"] == (6, 6)


def test_a_sentence_with_two_opinions_counts_for_both_sides(index: ReviewIndex) -> None:
    handle = index.signals("kettle").aspect("handle")
    assert handle is not None
    assert (handle.positive, handle.negative) == (4, 1)  # "The lid is great but the handle broke."


def test_helpful_reviews_are_quoted_first(tmp_path: Path) -> None:
    texts = ["The lid is great on this one.", "The lid is great on that one.", "The lid is great on my own."]
    reviews = [review(i, text, helpful=50 if i == 1 else 0) for i, text in enumerate(texts)]
    index = opened(tmp_path, reviews * 1)
    assert index.what_buyers_say("kettle", "lid").quotes[0].review_id == "kettle-1"


def test_a_product_nobody_reviewed_and_one_nobody_knows(index: ReviewIndex) -> None:
    for item_id in ("never", "kettle' OR 1=1 --"):
        assert index.signals(item_id).review_count == 0
        assert not index.what_buyers_say(item_id, "lid").mentioned
        assert index.summary(item_id).pros == ()


def test_one_happy_buyer_is_less_certain_than_many(tmp_path: Path) -> None:
    products = [Product(item_id=i, title=i, category=("Kettles",)) for i in ("a", "b", "c", "d")]
    reviews = [review(i, "The lid is great.", item_id="a") for i in range(9)]
    reviews += [review(1, "The lid is great.", item_id="b")]
    reviews += [review(i, "The lid is terrible.", item_id="c") for i in range(9)]
    reviews += [review(i, "The cord is good.", item_id="d") for i in range(9)]
    index = opened(tmp_path, reviews, products)
    best = [index.what_buyers_say(i, "Which has the best lid according to buyers?") for i in "abcd"]
    assert best[0].low > best[1].low > best[2].low
    assert [answer.mentioned for answer in best] == [True, True, True, False]


def test_pros_and_cons_are_counted_and_quoted(index: ReviewIndex) -> None:
    summary = index.summary("kettle")
    assert (summary.pros[0].aspect, summary.pros[0].count, summary.pros[0].of) == ("lid", 7, 9)
    assert summary.pros[0].text == "7 of 9 buyers who judge it praise the lid"
    assert "cord" in [line.aspect for line in summary.cons]
    assert all(line.quote.polarity == line.polarity for line in summary.pros + summary.cons)


def test_sentences_are_found_across_products_by_meaning(index: ReviewIndex) -> None:
    found = index.find_sentences("boils water fast", ["kettle"], k=2)
    assert all("boils water fast" in quote.text for quote in found)


def test_aspects_of_a_category_name_what_buyers_speak_of(index: ReviewIndex) -> None:
    assert {"lid", "handle", "price"} <= set(index.aspects(("Kitchen", "Kettles")))


# --- adding


def test_a_new_review_changes_its_product_at_once_and_stays(tmp_path: Path) -> None:
    index = opened(tmp_path, kettle_reviews())
    built = (tmp_path / BUILT).read_bytes()
    before = index.what_buyers_say("kettle", "lid")
    signals = index.add_review(review(50, "The lid is awful."))
    assert signals.aspect("lid").negative == before.negative + 1  # type: ignore[union-attr]
    assert index.what_buyers_say("kettle", "lid").negative == before.negative + 1
    again = ReviewIndex.open(tmp_path, encoder=ENCODER)
    assert again.signals("kettle") == signals
    assert again.review("kettle-50") is not None
    assert (tmp_path / BUILT).read_bytes() == built  # the build itself never changes


def test_another_open_index_sees_the_new_review(tmp_path: Path) -> None:
    writer = opened(tmp_path, kettle_reviews())
    reader = ReviewIndex.open(tmp_path, encoder=ENCODER)
    before = reader.signals("kettle").review_count
    writer.add_review(review(50, "The lid is awful."))
    writer.add_review(review(51, "The lid is bad."))
    assert reader.signals("kettle").review_count == before + 2
    assert reader.what_buyers_say("kettle", "lid").negative == 4


def test_a_changed_review_replaces_the_old_one(tmp_path: Path) -> None:
    index = opened(tmp_path, kettle_reviews())
    count = index.signals("kettle").review_count
    index.add_review(review(0, "The lid is terrible."))
    assert index.signals("kettle").review_count == count
    answer = index.what_buyers_say("kettle", "lid")
    assert (answer.positive, answer.negative) == (6, 3)


def test_a_review_of_a_product_newer_than_the_build(tmp_path: Path) -> None:
    index = opened(tmp_path, kettle_reviews())
    signals = index.add_review(review(0, "The lid is great.", item_id="new"), ("Kitchen", "Kettles"))
    assert signals.review_count == 1
    assert index.what_buyers_say("new", "lid").positive == 1


def test_a_copied_review_is_counted_as_suspicious(tmp_path: Path) -> None:
    text = "I bought it for my mother and she has used it every single day since then, great lid"
    index = opened(tmp_path, [*kettle_reviews(), review(60, text, item_id="other")])
    assert index.add_review(review(61, text)).suspicious_reasons == {"copy": 1}


def test_a_long_review_is_added_within_a_second(tmp_path: Path) -> None:
    index = opened(tmp_path, kettle_reviews())
    start = time.perf_counter()
    signals = index.add_review(review(70, "The lid is great and the handle is bad. " * 1300))
    assert time.perf_counter() - start < 1.0
    assert signals.review_count == 13


def test_threads_may_ask_while_one_adds(tmp_path: Path) -> None:
    index = opened(tmp_path, kettle_reviews())
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(5):
                if number == 0:
                    index.add_review(review(100 + i, "The lid is great."))
                assert index.what_buyers_say("kettle", "lid").mentioned
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert index.what_buyers_say("kettle", "lid").positive == 12


# --- building


def test_a_build_skips_other_languages_markup_and_personal_data(tmp_path: Path) -> None:
    reviews = [
        *kettle_reviews(),
        review(30, "La tapa es muy buena, me gusta mucho"),
        review(31, "<b>Great lid</b>! Mail me at ann@example.com", user_id="Ann Bell", title="By Ann Bell"),
        review(32, ""),
    ]
    index = opened(tmp_path, reviews)
    signals = index.signals("kettle")
    assert signals.other_languages == {"es": 1}
    shown = index.review("kettle-31")
    assert shown is not None
    assert shown.text == "By [name]\nGreat lid! Mail me at [email]"
    assert "ann@example.com" not in (tmp_path / BUILT).read_bytes().decode("utf-8", "ignore")


def test_metrics_of_a_build(tmp_path: Path) -> None:
    metrics = build_reviews(
        kettle_reviews(), [kettle()], tmp_path, encoder=ENCODER, sentiment=WordListSentiment()
    )
    assert (metrics["reviews"], metrics["products"], metrics["suspicious"]) == (12, 1, 0)
    assert metrics["sentences"] == 17


def test_an_empty_shop_builds_and_opens(tmp_path: Path) -> None:
    index = opened(tmp_path, [], [])
    assert index.signals("any").review_count == 0
    assert "price" in index.aspects()
    assert not index.what_buyers_say("any", "price").mentioned


def test_progress_is_told(tmp_path: Path) -> None:
    stages: list[str] = []
    build_reviews(
        kettle_reviews(),
        [kettle()],
        tmp_path,
        encoder=ENCODER,
        sentiment=WordListSentiment(),
        progress=lambda stage, done, total: stages.append(stage),
    )
    assert {"aspects", "score reviews", "encode reviews"} <= set(stages)


def test_a_missing_or_foreign_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReviewIndexError, match="build the shop first"):
        ReviewIndex.open(tmp_path, encoder=ENCODER)
    opened(tmp_path, kettle_reviews()).close()
    other = WordEncoder()
    other.model_id = "another"
    with pytest.raises(ReviewIndexError, match="build the shop again"):
        ReviewIndex.open(tmp_path, encoder=other)


def test_adding_needs_a_sentiment_model(tmp_path: Path) -> None:
    opened(tmp_path, kettle_reviews()).close()
    index = ReviewIndex.open(tmp_path, encoder=ENCODER)
    with pytest.raises(ReviewIndexError, match="sentiment"):
        index.add_review(review(1, "The lid is great."))
    assert not (tmp_path / ADDED).exists()


def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    opened(tmp_path, kettle_reviews()).close()

    class Broken(WordEncoder):
        def encode_document(self, texts, progress=None):  # type: ignore[no-untyped-def]
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        build_reviews(kettle_reviews()[:5], [], tmp_path, encoder=Broken(), sentiment=WordListSentiment())
    assert ReviewIndex.open(tmp_path, encoder=ENCODER).signals("kettle").review_count == 12


def test_the_rating_trend_and_dates_survive_the_store(tmp_path: Path) -> None:
    reviews = [
        review(i, "The lid is great." if i < 10 else "The lid is bad.", time=START + timedelta(days=60 * i))
        for i in range(20)
    ]
    index = opened(tmp_path, reviews)
    lid = index.signals("kettle").aspect("lid")
    assert lid is not None
    assert lid.trend is not None
    assert lid.trend.direction == "falling"


def test_the_file_is_plain_sqlite(tmp_path: Path) -> None:
    opened(tmp_path, kettle_reviews()).close()
    with sqlite3.connect(tmp_path / BUILT) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- qualities asked for by name


@pytest.fixture(scope="module")
def mixers(tmp_path_factory: pytest.TempPathFactory) -> ReviewIndex:
    products = [Product(item_id=i, title=i, category=("Mixers",)) for i in ("calm", "storm", "mute")]
    texts = {
        "calm": ["It is very quiet in use.", "Not loud at all, my baby sleeps.", "So quiet in use."],
        "storm": ["It is loud in use.", "Very noisy in use, but I love it.", "Not quiet in use at all."],
        "mute": ["It mixes well.", "I love it.", "Great colour."],
    }
    reviews = [review(i, text, item_id=item) for item, said in texts.items() for i, text in enumerate(said)]
    return opened(tmp_path_factory.mktemp("mixers"), reviews, products)


def test_the_quietest_is_told_by_what_is_said_not_by_its_mood(mixers: ReviewIndex) -> None:
    question = "Which of these is quietest?"
    told = [mixers.what_buyers_say(item, question) for item in ("calm", "storm", "mute")]
    assert [(answer.positive, answer.negative) for answer in told] == [(3, 0), (0, 3), (0, 0)]
    assert not told[-1].mentioned


def test_noise_asked_for_means_the_other_side_only_where_it_can_be_wanted(mixers: ReviewIndex) -> None:
    assert mixers.what_buyers_say("calm", "is it noisy in use?").positive == 3
    assert mixers.what_buyers_say("calm", "is it loud in use?").negative == 3


def test_how_they_run_is_no_running(tmp_path: Path) -> None:
    texts = ["Great running shoes.", "It runs small.", "They are small, bad.", "The size is great."]
    index = opened(tmp_path, [review(i, text) for i, text in enumerate(texts)])
    small = index.what_buyers_say("kettle", "do they run small?")
    assert (small.aspect, small.by_side) == ("size", True)
    assert {quote.text for quote in small.quotes} == {"It runs small.", "They are small, bad."}
    assert (small.positive, small.negative) == (2, 0)
    assert not index.what_buyers_say("kettle", "how is the size?").by_side
