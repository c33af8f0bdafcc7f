"""What an utterance means, rule by rule. The many wordings stand in `dialogues/`."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.meaning import Act
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.simulation.phrasing import Phrasing
from agent.state import DialogueState
from agent.rules_understanding import understand
from retrieval.catalog import Product
from retrieval.filters import And, Attribute, Brand, Filter, Not, Price
from tests.agent.conftest import COLORS, Say


def labels(state: DialogueState) -> list[str]:
    return [constraint.label for constraint in state.constraints]


def admitted(condition: Filter, products: tuple[Product, ...]) -> set[str]:
    return {product.item_id for product in products if condition.matches(product, (4.0, 9))}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("I'm looking for running shoes", Act.ASK),
        ("hello", Act.SMALL_TALK),
        ("what can you do?", Act.HELP),
        ("write me a poem", Act.OUT_OF_SCOPE),
        ("what's your return policy?", Act.ASK_SHOP),
        ("recommend something for me", Act.RECOMMEND),
        ("start over", Act.START_OVER),
        ("undo", Act.UNDO),
        ("I'm vegan", Act.REMEMBER),
        ("forget that I'm vegan", Act.FORGET),
        ("compare the first two", Act.COMPARE),
        ("", Act.HELP),
    ],
)
def test_acts_of_a_first_utterance(text: str, act: Act, say: Say) -> None:
    assert say(text)[0].act is act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("cheaper", Act.CRITIQUE),
        ("like the second but in red", Act.CRITIQUE),
        ("tell me more about the first", Act.ASK_PRODUCT),
        ("what do buyers say about the first?", Act.ASK_BUYERS),
        ("compare the first and the second", Act.COMPARE),
        ("what goes with the second one?", Act.BUNDLE),
        ("I'll take the second one", Act.ACCEPT),
        ("don't show me the second one again", Act.REJECT),
        ("under 60", Act.REFINE),
        ("now I need a kettle", Act.ASK),
    ],
)
def test_acts_on_what_is_shown(text: str, act: Act, say: Say) -> None:
    assert say("running shoes", text)[0].act is act


def test_a_brand_that_is_a_common_word_needs_a_cue(say: Say) -> None:
    assert labels(say("something for my home")[1]) == []
    assert "Home" in labels(say("kettles from Home")[1])


def test_a_brand_of_another_thing_does_not_bind(say: Say) -> None:
    assert "Sony" not in labels(say("a case for my Sony")[1])


def test_a_kind_that_another_noun_follows_is_not_the_kind_wanted(say: Say) -> None:
    assert labels(say("a shoe rack")[1]) == []


def test_bare_number_after_a_correction_replaces_the_price(say: Say) -> None:
    meant, state = say("shoes under 100", "no wait, make that fifty")
    assert [c.filter for c in state.in_slot("price")] == [Price(max=50)]
    assert meant.drop == ("c1a",)


def test_a_bare_number_without_a_price_in_play_is_no_price(say: Say) -> None:
    assert say("iPhone 15")[1].constraints == ()


def test_query_keeps_what_is_sought_and_drops_talk(say: Say) -> None:
    assert say("um, I'm looking for running shoes under 80, please")[1].query == "running shoes"


def test_new_topic_keeps_price_and_refusals_and_tells_what_goes(say: Say) -> None:
    meant, state = say("red shoes under 80, not Nike", "now I need a kettle")
    assert meant.new_topic
    assert labels(state) == ["under $80", "not Nike", "Kettles"]
    assert "red" in " ".join(meant.notices)


def test_gift_is_noticed_and_taken_back(say: Say) -> None:
    assert say("a gift for my sister")[1].gift
    assert not say("a gift for my sister", "actually it's for me")[1].gift


def test_referents_point_into_the_last_list(say: Say) -> None:
    _, state = say("running shoes")
    meant, _ = say("compare the first and the last", state=state)
    assert [r.item_id for r in meant.referents] == [state.last_shown()[0], state.last_shown()[-1]]


def test_pointing_past_the_list_points_at_nothing(say: Say) -> None:
    assert [r.item_id for r in say("jewelry", "tell me about the third one")[0].referents] == [None]


def test_never_changes_the_state_it_is_given(say: Say, vocabulary: Vocabulary, facts: Facts) -> None:
    _, state = say("red shoes under 80")
    before = state.model_dump_json()
    understand("no wait, blue", state, vocabulary, facts)
    assert state.model_dump_json() == before


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood_as_something(text: str, vocabulary: Vocabulary, facts: Facts) -> None:
    meant = understand(text, DialogueState(), vocabulary, facts)
    assert DialogueState().apply(meant).turn == 1


WISH = st.one_of(
    st.tuples(st.just("most"), st.integers(30, 90)),
    st.tuples(st.just("least"), st.integers(25, 60)),
    st.tuples(st.just("brand"), st.sampled_from(["Nike", "Adidas", "Veltra"])),
    st.tuples(st.just("not brand"), st.sampled_from(["Nike", "Adidas", "Veltra"])),
    st.tuples(st.just("value"), st.sampled_from([*COLORS, "leather", "mesh", "glass"])),
    st.tuples(st.just("not value"), st.sampled_from([*COLORS, "leather", "mesh", "glass"])),
)
"""Prices of the fixture end in .50, so that "over 40" and "at least 40" mean the same products."""


@given(wish=WISH, seed=st.integers(0, 10_000), first=st.booleans())
@settings(max_examples=300, deadline=None)
def test_understood_is_what_was_meant(
    wish: tuple[str, object],
    seed: int,
    first: bool,
    vocabulary: Vocabulary,
    facts: Facts,
    products: tuple[Product, ...],
) -> None:
    """Grammar × vocabulary: whatever the wording, exactly the products meant are admitted."""
    phrasing = Phrasing(random.Random(seed))
    state = DialogueState()
    if not first:
        state = state.apply(understand("I'm looking for something nice", state, vocabulary, facts))
    text, meant = _worded(phrasing, *wish)
    state = state.apply(understand(text, state, vocabulary, facts))
    assert admitted(state.filter(), products) == admitted(meant, products), text


def _worded(phrasing: Phrasing, kind: str, value: object) -> tuple[str, Filter]:
    if kind == "most":
        assert isinstance(value, int)
        return phrasing.at_most(value), Price(max=value)
    if kind == "least":
        assert isinstance(value, int)
        return phrasing.at_least(value), Price(min=value)
    word = str(value)
    if "brand" in kind:
        condition: Filter = Brand((word,))
        text = phrasing.brand(word, wanted=kind == "brand")
    else:
        name = "color" if word in COLORS else "material"
        condition = Attribute(name, (word,))
        text = phrasing.value(word, wanted=kind == "value")
    return text, Not(condition) if kind.startswith("not") else And((condition,))


def test_is_fast(say: Say, vocabulary: Vocabulary, facts: Facts) -> None:
    text = "um, I want red or blue running shoes from Nike under a hundred and twenty dollars, not leather"
    state = say("running shoes")[1]
    understand(text, state, vocabulary, facts)
    started = time.perf_counter()
    for _ in range(20):
        understand(text, state, vocabulary, facts)
    assert (time.perf_counter() - started) / 20 < 0.025, "5 ms on a quiet machine; five times that here"
