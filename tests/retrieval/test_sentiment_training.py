"""Training: how a model learns, what development data picks, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.inference.classifier import softmax
from retrieval.inference.classifier_weights import (
    MODELS_FOLDER,
    DeliveredWeights,
    ModelFilesError,
    base_folder,
    load_tensors,
    save_tensors,
)
from retrieval.inference.low_rank import add_difference, save_difference
from retrieval.training.development import Development, add_bias, blend
from retrieval.training.fine_tuning import Example, FineTuning, fine_tune, predict_logits
from retrieval.training.sentiment_data import (
    RatedSnippet,
)


@pytest.fixture
def tiny() -> Any:
    """A two-layer BERT of a few thousand weights with MiniLM's vocabulary."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    return BertForSequenceClassification(
        BertConfig(
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            num_labels=3,
            hidden_dropout_prob=0.0,
        )
    )


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(base_folder()))


EXAMPLES = [
    Example(text, target)
    for text, target in (("good", (0.0, 0.0, 1.0)), ("bad", (1.0, 0.0, 0.0)), ("it", (0.0, 1.0, 0.0)))
] * 8
QUICK = FineTuning(epochs=30, batch_size=8, learning_rate=5e-3, head_learning_rate=1e-2)


def test_fine_tuning_learns_three_words(tiny: Any, tokenizer: Any) -> None:
    fine_tune(tiny, tokenizer, EXAMPLES, QUICK)

    logits = predict_logits(tiny, tokenizer, [("good", None), ("bad", None), ("it", None)])
    assert logits.argmax(axis=1).tolist() == [2, 0, 1]


def test_the_same_seed_gives_the_same_model(tiny: Any, tokenizer: Any) -> None:
    import copy

    other = copy.deepcopy(tiny)
    short = replace(QUICK, epochs=1)
    fine_tune(tiny, tokenizer, EXAMPLES, short)
    fine_tune(other, tokenizer, EXAMPLES, short)

    texts = [("good", None), ("good", "term")]
    assert np.array_equal(predict_logits(tiny, tokenizer, texts), predict_logits(other, tokenizer, texts))


def test_word_embeddings_and_lowest_layers_stay_frozen(tiny: Any, tokenizer: Any) -> None:
    before = {name: tensor.clone() for name, tensor in tiny.state_dict().items()}
    fine_tune(tiny, tokenizer, EXAMPLES, replace(QUICK, epochs=1, frozen_layers=1))

    changed = {name for name, tensor in tiny.state_dict().items() if not tensor.equal(before[name])}
    assert not {name for name in changed if "embeddings" in name or ".layer.0." in name}
    assert any(".layer.1." in name for name in changed)


def test_labels_without_neutral_say_nothing_about_neutral(tiny: Any, tokenizer: Any) -> None:
    polar = [replace(example, polar=True) for example in EXAMPLES if example.target[1] == 0]
    before = tiny.classifier.bias.detach().clone()
    fine_tune(tiny, tokenizer, polar, replace(QUICK, epochs=1, weight_decay=0.0))

    assert tiny.classifier.bias.detach()[1] == before[1]
    assert tiny.classifier.bias.detach()[0] != before[0]


def test_a_softened_opinion_is_learnt_at_its_own_temperature(tiny: Any, tokenizer: Any) -> None:
    logits = np.array([[2.0, 0.0, -1.0]])
    soft = tuple(float(p) for p in softmax(logits / 2)[0])
    fine_tune(tiny, tokenizer, [Example("so so", soft, temperature=2.0)] * 24, QUICK)  # type: ignore[arg-type]

    assert softmax(predict_logits(tiny, tokenizer, [("so so", None)])) == pytest.approx(
        softmax(logits), abs=0.05
    )


def test_blended_weights_lie_between_two_stages(tiny: Any) -> None:
    import torch

    before = {name: torch.zeros_like(tensor) for name, tensor in tiny.state_dict().items()}
    after = {name: tensor.clone() for name, tensor in tiny.state_dict().items()}
    blend(tiny, before, kept=0.25)

    assert all(torch.allclose(tensor, 0.75 * after[name]) for name, tensor in tiny.state_dict().items())


def test_kept_tensors_leave_out_the_embeddings_and_come_back(tiny: Any, tmp_path: Path) -> None:
    import copy

    from safetensors.numpy import load_file

    other = copy.deepcopy(tiny)
    tiny.classifier.bias.data += 1
    save_tensors(tiny, tmp_path / "model.safetensors")
    load_tensors(other, tmp_path / "model.safetensors")

    assert not any("embeddings" in name for name in load_file(tmp_path / "model.safetensors"))
    assert np.allclose(other.classifier.bias.detach(), tiny.classifier.bias.detach(), atol=1e-3)


