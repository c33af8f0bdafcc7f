"""Where in a recording somebody speaks: Silero VAD, as faster-whisper carries it."""

from __future__ import annotations

from speech.audio import RATE, Audio, missing

Span = tuple[int, int]
"""First and last sample of a stretch of speech, the last one not in it."""
SILENT = 0.003
"""Loudness under which a recording holds nothing but the hiss of a microphone."""


def spoken_spans(audio: Audio, *, pause: float = 0.5, margin: float = 0.2) -> list[Span]:
    """Stretches of speech, split where nobody speaks for ``pause`` seconds, each with ``margin`` seconds
    around it. Some milliseconds for each second of sound.

    Raises:
        SpeechError: faster-whisper is not installed.
    """
    try:
        from faster_whisper.vad import VadOptions, get_speech_timestamps
    except ImportError:
        raise missing("faster-whisper") from None
    if not len(audio.samples):
        return []
    options = VadOptions(
        min_silence_duration_ms=int(1000 * pause),
        speech_pad_ms=int(1000 * margin),
        min_speech_duration_ms=100,
    )
    found = get_speech_timestamps(audio.samples, options, sampling_rate=RATE)
    return [(int(span["start"]), int(span["end"])) for span in found]
