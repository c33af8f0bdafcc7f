"""Recordings: what is read, and what is refused with a clear word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.audio import MAX_BYTES, RATE, from_pcm, read_audio, wav_bytes
from speech.errors import SpeechError

pytest.importorskip("av", reason="recordings are decoded by PyAV: pip install 'aisle[voice]'")


def tone(seconds: float, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, RATE, 22_050, 48_000])
def test_a_recording_of_any_rate_is_brought_to_one(rate: int) -> None:
    audio = read_audio(wav_bytes(tone(1.5, rate), rate))
    assert audio.seconds == pytest.approx(1.5, abs=0.05)
    assert audio.loudness == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("container", ["flac", "ogg", "mp3", "webm", "mp4"])
def test_the_usual_formats_are_read(container: str, tmp_path: Path) -> None:
    import av

    codec = {"flac": "flac", "ogg": "libopus", "mp3": "mp3", "webm": "libopus", "mp4": "aac"}[container]
    path = tmp_path / f"said.{container}"
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=48_000)
        samples = (tone(1.0, 48_000) * 32767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.rate = 48_000
        resampler = av.AudioResampler(
            stream.format.name, stream.layout.name, 48_000, stream.frame_size or None
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    assert read_audio(path).seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "format"),
        (b"just text", "format"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "format"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "format"),
        (b"RIFF\x00\x00\x00\x00WAVEnothing", "format"),
        (b"\x1a\x45\xdf\xa3" + b"\x00" * 100, "format"),
        (wav_bytes(np.zeros(0, np.float32), RATE), "format"),
        (b"RIFF" + b"\x00" * MAX_BYTES, "large"),
    ],
)
def test_what_is_no_recording_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SpeechError) as error:
        read_audio(data)
    assert error.value.reason == reason


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SpeechError, match=r"no file nowhere\.wav"):
        read_audio(Path("nowhere.wav"))


def test_more_than_a_minute_is_refused() -> None:
    with pytest.raises(SpeechError, match="longer than 60 seconds"):
        read_audio(wav_bytes(tone(62), RATE))


@given(st.binary(max_size=300))
def test_whatever_bytes_come_there_is_a_clear_refusal(data: bytes) -> None:
    with pytest.raises(SpeechError) as error:  # nothing so short holds a whole recording
        read_audio(data)
    assert error.value.reason == "format"


def test_samples_of_a_microphone_are_as_they_were() -> None:
    sent = np.array([0, 16384, -32768], "<i2")
    assert from_pcm(sent.tobytes()).samples.tolist() == [0.0, 0.5, -1.0]
