"""A need is searched for with what served those who asked for something like it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from retrieval.inference.encoders import EncoderError
from retrieval.ranking.asked import SHIPPED, Asked
from retrieval.training.asks import own_shops
from retrieval.training.need_pairs import Kind
from retrieval.training.remembering import compressed, remember

D = 12
SLEEP, EARPLUG, LAMP, READ = np.eye(D, dtype=np.float32)[:4]


VECTORS = {"I cannot sleep": SLEEP, "I read at night": READ, "Earplugs.": EARPLUG, "Clip lamp.": LAMP}


class Known:
    """A model that knows a vector for each of four texts."""

    def encode(self, texts: Sequence[str], **_: object) -> npt.NDArray[np.float32]:
        return np.stack([VECTORS[text] for text in texts])


SHOPS = [
    Kind(("a",), ("Earplugs.",), (("I cannot sleep", (0,)),)),
    Kind(("b",), ("Clip lamp.",), (("I read at night", (0,)),)),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    remember(Known(), "known-1", SHOPS, tmp_path / "asked.safetensors")
    return tmp_path / "asked.safetensors"


def test_a_need_moves_towards_what_served_the_nearest_ask(file: Path) -> None:
    asked = Asked.of("known-1:int8", file)
    assert asked is not None
    moved = asked.widened(SLEEP)
    assert moved @ EARPLUG > 0.4
    assert moved @ EARPLUG > 100 * abs(moved @ LAMP)
    assert moved @ SLEEP > 0.8
    assert np.linalg.norm(moved) == pytest.approx(1.0, abs=1e-5)


def test_another_encoder_has_no_use_for_it(file: Path) -> None:
    assert Asked.of("other:int8", file) is None


def test_without_the_file_nothing_is_moved(tmp_path: Path) -> None:
    assert Asked.of("known-1", tmp_path / "asked.safetensors") is None


def test_a_damaged_file_is_told(file: Path) -> None:
    (file.parent / "SHA256SUMS").write_text(f"{'0' * 64}  {file.name}\n", encoding="utf-8")
    with pytest.raises(EncoderError, match="SHA-256"):
        Asked.of("known-1 damaged", file)


def test_eight_bits_keep_what_is_near() -> None:
    rng = np.random.default_rng(5)
    asks = rng.normal(size=(200, 32)).astype(np.float32)
    asks /= np.linalg.norm(asks, axis=1, keepdims=True)
    kept = compressed(asks, asks, [[at] for at in range(200)])
    back = (kept["asks"] * kept["asks.scale"]) @ kept["asks.basis"].astype(np.float32).T
    assert np.abs(back - asks).max() < 0.02


def test_what_ships_holds_all_own_asks() -> None:
    from safetensors import safe_open

    with safe_open(SHIPPED, framework="numpy") as tensors:
        assert len(tensors.get_tensor("served.count")) == sum(len(shop.needs) for shop in own_shops())
