"""The encoder's second stage learns from needs which product of a kind serves them."""

from __future__ import annotations

import random

import pytest

from retrieval.encoder import load_reference
from retrieval.inference.classifier_weights import base_folder
from retrieval.naming.needs import Need
from retrieval.training import within_kinds
from retrieval.training.need_pairs import Kind, Pair, own_kinds
from retrieval.training.within_kinds import WithinKinds, first_within_kind, tell_apart

BAGS = Kind(
    ("Outdoor", "Sleeping bag"),
    ("Arctic Bag. Down to minus 20.", "Feather Bag. Only 400 g."),
    (("it freezes where I sleep", (0,)), ("my back is done with loads", (1,)), ("somewhere to sleep", ())),
)
POTS = Kind(
    ("Kitchen", "Tea pot"), ("Glass Pot. See the leaves.", "Iron Pot. Keeps warm."), (("mine is cold", (1,)),)
)


def _right(batch: within_kinds.Choice, said: str) -> set[str]:
    rows = next(right for text, right in batch.said if text == said)
    return {batch.documents[row] for row in rows}


def test_a_need_is_right_with_its_product_alone_among_all_of_the_batch() -> None:
    batch = within_kinds._of_products((BAGS, POTS), 100, random.Random(1))
    assert len(batch.documents) == 4
    (document,) = _right(batch, "my back is done with loads")
    assert document.startswith("Feather Bag.")


def test_a_need_of_the_kind_is_right_with_any_of_its_products() -> None:
    batch = within_kinds._of_products((POTS, BAGS), 100, random.Random(1))
    assert {text.split(".")[0] for text in _right(batch, "somewhere to sleep")} == {
        "Arctic Bag",
        "Feather Bag",
    }


def test_a_batch_of_names_holds_the_right_one_once() -> None:
    needs = [Need((f"thing {at}", f"other {at}"), (f"said {at}", f"told {at}")) for at in range(30)]
    near = [[other for other in range(30) if other != at][:10] for at in range(30)]
    batch = within_kinds._of_names(needs, near, WithinKinds(), random.Random(1))
    for said, (row,) in batch.said:
        assert batch.documents[row].split(",")[0].split()[-1] == said.split()[-1]


def test_pairs_of_one_group_are_right_for_each_other() -> None:
    pairs = [
        Pair("hoover", "vacuum", "vacuum"),
        Pair("cleaner", "vac", "vacuum"),
        Pair("sofa", "couch", "couch"),
    ]
    batch = within_kinds._of_pairs(pairs)
    assert _right(batch, "hoover") == {"vacuum", "vac"}
    assert _right(batch, "sofa") == {"couch"}


def test_a_shift_of_all_cosines_is_seen_and_no_shift_is_none() -> None:
    torch = pytest.importorskip("torch")
    before = torch.nn.functional.normalize(
        torch.randn(12, 8, generator=torch.Generator().manual_seed(0)), dim=-1
    )
    moved = torch.nn.functional.normalize(before + 0.5, dim=-1)
    assert float(within_kinds._shift(before, before, 5)) == 0.0
    assert float(within_kinds._shift(moved, before, 5)) > 0.01


def test_the_kinds_that_ship_have_products_to_tell_apart() -> None:
    kinds = own_kinds()
    assert len(kinds) > 700
    assert all(len(kind.products) > 1 for kind in kinds)
    assert all(any(serves for _, serves in kind.needs) for kind in kinds)


class Words:
    """An encoder by shared words."""

    def encode(self, texts: list[str], **_: object) -> object:
        import numpy as np

        known = sorted({word for text in texts for word in text.lower().split()})
        return np.array([[float(word in text.lower().split()) for word in known] for text in texts])


def test_what_is_reported_is_of_kinds_that_were_held_out() -> None:
    held = next(
        k
        for at in range(200)
        if (k := Kind((f"kind {at}",), ("red one", "blue two"), (("blue", (1,)),))).held_out
    )
    taught = next(
        k for at in range(200) if not (k := Kind((f"kind {at}",), ("red", "blue"), (("red", (1,)),))).held_out
    )
    assert first_within_kind(Words(), [held, taught]) == 1.0


def test_training_finds_the_product_that_serves_and_leaves_word_embeddings_alone() -> None:
    """Words that mean nothing come to mean one product each, the other one than plain MiniLM takes them for."""
    torch = pytest.importorskip("torch")
    bags = Kind(
        BAGS.path,
        BAGS.products,
        (("zwick please", (1,)), ("zwick for me", (1,)), ("frool please", (0,)), ("frool for me", (0,))),
    )
    model = load_reference(str(base_folder()))
    words = model[0].auto_model.embeddings.word_embeddings.weight.detach().clone()
    settings = WithinKinds(epochs=24, learning_rate=3e-4, mixed=1.0, teaching=0.0, name_batches=0)
    tell_apart(model, [bags, POTS], (), (), settings, lambda stage, done, total: None)
    documents = model.encode(list(bags.products), normalize_embeddings=True)
    said = model.encode(["zwick please", "frool please"], normalize_embeddings=True)
    assert (said @ documents.T).argmax(axis=1).tolist() == [1, 0]
    assert torch.equal(words, model[0].auto_model.embeddings.word_embeddings.weight)


def test_what_is_kept_lies_between_before_and_after() -> None:
    torch = pytest.importorskip("torch")
    before, after = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    middle = (before.weight + after.weight) / 2
    within_kinds._mix(after, before, 0.5)
    assert torch.allclose(after.weight, middle)
