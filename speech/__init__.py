"""Ears and a voice: recordings to text, and text to recordings. Knows nothing of shops."""

from speech.audio import MAX_BYTES, MAX_SECONDS, RATE, Audio, from_pcm, read_audio, wav_bytes
from speech.errors import SpeechError
from speech.speaking import Speaker, open_speaker, speak
from speech.transcribing import Heard, Transcriber, Transcript, open_transcriber, transcribe
from speech.word_model import WordModel

__all__ = [
    "MAX_BYTES",
    "MAX_SECONDS",
    "RATE",
    "Audio",
    "Heard",
    "Speaker",
    "SpeechError",
    "Transcriber",
    "Transcript",
    "WordModel",
    "from_pcm",
    "open_speaker",
    "open_transcriber",
    "read_audio",
    "speak",
    "transcribe",
    "wav_bytes",
]
