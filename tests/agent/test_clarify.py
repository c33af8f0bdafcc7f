"""Asking back and ways out."""

from __future__ import annotations

import pytest

from agent.meaning import Act
from agent.reading.facts import Facts
from agent.reading.vocabulary import Vocabulary
from agent.state import DialogueState, PendingQuestion
from agent.toolbox.clarify import next_question, pays_to_ask
from agent.toolbox.relax import relaxations
from retrieval.catalog import Product
from retrieval.filters import And
from tests.agent.conftest import Say


def ask(
    state: DialogueState, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> PendingQuestion:
    fits = [p for p in products if state.filter().matches(p, (4.0, 9))]
    question = next_question(state, fits, vocabulary, facts)
    assert question is not None
    return question


def test_asks_what_splits_best(
    say: Say, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> None:
    _, state = say("shoes")
    assert ask(state, products, vocabulary, facts).slot in ("attribute:color", "price", "attribute:size")


def test_options_show_true_counts(
    say: Say, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> None:
    _, state = say("shoes")
    question = ask(state, products, vocabulary, facts)
    assert facts.count is not None
    for option in question.options:
        if option.filter is not None:
            assert option.count == facts.count(And((state.filter(), option.filter))) > 0


def test_never_asks_what_is_known_or_indifferent(
    say: Say, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> None:
    _, state = say("shoes")
    asked = set()
    while True:
        fits = [p for p in products if state.filter().matches(p, (4.0, 9))]
        question = next_question(state.model_copy(update={"asked_in_row": 0}), fits, vocabulary, facts)
        if question is None:
            break
        assert question.slot not in asked
        asked.add(question.slot)
        _, state = say("I don't mind", state=state.ask(question))
    assert len(asked) >= 2


def test_every_option_is_understood_as_itself(
    say: Say, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> None:
    _, state = say("shoes")
    question = ask(state, products, vocabulary, facts)
    for option in question.options:
        meant, _ = say(f"{option.label} please", state=state.ask(question))
        assert meant.act is Act.ANSWER
        assert [c.filter for c in meant.constraints] == ([option.filter] if option.filter else [])


def test_yes_or_no_and_more_or_less_are_too_little_to_ask_for() -> None:
    grinders = tuple(
        Product(
            item_id=f"G{n}",
            title=f"Grinder {n}",
            attributes={"noise_db": 50.0 + n, "cordless": n % 2 == 0},
        )
        for n in range(10)
    )

    assert next_question(DialogueState(), grinders, Vocabulary.of(grinders), Facts()) is None


def test_asks_at_most_twice_in_a_row(
    say: Say, products: tuple[Product, ...], vocabulary: Vocabulary, facts: Facts
) -> None:
    _, state = say("shoes")
    assert next_question(state.model_copy(update={"asked_in_row": 2}), products, vocabulary, facts) is None
    assert not pays_to_ask(state.model_copy(update={"asked_in_row": 2}), Act.ASK, 500)


@pytest.mark.parametrize("act", [Act.COMPARE, Act.ASK_PRODUCT, Act.ACCEPT, Act.CRITIQUE])
def test_asks_only_while_searching(act: Act) -> None:
    assert not pays_to_ask(DialogueState(), act, 500)


def test_smallest_price_that_gives_something(say: Say, facts: Facts) -> None:
    _, state = say("kettles under 15")
    offer = relaxations(state, facts)[0]
    assert offer.text == "Nothing under $15; at $21 there is 1."
    _, state = say(offer.chip.utterance, state=state)
    assert facts.count is not None
    assert facts.count(state.filter()) == 1


def test_says_which_wish_is_in_the_way(say: Say, facts: Facts) -> None:
    _, state = say("shoes in glass")
    texts = [offer.text for offer in relaxations(state, facts)]
    assert any("“glass” is in the way" in text for text in texts)


def test_every_offer_gives_what_it_says(say: Say, facts: Facts) -> None:
    _, state = say("red leather shoes from Nike under 45")
    offers = relaxations(state, facts)
    assert facts.count is not None
    assert offers
    for offer in offers:
        _, after = say(offer.chip.utterance, state=state)
        assert facts.count(after.filter()) == offer.count, offer.chip.utterance


def test_nothing_is_relaxed_by_itself(say: Say, facts: Facts) -> None:
    _, state = say("kettles under 15")
    relaxations(state, facts)
    assert [c.label for c in state.constraints] == ["under $15", "Kettles"]
