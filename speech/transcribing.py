"""Speech to text: one function with all checks, and the models that can stand behind it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from speech.activity import SILENT, spoken_spans
from speech.audio import MAX_SECONDS, RATE, Audio, missing, read_audio, too_long
from speech.errors import SpeechError
from speech.weights import packaged_whisper
from speech.word_model import WordModel

__all__ = ["Heard", "Transcriber", "Transcript", "Whisper", "open_transcriber", "transcribe"]

DEFAULT = "default"
LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "hi": "Hindi", "hu": "Hungarian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
SURE_OF_ANOTHER = 0.7
"""Probability from which a language that is not understood is believed; an accent stays below it."""
UNSURE = -1.0
"""Mean log probability of a token under which the words are guesses. Of Whisper's own decoding."""
REPETITIVE = 2.4
"""Compression ratio from which a text is a loop, not speech. Of Whisper's own decoding."""
_MARGIN = int(0.1 * RATE)
USUAL_WEIGHT = 0.08
"""Of the place's own word model beside Whisper's mean log probability, tuned on 46 sentences read aloud."""
HALF_MINUTE = 30.0
SHORTEST = 0.75
"""A reading with fewer words, as a share of the likeliest one's, is a search that ended early."""


@dataclass(frozen=True)
class Heard:
    """What a model made of a recording. ``log_probability``: the mean of the tokens."""

    text: str
    language: str
    log_probability: float = 0.0


@dataclass(frozen=True)
class Transcript:
    """``confidence``: mean probability of a token, 0 to 1; ``seconds``: of speech, without pauses around."""

    text: str
    language: str
    confidence: float
    seconds: float


class Transcriber(Protocol):
    """Writes down what is said."""

    def write_down(
        self,
        audio: Audio,
        hints: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        usual: WordModel | None = None,
    ) -> Heard:
        """``hints``: words that are likely here, the likeliest first; ``usual``: how words follow each other
        here. With one of ``languages`` or none of them for sure, the text is written in that language; else in
        the one that was heard."""
        ...


def transcribe(
    audio: Audio | bytes | Path,
    hints: Sequence[str] = (),
    *,
    by: Transcriber,
    languages: Sequence[str] = ("en",),
    usual: WordModel | None = None,
) -> Transcript:
    """What is said in a recording.

    Raises:
        SpeechError: nothing is said, nothing can be made out, it is in another language, too long, too large,
            or no recording.
    """
    sound = audio if isinstance(audio, Audio) else read_audio(audio)
    if sound.seconds > MAX_SECONDS + 1:
        raise too_long()
    spans = spoken_spans(sound)
    if not spans:
        raise _nothing_said(sound)
    said = sound.cut(max(0, spans[0][0] - _MARGIN), spans[-1][1] + _MARGIN)
    heard = by.write_down(said, hints, languages, usual)
    if heard.language not in languages:
        raise _another_language(heard.language, languages)
    text = " ".join(heard.text.split())
    if not any(letter.isalnum() for letter in text) or heard.log_probability < UNSURE or _loops(text):
        raise SpeechError("noise", "no words could be made out: say it again, closer to the microphone")
    return Transcript(text, heard.language, math.exp(min(0.0, heard.log_probability)), said.seconds)


def open_transcriber(model: str = DEFAULT, *, folder: Path, threads: int = 1) -> Transcriber:
    """``model``: `default` (Whisper base, as packages carry it), or any model or folder that faster-whisper
    takes. ``folder`` is where the default's parts are put together.

    Raises:
        SpeechError: a package is not installed, or there is no such model.
    """
    try:
        from faster_whisper import WhisperModel
    except ImportError:
        raise missing("faster-whisper") from None
    name = str(packaged_whisper(folder)) if model == DEFAULT else model
    try:
        return Whisper(WhisperModel(name, device="auto", compute_type="auto", cpu_threads=threads))
    except Exception as error:  # noqa: BLE001 - it raises whatever its download or its reader raises
        raise SpeechError(
            "model",
            f"AISLE_SPEECH_MODEL is {model!r}, which cannot be opened ({type(error).__name__}): expected "
            f"`{DEFAULT}`, a folder, or a model that faster-whisper knows, e.g. `small.en`",
        ) from None


