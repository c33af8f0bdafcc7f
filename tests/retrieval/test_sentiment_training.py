"""Training: what is learnt from, how probabilities are calibrated, and what is kept of a model."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.inference.calibration import best_bias, best_temperature, expected_calibration_error
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
from retrieval.training.aspects import train_aspects
from retrieval.training.development import Development, add_bias, blend
from retrieval.training.fine_tuning import Example, FineTuning, fine_tune, predict_logits
from retrieval.training.sentiment_corpus import StarredReview, read_reviews, review_sentences, starred_titles
from retrieval.training.sentiment_data import (
    RatedSnippet,
    binary_examples,
    lexicon_words,
    rated_examples,
    read_snippets,
    read_sst2,
    split_amazon,
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
    sizes = [path.stat().st_size for path in MODELS_FOLDER.glob("*minilm.safetensors")]

    assert len(sizes) == 2
    assert sum(sizes) < 25_000_000


@given(temperature=st.floats(0.5, 3.0))
@settings(max_examples=15, deadline=None)
def test_the_temperature_of_overconfident_logits_is_found(temperature: float) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(4000, 3)).astype(np.float32) * 2
    chances = softmax(logits)
    labels = np.array([generator.choice(3, p=row / row.sum()) for row in chances.astype(np.float64)])

    assert best_temperature(logits * np.float32(temperature), labels) == pytest.approx(temperature, rel=0.1)


@given(
    bias=st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)),
    temperature=st.floats(0.5, 2.0),
)
@settings(max_examples=10, deadline=None)
def test_what_the_classes_lack_is_found(bias: tuple[float, float, float], temperature: float) -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(6000, 3)).astype(np.float32) * 2
    labels = np.array([generator.choice(3, p=row / row.sum()) for row in softmax(logits).astype(np.float64)])
    two_sided = labels != 1
    masked = np.where([False, True, False], np.float32(-1e4), logits)[two_sided]
    lacking = np.array(bias, dtype=np.float32)

    found = best_bias(
        [(logits * np.float32(temperature) - lacking, labels), (masked - lacking, labels[two_sided])]
    )

    assert found == pytest.approx(lacking - lacking.mean(), abs=0.15)


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


def test_calibration_error_of_a_known_case() -> None:
    sure = np.tile(np.array([[0.9, 0.05, 0.05]], dtype=np.float32), (10, 1))
    half_right = np.array([0, 1] * 5)

    assert expected_calibration_error(sure, half_right) == pytest.approx(0.4, abs=1e-6)


def test_human_ratings_become_soft_targets() -> None:
    praise, doubt, blame = rated_examples(
        [RatedSnippet("a", 3.0, "1"), RatedSnippet("b", 0.5, "1"), RatedSnippet("c", -3.0, "1")]
    )

    assert praise.target[2] > 0.99
    assert blame.target[0] > 0.99
    assert doubt.target[1] == pytest.approx(doubt.target[2], abs=0.05)


@given(rating=st.floats(-4, 4))
def test_every_rating_gives_a_distribution(rating: float) -> None:
    (example,) = rated_examples([RatedSnippet("x", rating, "1")])

    assert sum(example.target) == pytest.approx(1)
    assert min(example.target) >= 0


def test_weak_labels_are_less_certain() -> None:
    (example,) = binary_examples([("great", 1)], certainty=0.8)

    assert example.polar
    assert example.target == pytest.approx((0.2, 0, 0.8))


def test_a_bad_row_of_sst2_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("good\t1\nbad\tno\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"train\.tsv, row 2"):
        read_sst2(tmp_path / "train.tsv")


def test_snippets_are_read_from_the_package_and_split_by_review(tmp_path: Path) -> None:
    lines = "".join(
        f"{review}_{part}\t{review % 3 - 1}\tsnippet {review} {part}\n"
        for review in range(20)
        for part in range(3)
    )
    inner = _tar({"hutto_ICWSM_2014/amazonReviewSnippets_GroundTruth.txt": lines.encode()})
    archive = tmp_path / "vaderSentiment-2.5.tar.gz"
    archive.write_bytes(_tar({"v/additional_resources/hutto_ICWSM_2014.tar.gz": inner}))

    snippets = read_snippets(archive, "amazon")
    train, test = split_amazon(snippets)

    assert len(snippets) == 60
    assert len(test) == 12
    assert not {snippet.group for snippet in train} & {snippet.group for snippet in test}


def test_films_are_no_source_of_snippets(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="amazon, tweets, news"):
        read_snippets(tmp_path / "x", "films")


def test_words_of_the_lexicon_are_words(tmp_path: Path) -> None:
    lexicon = "great\t3.1\t0.7\n:-)\t2.0\t0.5\nok\t1.2\t0.4\nawful\t-2.0\t0.5\n"
    (tmp_path / "v.tar.gz").write_bytes(_tar({"vaderSentiment-2.5/vader_lexicon.txt": lexicon.encode()}))

    assert lexicon_words(tmp_path / "v.tar.gz") == ["awful", "great"]


def test_titles_of_either_side_in_equal_numbers_and_no_star_counts() -> None:
    reviews = [
        StarredReview("really great little phone", "", 5),
        StarredReview("really good big phone", "", 4),
        StarredReview("Five stars from me", "", 5),
        StarredReview("stopped working quite soon", "", 1),
        StarredReview("it is a phone", "", 3),
    ]
    titles = starred_titles(reviews, limit=10)

    assert [side for _, side in titles] == [0, 1]
    assert titles[0][0] == "stopped working quite soon"


def test_sentences_are_split_plain_and_different(tmp_path: Path) -> None:
    folder = tmp_path / "phones"
    folder.mkdir()
    review = {
        "title_review": "Nice phone",
        "body": "It is <b>good</b>.<br>I like it! It is good.",
        "rating_review": 4,
    }
    (folder / "data_subset.json").write_text(json.dumps([{"reviews": [review, review]}]), encoding="utf-8")

    found = review_sentences(read_reviews(tmp_path), limit=10)

    assert len(found) == len(set(found))
    assert "Nice phone" in found
    assert "I like it!" in found
    assert not any("<" in sentence for sentence in found)


def test_aspect_training_writes_a_small_difference(tmp_path: Path) -> None:
    lines = "".join(
        f"the $T$ is {word} {n}\nscreen\n{sign}\n"
        for n in range(8)
        for word, sign in (("good", 1), ("bad", -1))
    )
    (tmp_path / "train.seg").write_text(lines, encoding="utf-8")

    report = train_aspects(
        tmp_path / "train.seg", tmp_path / "aspects", fine_tuning=FineTuning(epochs=1), runs=2, rank=2
    )

    assert report["examples"] == 16
    assert report["dev"]["examples"] == 2
    assert (tmp_path / "aspects.safetensors").stat().st_size < 1_000_000
    assert DeliveredWeights.find("aspects", tmp_path).temperature == report["temperature"]


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
