"""Text to speech: what every voice gives, and how one that is not there is told."""

from __future__ import annotations

import io
import sys
import wave
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from speech.audio import Samples
from speech.errors import SpeechError
from speech.speaking import MAX_CHARACTERS, Speaker, open_speaker, speak


class Humming:
    rate = 8_000
    language = "en"

    def read_aloud(self, text: str) -> Samples:
        return np.full(len(text) * 100, 0.25, np.float32)


def voices() -> list[object]:
    real = pytest.param(
        open_speaker,
        marks=pytest.mark.skipif(find_spec("hibari") is None, reason="pip install 'aisle[voice]'"),
    )
    return [Humming, real]


@pytest.fixture(params=voices())
def voice(request: pytest.FixtureRequest) -> Speaker:
    return request.param()  # type: ignore[no-any-return]


def seconds(file: bytes) -> float:
    with wave.open(io.BytesIO(file)) as read:
        assert (read.getnchannels(), read.getsampwidth()) == (1, 2)
        return read.getnframes() / read.getframerate()


def test_a_longer_text_takes_longer(voice: Speaker) -> None:
    short = seconds(speak("Hello.", by=voice))
    assert 0 < short < seconds(speak("Hello, this one costs twenty-four ninety-nine.", by=voice))


def test_nothing_to_say_is_a_moment_of_silence(voice: Speaker) -> None:
    assert seconds(speak(" … ", by=voice)) == pytest.approx(0.1)


def test_a_voice_gives_samples_within_bounds(voice: Speaker) -> None:
    samples = voice.read_aloud("Hello there.")
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert float(np.abs(samples).max()) <= 1.5
    assert voice.language == "en"


def test_more_than_can_be_said_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        speak("x" * (MAX_CHARACTERS + 1), by=Humming())


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(SpeechError, match=r"pip install 'aisle\[voice\]'"):
        open_speaker()


def test_a_voice_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="'robot'"):
        open_speaker("robot")
    monkeypatch.setitem(sys.modules, "piper", type(sys)("piper"))
    sys.modules["piper"].PiperVoice = object  # type: ignore[attr-defined]
    with pytest.raises(SpeechError, match="no such file"):
        open_speaker(f"piper:{tmp_path / 'none.onnx'}")
