"""Encoders keep one contract; the int8 export is checked against torch and refused when it drifts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import CachedEncoder, Encoder, EncoderError, TorchEncoder, _model_source, open_encoder
from retrieval.inference import encoder_export
from retrieval.inference.embedding_cache import EmbeddingCache
from tests.retrieval.shop_samples import HashingEncoder

TEXTS = ["waterproof boots", "a", "", "Kenyan coffee beans, light roast, 1 kg", "☕ コーヒー", "boots " * 400]


@pytest.fixture(scope="session")
def cache_folder(minilm_cache: Path) -> Path:
    return minilm_cache


@pytest.fixture(scope="session", params=["onnx", "torch"])
def encoder(request: pytest.FixtureRequest, cache_folder: Path) -> Encoder:
    return open_encoder(backend=request.param, cache_folder=cache_folder)


def test_vectors_have_length_one_and_keep_the_order(encoder: Encoder) -> None:
    vectors = encoder.encode_document(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=2e-3)
    again = encoder.encode_query(TEXTS[3:4])
    assert float((again @ vectors.T).argmax()) == 3


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_query([]).shape == (0, encoder.dimensions)
    assert encoder.encode_document([]).shape == (0, encoder.dimensions)


def test_likeness_of_meaning_beats_difference(encoder: Encoder) -> None:
    query, near, far = encoder.encode_query(["shoes for running", "jogging sneakers", "garden hose"])
    assert query @ near > query @ far + 0.2


def test_int8_stays_close_to_torch(cache_folder: Path) -> None:
    fast = open_encoder(backend="onnx", cache_folder=cache_folder)
    reference = TorchEncoder(_model_source("minilm", cache_folder))
    assert fast.model_id != reference.model_id
    cosines = (fast.encode_query(TEXTS[:4]) * reference.encode_query(TEXTS[:4])).sum(axis=1)
    assert cosines.min() > 0.95


def test_an_opened_export_needs_no_torch(cache_folder: Path) -> None:
    open_encoder(backend="onnx", cache_folder=cache_folder)
    code = (
        "import sys; from pathlib import Path; from retrieval.encoder import open_encoder;"
        f"open_encoder(cache_folder=Path({str(cache_folder)!r})).encode_query(['boots']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_export_that_drifts_is_refused(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_encoder(backend="onnx", cache_folder=cache_folder)
    (good,) = (cache_folder / "encoders").iterdir()

    def export_other_prompts(model: object, source: str, folder: Path) -> None:
        shutil.copytree(good, folder, dirs_exist_ok=True)
        facts = json.loads((good / "encoder.json").read_text())
        (folder / "encoder.json").write_text(json.dumps({**facts, "query_prompt": "no no no "}))

    monkeypatch.setattr(encoder_export, "_write", export_other_prompts)
    with pytest.raises(EncoderError, match="drifts from the reference"):
        open_encoder(backend="onnx", cache_folder=tmp_path)
    assert not list((tmp_path / "encoders").iterdir())


def test_messy_texts_are_encoded_in_bounded_time(cache_folder: Path) -> None:
    encoder = open_encoder(backend="onnx", cache_folder=cache_folder)
    for text in ("", "\0", "x" * 10_000, "靴 👟 حذاء", "9" * 400, "<b>'; DROP TABLE x; --", "\ufffd\u202e"):
        started = time.perf_counter()
        assert np.isfinite(encoder.encode_query([text])).all()
        assert time.perf_counter() - started < 2


def test_prompts_of_a_model_are_kept(cache_folder: Path, tmp_path: Path) -> None:
    open_encoder(backend="onnx", cache_folder=cache_folder)
    (exported,) = (cache_folder / "encoders").iterdir()
    for file in exported.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    facts = json.loads((tmp_path / "encoder.json").read_text())
    (tmp_path / "encoder.json").write_text(json.dumps({**facts, "query_prompt": "search for: "}))
    from retrieval.encoder import OnnxEncoder

    plain, prompted = OnnxEncoder(exported), OnnxEncoder(tmp_path)
    assert np.allclose(prompted.encode_query(["boots"]), plain.encode_query(["search for: boots"]))
    assert np.allclose(prompted.encode_document(["boots"]), plain.encode_document(["boots"]))


def test_a_missing_folder_and_an_unknown_backend_are_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="does not exist"):
        open_encoder("./nowhere", cache_folder=tmp_path)
    with pytest.raises(EncoderError, match="expected auto, onnx or torch"):
        open_encoder(backend="tpu", cache_folder=tmp_path)


def test_a_known_text_is_never_encoded_twice(tmp_path: Path) -> None:
    counting = HashingEncoder()
    cached = CachedEncoder(counting, EmbeddingCache(tmp_path, "m", counting.dimensions))
    first = cached.encode_document(["mug", "boot", "mug"])
    second = cached.encode_document(["boot", "lamp", "mug"])
    assert sorted(counting.encoded) == ["boot", "lamp", "mug", "mug"]
    assert np.array_equal(first[1], second[0])


def test_a_query_is_encoded_once_and_the_same_in_any_company(tmp_path: Path) -> None:
    counting = HashingEncoder()
    cached = CachedEncoder(counting, EmbeddingCache(tmp_path, "m", counting.dimensions))
    alone = cached.encode_query(["mug"])
    among = cached.encode_query(["boot", "mug", "boot"])
    assert counting.asked == ["mug", "boot"]
    assert np.array_equal(among[1], alone[0])
    assert cached.encode_query([]).shape == (0, counting.dimensions)


def test_more_queries_than_are_kept_are_all_encoded(tmp_path: Path) -> None:
    counting = HashingEncoder()
    cached = CachedEncoder(counting, EmbeddingCache(tmp_path, "m", counting.dimensions))
    for number in range(300):
        cached.encode_query([f"query {number}"])
    cached.encode_query(["query 299"])
    cached.encode_query(["query 0"])
    assert len(counting.asked) == 301
    assert len(cached.encode_query([f"mug {number}" for number in range(300)])) == 300


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    counting = HashingEncoder()
    cached = CachedEncoder(counting, EmbeddingCache(tmp_path, "m", counting.dimensions), chunk=2)

    def stop(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cached.encode_document(["a1", "b22", "c333", "d4444"], stop)
    cached.encode_document(["a1", "b22", "c333", "d4444"])
    assert counting.encoded == ["a1", "b22", "c333", "d4444"]


def test_another_model_does_not_see_the_vectors_of_the_first(tmp_path: Path) -> None:
    EmbeddingCache(tmp_path, "one", 2).put(["mug"], np.ones((1, 2), np.float32))
    assert EmbeddingCache(tmp_path, "two", 2).get(["mug"])[1] == [0]


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_cache_begins_anew(tmp_path: Path, content: bytes) -> None:
    cache = EmbeddingCache(tmp_path, "m", 2)
    cache.put(["mug"], np.ones((1, 2), np.float32))
    for path in tmp_path.glob("embeddings.db-*"):
        path.unlink()
    (tmp_path / "embeddings.db").write_bytes(content)
    assert cache.get(["mug"])[1] == [0]
    cache.put(["mug"], np.ones((1, 2), np.float32))
    assert cache.get(["mug"])[1] == []
