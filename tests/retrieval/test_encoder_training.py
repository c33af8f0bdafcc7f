"""The encoder learns from needs which kind and which product of it serves them, and from other encoders the rest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from retrieval.encoder import load_reference
from retrieval.inference.classifier_weights import base_folder
from retrieval.inference.encoder_weights import in_eight_bits, in_full, materialise, save_encoder
from retrieval.inference.encoders import EncoderError
from retrieval.naming.needs import Need
from retrieval.training import choices, encoder
from retrieval.training.choices import Choice, Material, Neighbours, drawn, gathered
from retrieval.training.encoder import EncoderTraining, first_within, learn
from retrieval.training.likeness import Likenesses
from retrieval.training.need_pairs import Kind, Pair, own_kinds

torch = pytest.importorskip("torch")

BAGS = Kind(
    ("Outdoor", "Sleeping bag"),
    ("Arctic Bag. Down to minus 20.", "Feather Bag. Only 400 g."),
    (("it freezes where I sleep", (0,)), ("my back is done with loads", (1,)), ("somewhere to sleep", ())),
)
POTS = Kind(
    ("Kitchen", "Tea pot"), ("Glass Pot. See the leaves.", "Iron Pot. Keeps warm."), (("mine is cold", (1,)),)
)


def unit(rows: int, seed: int) -> torch.Tensor:
    return torch.nn.functional.normalize(
        torch.randn(rows, 8, generator=torch.Generator().manual_seed(seed)), dim=-1
    )


def right_for(batch: Choice, said: str) -> set[str]:
    rows = next(right for text, right in batch.said if text == said)
    return {batch.documents[row] for row in rows}


def test_a_need_is_right_with_its_product_alone_among_all_of_the_batch() -> None:
    batch = choices._of_products((BAGS, POTS), [[1], [0]], random.Random(1))
    assert len(batch.documents) == 4
    (document,) = right_for(batch, "my back is done with loads")
    assert document.startswith("Feather Bag.")


def test_a_need_of_the_kind_is_right_with_any_of_its_products() -> None:
    batch = choices._of_products((POTS, BAGS), [[1], [0]], random.Random(1))
    assert {text.split(".")[0] for text in right_for(batch, "somewhere to sleep")} == {
        "Arctic Bag",
        "Feather Bag",
    }


def test_what_is_asked_of_a_shop_stands_against_all_that_it_sells() -> None:
    shop = Kind(("Camping shop",), (*BAGS.products, *POTS.products), (("my tea is cold", (2, 3)),))
    batch = choices._of_shop(shop, random.Random(1))
    assert batch.documents == shop.products
    assert right_for(batch, "my tea is cold") == set(POTS.products)


def test_a_batch_of_names_holds_the_right_one_once() -> None:
    needs = [Need((f"thing {at}", f"other {at}"), (f"said {at}", f"told {at}")) for at in range(30)]
    near = [[other for other in range(30) if other != at][:10] for at in range(30)]
    batch = choices._of_names(needs, near, random.Random(1))
    for said, (row,) in batch.said:
        assert batch.documents[row].split(",")[0].split()[-1] == said.split()[-1]


def test_pairs_of_one_group_are_right_for_each_other() -> None:
    pairs = [
        Pair("hoover", "vacuum", "vacuum"),
        Pair("cleaner", "vac", "vacuum"),
        Pair("sofa", "couch", "couch"),
    ]
    batch = choices._of_pairs(pairs)
    assert right_for(batch, "hoover") == {"vacuum", "vac"}
    assert right_for(batch, "sofa") == {"couch"}


def test_what_is_said_of_no_known_product_is_not_judged() -> None:
    near = {"something nice": ["Glass Pot. See the leaves."]}
    batch = choices._free(["something nice"], ["Arctic Bag. Down to minus 20."], near, random.Random(1))
    assert not batch.judged
    assert set(batch.documents) == {"Glass Pot. See the leaves.", "Arctic Bag. Down to minus 20."}


def test_batches_of_each_sort_are_drawn_where_there_is_material_for_it() -> None:
    material = gathered([], [BAGS, POTS], [], [Pair("hoover", "vacuum", "vacuum", "names")], [], seed=1)
    batches = drawn(material, Neighbours([[1], [0]], [], {}), 40, seed=1)
    assert len(batches) == 40
    assert {"vacuum" in batch.documents for batch in batches} == {True, False}


def test_the_kinds_that_ship_have_products_to_tell_apart() -> None:
    kinds = own_kinds()
    assert len(kinds) > 700
    assert all(len(kind.products) > 1 for kind in kinds)
    assert all(any(serves for _, serves in kind.needs) for kind in kinds)


def test_one_teacher_alone_teaches_its_own_cosines() -> None:
    vectors = unit(12, 0)
    rows = torch.arange(12)
    likenesses = Likenesses([vectors], range(6), range(6, 12), seed=0)
    assert torch.allclose(likenesses.between(rows, rows), vectors @ vectors.T, atol=1e-5)


def test_several_teachers_are_brought_to_the_scale_of_the_first() -> None:
    first, second = unit(200, 0), torch.nn.functional.normalize(unit(200, 1) + 2.0, dim=-1)
    said, documents = torch.arange(100), torch.arange(100, 200)
    together = Likenesses([first, second], range(100), range(100, 200), seed=0).between(said, documents)
    alone = first[said] @ first[documents].T
    assert float(together.mean()) == pytest.approx(float(alone.mean()), abs=0.02)
    assert float(together.std()) == pytest.approx(float(alone.std()), abs=0.02)


def test_a_text_is_not_its_own_neighbour() -> None:
    near = Likenesses([unit(10, 3)], range(5), range(5, 10), seed=0).nearest([6, 7], range(5, 10), 3)
    assert 6 not in near[6]
    assert len(near[6]) == 3


def test_a_shift_of_all_cosines_is_seen_and_no_shift_is_none() -> None:
    before = unit(12, 0)
    moved = torch.nn.functional.normalize(before + 0.5, dim=-1)
    same, other = before @ before.T, moved @ moved.T
    assert float(encoder._shift(same, same, 5)) == 0.0
    assert float(encoder._shift(other, same, 5)) > 0.01


def test_centring_gives_back_the_cosines_from_before() -> None:
    model = load_reference(str(base_folder()))
    texts = [
        f"{adjective} {thing}" for adjective in ("red", "warm", "old") for thing in ("pot", "bag", "lamp")
    ]
    before = model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
    with torch.no_grad():
        model[0].auto_model.encoder.layer[-1].output.LayerNorm.bias += 0.2
    moved = model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
    assert encoder.centre(model, texts, before, max_tokens=16, seed=0) > 0
    after = model.encode(texts, convert_to_tensor=True, normalize_embeddings=True)
    wanted = encoder._likest(before @ before.T)
    assert abs(encoder._likest(after @ after.T) - wanted) < abs(encoder._likest(moved @ moved.T) - wanted)


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
    assert first_within(Words(), [held, taught]) == 1.0


def test_training_finds_the_product_that_serves_and_leaves_word_embeddings_alone() -> None:
    """Words that mean nothing come to mean one product each, the other one than plain MiniLM takes them for."""
    bags = Kind(
        BAGS.path,
        BAGS.products,
        (("zwick please", (1,)), ("zwick for me", (1,)), ("frool please", (0,)), ("frool for me", (0,))),
    )
    model = load_reference(str(base_folder()))
    words = model[0].auto_model.embeddings.word_embeddings.weight.detach().clone()
    material = Material((), (bags, POTS), (), (), ())
    vectors = [model.encode(material.texts, convert_to_tensor=True, normalize_embeddings=True)]
    settings = EncoderTraining(steps=40, learning_rate=3e-4, teaching=0.0, labelled=1.0)
    learn(model, material, vectors, settings, lambda stage, done, total: None)
    documents = model.encode(list(bags.products), normalize_embeddings=True)
    said = model.encode(["zwick please", "frool please"], normalize_embeddings=True)
    assert (said @ documents.T).argmax(axis=1).tolist() == [1, 0]
    assert torch.equal(words, model[0].auto_model.embeddings.word_embeddings.weight)


def test_training_reads_needs_and_leaves_weights_that_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "own_kinds", list)
    monkeypatch.setattr(encoder, "own_shops", list)
    monkeypatch.setattr(encoder, "known_needs", tuple)
    monkeypatch.setattr(encoder, "name_pairs", list)
    (tmp_path / "needs").mkdir()
    lines = (
        "@Pets > Dog raincoat",
        "=Wet Coat M | Taped seams.",
        "=Poncho S",
        "-a soaked beagle",
        "2so tiny",
    )
    (tmp_path / "needs" / "pairs.txt").write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "weights.safetensors"
    report = encoder.train_encoder(
        tmp_path, out, base=base_folder(), said=["anything for a wet dog"], settings=EncoderTraining(steps=2)
    )
    assert report["texts"] == {"products": 2, "said": 3}
    assert load_reference(str(materialise(tmp_path / "made", out))).encode(["a coat"]).shape == (1, 384)


def test_without_needs_training_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="pairs"):
        encoder.train_encoder(tmp_path, tmp_path / "weights.safetensors")


def test_weights_in_eight_bits_come_back_nearly_as_they_were() -> None:
    before = torch.nn.Linear(4, 3).state_dict()
    after = in_full(in_eight_bits(before))
    assert torch.allclose(after["weight"], before["weight"], atol=0.01)
    assert torch.allclose(after["bias"], before["bias"], atol=0.001)


def test_a_model_that_was_saved_says_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    model = load_reference(str(base_folder()))
    save_encoder(model, tmp_path / "weights.safetensors", {"digest": "of nothing"})
    again = load_reference(str(materialise(tmp_path / "made", tmp_path / "weights.safetensors")))
    texts = ["a kettle that does not drip", "waterproof hiking boots for women"]
    cosines = (
        model.encode(texts, normalize_embeddings=True) * again.encode(texts, normalize_embeddings=True)
    ).sum(1)
    assert cosines.min() > 0.99


def test_weights_that_are_missing_are_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="train-encoder"):
        materialise(tmp_path, tmp_path / "none.safetensors")