def test_what_was_added_to_the_word_embeddings_comes_back(tiny: Any, tokenizer: Any, tmp_path: Path) -> None:
    import copy

    fresh, before = copy.deepcopy(tiny), tiny.get_input_embeddings().weight.detach().clone()
    fine_tune(tiny, tokenizer, EXAMPLES, replace(QUICK, epochs=5, embedding_rank=2))
    save_tensors(tiny, tmp_path / "model.safetensors", embeddings=before, rank=2)
    load_tensors(fresh, tmp_path / "model.safetensors")

    after = tiny.get_input_embeddings().weight.detach()
    word = tokenizer.convert_tokens_to_ids("good")
    assert not np.allclose(after[word], before[word], atol=1e-3)
    assert np.linalg.matrix_rank((after - before).numpy(), tol=1e-4) <= 2
    assert np.allclose(fresh.get_input_embeddings().weight.detach(), after, atol=1e-2)


def test_words_that_no_text_holds_stay_as_they_are(tiny: Any, tokenizer: Any) -> None:
    before = tiny.get_input_embeddings().weight.detach().clone()
    fine_tune(tiny, tokenizer, EXAMPLES, replace(QUICK, epochs=2, embedding_rank=2))

    unseen = tokenizer.convert_tokens_to_ids("sofa")
    assert np.array_equal(tiny.get_input_embeddings().weight.detach()[unseen], before[unseen])


def test_half_of_a_difference_is_refused(tiny: Any, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    name = "bert.embeddings.word_embeddings.weight.left"
    save_file({name: np.zeros((30522, 2), dtype=np.int8)}, tmp_path / "half.safetensors")

    with pytest.raises(ModelFilesError, match="does not fit the encoder"):
        load_tensors(tiny, tmp_path / "half.safetensors")


def test_tensors_of_another_model_are_refused(tiny: Any, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"classifier.bias": np.zeros(5, dtype=np.float16)}, tmp_path / "other.safetensors")

    with pytest.raises(ModelFilesError, match="does not fit the encoder"):
        load_tensors(tiny, tmp_path / "other.safetensors")


def test_missing_files_say_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match=r"no x\.safetensors and x\.json.*aisle train-sentiment"):
        DeliveredWeights.find("x", tmp_path)


def test_difference_of_low_rank_comes_back(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    generator = torch.Generator().manual_seed(0)
    before = {"matrix": torch.randn(20, 30, generator=generator), "bias": torch.zeros(20)}
    step = torch.randn(20, 2, generator=generator) @ torch.randn(2, 30, generator=generator)
    after = {"matrix": before["matrix"] + step, "bias": torch.ones(20)}
    save_difference(before, after, tmp_path / "d.safetensors", rank=2)

    kept = load_file(tmp_path / "d.safetensors")
    again = add_difference(before, kept)

    assert {name: tuple(tensor.shape) for name, tensor in kept.items()} == {
        "bias": (20,),
        "matrix.left": (20, 2),
        "matrix.left.scale": (20, 1),
        "matrix.right": (2, 30),
        "matrix.right.scale": (2, 1),
    }
    assert torch.allclose(again["matrix"], after["matrix"], atol=5e-2)
    assert torch.equal(again["bias"], after["bias"])


def test_a_matrix_that_changed_more_keeps_more(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    generator = torch.Generator().manual_seed(0)
    before = {"much": torch.zeros(40, 40), "little": torch.zeros(40, 40)}
    after = {
        "much": torch.randn(40, 40, generator=generator),
        "little": 0.01 * torch.randn(40, 40, generator=generator),
    }
    save_difference(before, after, tmp_path / "d.safetensors", rank=4)

    kept = load_file(tmp_path / "d.safetensors")

    assert not any("little" in name for name in kept)
    assert kept["much.left"].shape[1] == 8
    assert torch.equal(add_difference(before, kept)["little"], before["little"])


def test_delivered_weights_stay_under_25_megabytes() -> None:
    names = ("sentiment-minilm.safetensors", "aspects-minilm.safetensors")

    assert sum((MODELS_FOLDER / name).stat().st_size for name in names) < 25_000_000


def test_a_bias_is_added_to_what_the_model_says(tiny: Any, tokenizer: Any) -> None:
    before = predict_logits(tiny, tokenizer, [("good", None)])
    add_bias(tiny, np.array([1.0, 0.0, -1.0], dtype=np.float32))

    after = predict_logits(tiny, tokenizer, [("good", None)])
    assert after - before == pytest.approx(np.array([[1.0, 0.0, -1.0]]), abs=0.02)


def test_development_data_picks_the_stage_that_knows(tiny: Any, tokenizer: Any) -> None:
    development = Development(
        films=[("good", 1), ("bad", 0)],
        products=[
            RatedSnippet("good", 3.0, "1"),
            RatedSnippet("bad", -3.0, "1"),
            RatedSnippet("it", 0.0, "1"),
        ],
    )
    fresh = {name: tensor.clone() for name, tensor in tiny.state_dict().items()}
    fine_tune(tiny, tokenizer, EXAMPLES, QUICK)

    assert development.pick_blend(tiny, tokenizer, fresh, (0.9, 0.0)) == 0.0
    assert development.report(tiny, tokenizer)["dev"]["amazon_three_class_accuracy"] == 1.0