class Whisper:
    """Any Whisper, by faster-whisper. Safe for threads."""

    BEAMS = 5

    def __init__(self, model: Any) -> None:
        model.encode = _encoding_once(model.encode)
        self._model = model

    def write_down(
        self,
        audio: Audio,
        hints: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        usual: WordModel | None = None,
    ) -> Heard:
        language = self._language(audio, languages)
        tokenizer = self._tokenizer(language)
        likely = self._hinted(tokenizer, hints)
        if audio.seconds > HALF_MINUTE:
            text, mean = self._in_pieces(audio, language, likely)
        else:
            text, mean = _likeliest(self._readings(audio, tokenizer, likely), usual)
        return Heard(usual.joined(text) if usual else text, language, mean)

    def _readings(self, audio: Audio, tokenizer: Any, likely: str | None) -> list[tuple[str, float]]:
        """Texts that may have been said, each with the mean log probability of a token, the likeliest first."""
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=True, hotwords=likely)
        found = self._model.model.generate(
            self._encoded(audio),
            [prompt],
            beam_size=self.BEAMS,
            num_hypotheses=self.BEAMS,
            return_scores=True,
            max_length=self._model.max_length,
        )[0]
        return [
            (tokenizer.decode(tokens).strip(), score * len(tokens) / (len(tokens) + 1))
            for tokens, score in zip(found.sequences_ids, found.scores, strict=True)
        ]

    def _in_pieces(self, audio: Audio, language: str, likely: str | None) -> tuple[str, float]:
        """More than half a minute, which Whisper hears at once, and the mean log probability of a token."""
        segments, _ = self._model.transcribe(
            audio.samples,
            language=language,
            beam_size=self.BEAMS,
            temperature=0.0,  # a second try at a higher temperature takes as long again, and guesses
            condition_on_previous_text=False,
            hotwords=likely,
        )
        said = list(segments)
        weight = sum(len(segment.tokens) for segment in said)
        total = sum(segment.avg_logprob * len(segment.tokens) for segment in said)
        text = " ".join(segment.text.strip() for segment in said)
        return text, total / weight if weight else -math.inf

    def _hinted(self, tokenizer: Any, hints: Sequence[str]) -> str | None:
        """Hints as a sentence, as many as Whisper takes. It writes on in the style of what it was given: after a
        list without capital and full stop, it leaves out articles and commas, too."""
        kept = list(hints)
        while kept and len(tokenizer.encode(f" {_sentence(kept)}")) >= self._model.max_length // 2:
            kept.pop()
        return _sentence(kept) if kept else None

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language=language)

    def _language(self, audio: Audio, languages: Sequence[str]) -> str:
        if not self._model.model.is_multilingual:
            return "en"
        shares = {
            token.strip("<|>"): share
            for token, share in self._model.model.detect_language(self._encoded(audio))[0]
        }
        found = max(shares, key=lambda name: shares[name])
        if found not in languages and shares[found] < SURE_OF_ANOTHER:
            found = max(languages, key=lambda name: shares.get(name, 0.0))
        return found

    def _encoded(self, audio: Audio) -> Any:
        """The first half minute, cut as the model's own transcribing cuts it."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(audio.samples)
        frames = min(features.shape[-1] - 1, self._model.feature_extractor.nb_max_frames)
        return self._model.encode(pad_or_trim(features[..., :frames]))


def _sentence(words: Sequence[str]) -> str:
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}."


def _likeliest(readings: Sequence[tuple[str, float]], usual: WordModel | None) -> tuple[str, float]:
    """The reading that sound and usual words together make likeliest, with its own log probability."""
    if not readings or usual is None:
        return readings[0] if readings else ("", -math.inf)
    whole = SHORTEST * len(readings[0][0].split())
    return max(
        (reading for reading in readings if len(reading[0].split()) >= whole),
        key=lambda reading: reading[1] + USUAL_WEIGHT * usual.mean_log_probability(reading[0]),
    )


def _encoding_once(encode: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Telling the language and writing the words down encode the same half minute, which is most of the work:
    each thread keeps its last one."""
    last = threading.local()

    def once(features: Any) -> Any:
        key = np.asarray(features).tobytes()
        if getattr(last, "key", None) != key:
            last.value, last.key = encode(features), key
        return last.value

    return once


def _nothing_said(sound: Audio) -> SpeechError:
    if sound.loudness < SILENT:
        return SpeechError("silence", "nothing was heard: is the microphone on, and the right one?")
    return SpeechError("noise", "nobody could be heard speaking: say it again, closer to the microphone")


def _another_language(language: str, languages: Sequence[str]) -> SpeechError:
    understood = " or ".join(LANGUAGES.get(name, name) for name in languages)
    return SpeechError(
        "language",
        f"that sounded like {LANGUAGES.get(language, language)}; please speak {understood}, or type",
    )


def _loops(text: str) -> bool:
    import zlib

    data = text.encode()
    return len(data) / len(zlib.compress(data)) > REPETITIVE
