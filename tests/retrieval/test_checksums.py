"""The model files that come with Aisle are what was delivered, or opening them says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from retrieval.inference.checksums import FILE, damaged, record
from retrieval.inference.classifier_weights import MODELS_FOLDER, DeliveredWeights, ModelFilesError
from retrieval.ranking.learned_reranker import LearnedReranker
from retrieval.reranker import RerankerError


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS_FOLDER, tmp_path / "models"))


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_every_delivered_file_has_its_checksum_and_matches_it() -> None:
    delivered = [
        path.name for path in MODELS_FOLDER.iterdir() if path.suffix in (".safetensors", ".json", ".txt")
    ]
    assert len(delivered) == 9
    assert damaged(MODELS_FOLDER, *delivered) == ""


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_weights_of_the_same_size_with_another_bit_are_not_opened(models: Path, suffix: str) -> None:
    assert DeliveredWeights.find("sentiment-minilm", models).temperature > 0
    flip_a_bit(models / f"sentiment-minilm{suffix}")
    with pytest.raises(ModelFilesError, match=r"not the file that came with Aisle.*install Aisle again"):
        DeliveredWeights.find("sentiment-minilm", models)


def test_a_damaged_reranker_is_not_opened(models: Path) -> None:
    flip_a_bit(models / "reranker.txt")
    with pytest.raises(RerankerError, match="not the file that came with Aisle"):
        LearnedReranker.open(None, models)  # type: ignore[arg-type]


def test_a_file_that_no_checksum_names_is_not_trusted(models: Path) -> None:
    (models / "other.json").write_text("{}")
    assert "expected none" in damaged(models, "other.json")


def test_a_model_trained_anew_takes_the_place_of_the_delivered_one(models: Path) -> None:
    flip_a_bit(models / "reranker.txt")
    record(models, "reranker.txt")
    assert damaged(models, "reranker.txt", "reranker.json") == ""


def test_a_folder_of_ones_own_needs_no_checksums(tmp_path: Path) -> None:
    (tmp_path / "reranker.txt").write_text("mine")
    record(tmp_path, "reranker.txt")
    assert not (tmp_path / FILE).exists()
    assert damaged(tmp_path, "reranker.txt") == ""
