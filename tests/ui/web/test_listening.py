"""Recordings that come in pieces: words as they form, the end of speech, and the bounds on all of it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from speech import MAX_SECONDS, RATE, Audio, SpeechError, Transcript
from ui.turn_gate import BusyError
from ui.web.listening import FORGOTTEN_AFTER, RECORDINGS, RECORDINGS_PER_ADDRESS, Listening


class Voice:
    """Writes down a word for each second of sound."""

    def __init__(self) -> None:
        self.heard: list[float] = []
        self.problem: SpeechError | None = None
        self.free = threading.Event()
        self.free.set()

    def transcribe(self, audio: Audio, *, shown: Any = ()) -> Transcript:
        assert self.free.wait(10)
        self.heard.append(audio.seconds)
        if self.problem:
            raise self.problem
        return Transcript(" ".join(["word"] * round(audio.seconds)), "en", 0.9, audio.seconds)


def loud(audio: Audio) -> list[tuple[int, int]]:
    """One stretch of speech: from the first to the last loud sample."""
    found = np.flatnonzero(np.abs(audio.samples) > 0.1)
    return [(int(found[0]), int(found[-1]) + 1)] if len(found) else []


def sound(seconds: float, level: float = 0.5) -> bytes:
    return np.full(int(seconds * RATE), int(level * 32767), "<i2").tobytes()


SILENCE = sound(0.5, 0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def voice() -> Iterator[Voice]:
    made = Voice()
    yield made
    made.free.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def listening(voice: Voice, clock: Clock) -> Listening:
    return Listening(voice, loud, clock=clock)  # type: ignore[arg-type]


async def said(listening: Listening, *pieces: bytes, last: bool = True) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    name = None
    for number, piece in enumerate(pieces, start=1):
        view = await listening.hear(
            "ann", "1.1.1.1", piece, recording=name, last=last and number == len(pieces)
        )
        assert view is not None
        name = view["recording"]
        told.append(view)
        await asyncio.sleep(0.05)  # lets words be written down meanwhile
    return told


def test_the_words_form_while_somebody_speaks(listening: Listening) -> None:
    told = asyncio.run(said(listening, sound(1.2), sound(0.5), sound(0.5), sound(0.5)))
    assert [view["text"] for view in told] == ["", "word", "word", "word word word"]
    assert told[0]["speaking"]


def test_silence_is_no_speech_and_nothing_is_written_down(listening: Listening, voice: Voice) -> None:
    told = asyncio.run(said(listening, SILENCE, SILENCE, SILENCE, last=False))
    assert not any(view["speaking"] or view["ended"] for view in told)
    assert voice.heard == []


def test_a_pause_ends_what_is_said(listening: Listening) -> None:
    told = asyncio.run(said(listening, sound(0.5), SILENCE, SILENCE, SILENCE, last=False))
    assert [view["ended"] for view in told] == [False, False, True, True]


def test_words_that_are_known_already_are_not_written_down_again(listening: Listening, voice: Voice) -> None:
    told = asyncio.run(said(listening, sound(2), SILENCE, SILENCE))
    assert told[-1]["text"] == "word word"
    assert len(voice.heard) == 1


@pytest.mark.parametrize("reason", ["silence", "noise", "language"])
def test_what_cannot_be_understood_is_told_by_a_fixed_word(
    listening: Listening, voice: Voice, reason: Any
) -> None:
    voice.problem = SpeechError(reason, "a detail")
    told = asyncio.run(said(listening, sound(1.5), sound(0.5)))
    assert told[0]["text"] == ""
    assert told[-1]["problem"] == reason
    assert "a detail" not in str(told)


def test_a_minute_is_the_most(listening: Listening, voice: Voice) -> None:
    told = asyncio.run(said(listening, *[sound(10)] * 7))
    assert [view.get("full") for view in told[:-1]] == [False] * 6
    assert max(voice.heard) <= MAX_SECONDS


def test_another_shoppers_recording_is_not_there(listening: Listening) -> None:
    async def listen() -> None:
        mine = await listening.hear("ann", "1.1.1.1", SILENCE)
        assert mine is not None
        assert await listening.hear("bob", "1.1.1.1", SILENCE, recording=mine["recording"]) is None
        assert await listening.hear("ann", "1.1.1.1", SILENCE, recording="0" * 32) is None

    asyncio.run(listen())


def test_a_recording_is_gone_when_its_words_are_known(listening: Listening) -> None:
    async def listen() -> None:
        told = await listening.hear("ann", "1.1.1.1", sound(1), last=True)
        assert told is not None
        assert await listening.hear("ann", "1.1.1.1", SILENCE, recording=told["recording"]) is None

    asyncio.run(listen())


def test_a_shopper_says_one_thing_at_a_time(listening: Listening) -> None:
    async def listen() -> None:
        first = await listening.hear("ann", "1.1.1.1", SILENCE)
        await listening.hear("ann", "1.1.1.1", SILENCE)
        assert first is not None
        assert await listening.hear("ann", "1.1.1.1", SILENCE, recording=first["recording"]) is None

    asyncio.run(listen())


def test_one_address_cannot_fill_the_memory(listening: Listening) -> None:
    async def listen() -> None:
        for number in range(RECORDINGS_PER_ADDRESS):
            await listening.hear(f"shopper {number}", "1.1.1.1", SILENCE)
        with pytest.raises(BusyError):
            await listening.hear("one more", "1.1.1.1", SILENCE)
        for number in range(RECORDINGS - RECORDINGS_PER_ADDRESS):
            await listening.hear(f"other {number}", f"2.2.{number}.2", SILENCE)
        with pytest.raises(BusyError):
            await listening.hear("one more", "3.3.3.3", SILENCE)

    asyncio.run(listen())


def test_what_was_given_up_makes_room(listening: Listening, clock: Clock) -> None:
    async def listen() -> None:
        for number in range(RECORDINGS_PER_ADDRESS):
            await listening.hear(f"shopper {number}", "1.1.1.1", SILENCE)
        clock.now += FORGOTTEN_AFTER + 1
        assert await listening.hear("one more", "1.1.1.1", SILENCE) is not None

    asyncio.run(listen())


def test_words_so_far_are_no_more_than_two_at_a_time(listening: Listening, voice: Voice) -> None:
    async def listen() -> list[Any]:
        voice.free.clear()
        names = [await listening.hear(f"shopper {n}", f"1.1.1.{n}", sound(1.5)) for n in range(4)]
        await asyncio.sleep(0.1)
        voice.free.set()
        await asyncio.sleep(0.2)
        return names

    asyncio.run(listen())
    assert len(voice.heard) == 2
