"""Training the reader, on a network so small that it takes seconds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.understanding.labels import Move, SpanLabel
from agent.understanding.learning import export, training
from agent.understanding.learning.annotated import AnnotationError, parse_line, read_text
from agent.understanding.learning.fitting import ReaderTraining
from agent.understanding.learning.network import ReaderNetwork
from agent.understanding.learning.training import average, hold_out, train_reader
from agent.understanding.reader import Reader
from agent.understanding.weights import NAME, ReaderFiles, ReaderFilesError
from retrieval.training.fine_tuning import FineTuning

THINGS = ("kettle", "lamp", "tent", "jacket", "drill", "guitar", "puzzle", "rug", "pan", "bike")
PLAN = ReaderTraining(
    fine_tuning=FineTuning(
        epochs=24, batch_size=8, learning_rate=3e-3, head_learning_rate=5e-3, average_from=0.8
    ),
    strength=0.2,
    held_out=0.34,
    runs=1,
)


def tiny_network(base: Any) -> ReaderNetwork:
    from transformers import BertConfig, BertModel

    generator = torch.random.get_rng_state()
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=128, vocab_size=30522
    )
    network = ReaderNetwork(BertModel(config, add_pooling_layer=False))
    torch.random.set_rng_state(generator)
    return network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hands who want something and thank for it."""
    folder = tmp_path_factory.mktemp("utterances")
    for hand in range(3):
        lines = [
            line
            for thing in THINGS
            for line in (f"sk: i want a [T {thing}] [B under {hand}0 pounds]", "so: thank you so much", "")
        ]
        (folder / f"hand_{hand}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "build_network", tiny_network)
        report = train_reader([folder], out, cache_folder=out / "cache", settings=PLAN)
    return out, report


@pytest.fixture(scope="module")
def reader(trained: tuple[Path, dict[str, Any]]) -> Reader:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "build_network", tiny_network)
        return Reader.open(trained[0] / "exports", weights=trained[0])


def test_the_report_is_of_authors_that_were_held_out(trained: tuple[Path, dict[str, Any]]) -> None:
    out, report = trained
    assert len(report["held_out_authors"]) == 1
    assert (report["authors"], report["utterances"]) == (2, 40)
    assert report["held_out"]["main_move"] >= 0.95
    assert json.loads((out / f"{NAME}.json").read_text())["held_out"] == report["held_out"]
    assert "| main move right |" in (out / f"{NAME}.md").read_text()


def test_the_weights_of_several_runs_are_averaged() -> None:
    one, other = tiny_network(None), tiny_network(None)
    with torch.no_grad():
        other.main.bias.add_(2.0)
    before = one.main.bias.detach().clone()
    assert torch.allclose(average([one, other]).main.bias, before + 1.0)


def test_what_was_learnt_is_read(reader: Reader) -> None:
    read = reader.read("i want a lamp under 20 pounds")
    assert read.main is Move.SEEK
    assert ("lamp", SpanLabel.THING) in [(span.text, span.label) for span in read.spans]
    assert reader.read("thank you so much").main is Move.SOCIAL


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), context=st.lists(st.text(max_size=40), max_size=3))
def test_whatever_is_said_spans_lie_in_it_in_order(reader: Reader, text: str, context: list[str]) -> None:
    read = reader.read(text, context)
    assert read.moves
    end = 0
    for span in read.spans:
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert 0 <= span.confidence <= 1
        end = span.end
    assert all(0 <= scored.probability <= 1 for scored in read.moves)
    assert len({scored.move for scored in read.moves}) == len(read.moves)


def test_a_long_text_is_read_to_its_end(reader: Reader) -> None:
    text = "thank you so much " * 110 + "i want a lamp under 20 pounds"
    assert len(text) > 2000
    assert any(span.start > 1900 for span in reader.read(text).spans)


def test_the_same_seed_gives_the_same_weights_whether_stopped_or_not(folder: Path, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(stage: str, done: int, total: int | None) -> None:
        if total and done > total / 2:
            raise StoppedError

    plan = replace(PLAN, fine_tuning=replace(PLAN.fine_tuning, epochs=4, average_from=0.3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "build_network", tiny_network)
        with pytest.raises(StoppedError):
            train_reader(
                [folder], tmp_path / "a", cache_folder=tmp_path / "one", settings=plan, progress=stop
            )
        train_reader([folder], tmp_path / "a", cache_folder=tmp_path / "one", settings=plan)
        train_reader([folder], tmp_path / "b", cache_folder=tmp_path / "two", settings=plan)
    weights = [(tmp_path / out / f"{NAME}.safetensors").read_bytes() for out in "ab"]
    assert weights[0] == weights[1]


def test_nothing_to_learn_from_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no annotated utterances"):
        train_reader([tmp_path], tmp_path / "out", cache_folder=tmp_path)


def test_authors_are_held_out_whole() -> None:
    utterances = [u for hand in "abcdefghij" for u in read_text("sk: a lamp\nrf: red", hand)]
    fitting, held = hold_out(utterances, 0.2)
    assert len({u.author for u in held}) == 2
    assert not {u.author for u in held} & {u.author for u in fitting}


def test_a_single_author_is_learnt_from() -> None:
    assert hold_out([parse_line("sk: a lamp")], 0.5)[1] == []


def test_missing_weights_are_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReaderFilesError, match="aisle train-reader"):
        ReaderFiles.find(tmp_path)


def test_an_export_that_is_damaged_is_made_again(
    trained: tuple[Path, dict[str, Any]], reader: Reader
) -> None:
    model = next((trained[0] / "exports" / "readers").glob("*/model.onnx"))
    model.write_bytes(model.read_bytes()[:1000])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "build_network", tiny_network)
        again = Reader.open(trained[0] / "exports", weights=trained[0])
    assert again.read("thank you so much") == reader.read("thank you so much")


def test_weights_that_were_changed_are_told(trained: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    for end in ("safetensors", "json"):
        (tmp_path / f"{NAME}.{end}").write_bytes((trained[0] / f"{NAME}.{end}").read_bytes())
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  {NAME}.safetensors\n", encoding="utf-8")
    with pytest.raises(ReaderFilesError, match="is not the file that came with Aisle"):
        ReaderFiles.find(tmp_path)


def test_weights_of_another_network_are_told(trained: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(ReaderFilesError, match="does not fit the encoder"):
        Reader.open(tmp_path, weights=trained[0])
