"""Recordings: whatever a microphone or a file holds, as one channel of 16,000 samples a second."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from speech.errors import SpeechError

RATE = 16_000
"""Samples a second that speech models hear."""
MAX_SECONDS = 60.0
MAX_BYTES = 12 * 1024 * 1024
"""A minute of uncompressed stereo at 48 kHz."""
FORMATS = "WAV, FLAC, OGG, MP3, M4A or WebM"
_TOLERANCE = 0.5  # seconds by which a decoder may run over

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Audio:
    """``samples``: shape (n,), mono, `RATE` a second, from -1 to 1."""

    samples: Samples

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    @property
    def loudness(self) -> float:
        """Root mean square, 0 to 1."""
        return float(np.sqrt(np.mean(np.square(self.samples)))) if len(self.samples) else 0.0

    def cut(self, start: int, end: int) -> Audio:
        return Audio(self.samples[start:end])


def read_audio(source: bytes | Path) -> Audio:
    """Decode a recording.

    Raises:
        SpeechError: no such format, nothing in it, more than `MAX_BYTES` or `MAX_SECONDS`, or PyAV is not
            installed.
    """
    data = _bytes_of(source)
    if len(data) > MAX_BYTES:
        raise SpeechError(
            "large", f"the recording has {_megabytes(len(data))}; at most {_megabytes(MAX_BYTES)}"
        )
    container = _container(data)
    if container is None:
        raise SpeechError("format", f"this is no recording that can be read; expected {FORMATS}")
    samples = _decoded(data, container)
    if not len(samples):
        raise SpeechError("format", f"there is no sound in the recording; expected {FORMATS} with sound")
    if len(samples) > (MAX_SECONDS + _TOLERANCE) * RATE:
        raise too_long()
    return Audio(samples)


def from_pcm(data: bytes) -> Audio:
    """Raw samples as a microphone sends them: 16 bits, little-endian, mono, `RATE` a second."""
    return Audio(np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768))


def wav_bytes(samples: Samples, rate: int) -> bytes:
    """A WAV file of 16 bits a sample."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def too_long() -> SpeechError:
    return SpeechError(
        "long", f"the recording is longer than {MAX_SECONDS:.0f} seconds: say it in fewer words"
    )


def _bytes_of(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    if not source.is_file():
        raise SpeechError("format", f"there is no file {source}; expected a recording: {FORMATS}")
    with source.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _container(data: bytes) -> str | None:
    """FFmpeg's name of the format, by its first bytes. It is never left to FFmpeg: a playlist that it took
    for a recording would make it open the files and addresses in it."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mov"
    if data[:3] == b"ID3" or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "mp3"
    names = {b"fLaC": "flac", b"OggS": "ogg", b"\x1a\x45\xdf\xa3": "matroska"}
    return names.get(data[:4])


def _decoded(data: bytes, container: str) -> Samples:
    """All samples of the first sound stream, or a little more than what is too long."""
    try:
        import av
    except ImportError:
        raise missing("av") from None
    try:
        with av.open(io.BytesIO(data), format=container, metadata_errors="ignore") as file:
            if not file.streams.audio:
                return np.zeros(0, np.float32)
            return _joined(_frames(file, av.AudioResampler(format="flt", layout="mono", rate=RATE)))
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise SpeechError(
            "format", f"the recording cannot be decoded ({error}); expected {FORMATS}"
        ) from None


def _frames(file: Any, resampler: Any) -> Iterator[Samples]:
    for frame in file.decode(audio=0):
        for piece in resampler.resample(frame):
            yield piece.to_ndarray().ravel()
    for piece in resampler.resample(None):
        yield piece.to_ndarray().ravel()


def _joined(frames: Iterator[Samples]) -> Samples:
    pieces, count = [], 0
    for piece in frames:
        pieces.append(piece.astype(np.float32))
        count += len(piece)
        if count > (MAX_SECONDS + _TOLERANCE) * RATE:
            break  # an hour in a small file must not fill the memory
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def missing(module: str) -> SpeechError:
    """The error for a module of the extra that is not there."""
    return SpeechError("missing", f"voice needs {module}, which is not installed: pip install 'aisle[voice]'")


def _megabytes(count: int) -> str:
    return f"{count / 1024**2:.1f} MB"
