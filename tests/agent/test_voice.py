"""A shop's voice: its words as hints, a recording in place of a text, and clear words where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent import ShoppingAssistant
from agent.errors import AisleError
from agent.settings import Settings
from agent.voice import MOST_HINTS, Voice, texts_of
from retrieval.filtering.columns import Vocabulary
from speech import Audio, Heard, SpeechError, WordModel, transcribing, wav_bytes

WORDS = Vocabulary(
    brands={"Quietfield": 5, "Merrow": 2}, categories={"Tent": 9, "Blender": 4, "Kettle": 1}, attributes={}, tags={},
    currencies={},
)  # fmt: skip
RECORDING = wav_bytes(np.full(16_000, 0.1, np.float32), 16_000)


class Listener:
    def __init__(self, text: str = "a tent under $300") -> None:
        self.text = text
        self.hints: Sequence[str] = ()
        self.usual: WordModel | None = None

    def write_down(
        self,
        audio: Audio,
        hints: Sequence[str] = (),
        languages: Sequence[str] = ("en",),
        usual: WordModel | None = None,
    ) -> Heard:
        self.hints, self.usual = hints, usual
        return Heard(self.text, "en")


class Speaker:
    rate, language = 8_000, "en"

    def read_aloud(self, text: str) -> Any:
        return np.zeros(800, np.float32)


@pytest.fixture(autouse=True)
def _all_is_speech(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av", reason="recordings are decoded by PyAV: pip install 'aisle[voice]'")
    monkeypatch.setattr(transcribing, "spoken_spans", lambda audio: [(0, len(audio.samples))])


def test_hints_are_kinds_then_brands_the_most_frequent_first() -> None:
    assert Voice(Settings(), WORDS).hints() == ("tent", "blender", "kettle", "Quietfield", "Merrow")


def test_a_kind_is_a_hint_once() -> None:
    kinds = {"Lamps": 9, "Tents": 4, "Desk lamp": 3, "Tent": 2}
    shop = Vocabulary(brands={}, categories=kinds, attributes={}, tags={}, currencies={})
    assert Voice(Settings(), shop).hints() == ("tents", "desk lamp")


def test_many_kinds_leave_room_for_brands() -> None:
    kinds = {f"kind{n}": 1 for n in range(500)}
    shop = Vocabulary(brands={"Merrow": 1}, categories=kinds, attributes={}, tags={}, currencies={})
    assert "Merrow" in Voice(Settings(), shop).hints()


def test_brands_that_are_shown_come_first() -> None:
    from agent.records import Card

    shown = [
        Card(handle="P1", item_id="1", title="x", brand="Merrow"),
        Card(handle="P2", item_id="2", title="y"),
    ]
    hints = Voice(Settings(), WORDS).hints(shown)
    assert hints[:2] == ("Merrow", "tent")
    assert len(hints) == len(set(hints))


def test_hints_are_bounded() -> None:
    many = Vocabulary(
        brands={f"Brand {n}": 1 for n in range(500)}, categories={}, attributes={}, tags={}, currencies={}
    )
    assert len(Voice(Settings(), many).hints()) == MOST_HINTS


def test_a_model_that_is_given_is_used_and_opens_nothing() -> None:
    listener = Listener()
    voice = Voice(Settings(), WORDS, transcriber=listener, speaker=Speaker())
    assert voice.can_listen
    assert voice.can_speak
    assert voice.transcribe(RECORDING).text == "a tent under $300"
    assert "Quietfield" in listener.hints
    assert voice.speak("hello").startswith(b"RIFF")


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("A teddy, 50 cm, or more", "A teddy, 50 cm or more"),
        ("$20, or less, blue", "$20 or less, blue"),
        ("A tent, or a tarp", "A tent, or a tarp"),
    ],
)
def test_a_pause_does_not_part_an_amount_from_its_open_end(heard: str, written: str) -> None:
    voice = Voice(Settings(), WORDS, transcriber=Listener(heard))
    assert voice.transcribe(RECORDING).text == written


def test_what_the_shop_and_its_buyers_write_tells_which_words_are_usual() -> None:
    listener = Listener()
    voice = Voice(Settings(), WORDS, texts=lambda: ("a quiet blender",), transcriber=listener)
    voice.transcribe(RECORDING)
    assert listener.usual is not None
    usual = listener.usual.mean_log_probability
    assert usual("quiet blender") > usual("quite blender")
    assert usual("Merrow") > usual("Marrow")


def test_the_usual_words_of_a_shop_are_of_products_and_of_reviews(demo_shop: Path) -> None:
    catalog = ShoppingAssistant.open(demo_shop).shop.catalog
    texts = list(texts_of(catalog))
    assert next(catalog.products()).title in texts
    assert next(catalog.reviews()).text in texts


def test_voice_can_be_switched_off() -> None:
    voice = Voice(Settings(speech_model="none", voice="none"), WORDS)
    assert not voice.can_listen
    assert not voice.can_speak
    with pytest.raises(SpeechError, match="AISLE_SPEECH_MODEL is `none`"):
        voice.transcribe(RECORDING)
    with pytest.raises(SpeechError, match="AISLE_VOICE is `none`"):
        voice.speak("hello")


@pytest.fixture
def assistant(demo_shop: Path) -> ShoppingAssistant:
    opened = ShoppingAssistant.open(demo_shop)
    opened.__dict__["voice"] = Voice(Settings(), WORDS, transcriber=Listener(), speaker=Speaker())
    return opened


def test_a_recording_is_answered_as_its_words_are(assistant: ShoppingAssistant, tmp_path: Path) -> None:
    typed = assistant.reply("a tent under $300", session_id="typed")
    file = tmp_path / "said.wav"
    file.write_bytes(RECORDING)
    for audio in (RECORDING, file):
        said = assistant.reply(audio=audio)
        assert said.record.utterance == "a tent under $300"
        assert [card.item_id for card in said.cards] == [card.item_id for card in typed.cards]


def test_a_text_and_a_recording_at_once_are_refused(assistant: ShoppingAssistant) -> None:
    with pytest.raises(AisleError, match="both a text and a recording"):
        assistant.reply("a tent", audio=RECORDING)


def test_what_is_no_recording_is_told_in_one_line(assistant: ShoppingAssistant) -> None:
    with pytest.raises(AisleError, match="expected WAV"):
        assistant.reply(audio=b"no sound")


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("A headlamp with 300 lumens for brighter.", "A headlamp with 300 lumens or brighter."),
        ("2,000 watts, for more.", "2,000 watts or more."),
        ("A duvet of 220 cm for winter.", "A duvet of 220 cm for winter."),
        ("A microphone with 192 khc.", "A microphone with 192 khz."),
        ("A rope of 192 yards.", "A rope of 192 yards."),
    ],
)
def test_amounts_are_written_as_they_were_meant(heard: str, written: str) -> None:
    measured = replace(WORDS, attributes={"sample_rate_khz": {}})
    assert Voice(Settings(), measured, transcriber=Listener(heard)).transcribe(RECORDING).text == written
