"""What visitors are saying: sound comes in pieces, and the words come back as they form.

A recording lives in memory alone, and only until its words are known. One shopper has one at a time.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from speech import MAX_SECONDS, RATE, Audio, SpeechError, from_pcm
from ui.faults import log_error
from ui.turn_gate import BusyError, TurnGate
from ui.web.views import Json

if TYPE_CHECKING:
    from agent.records import Card
    from agent.voice import Voice

RECORDINGS = 48
"""At once, of all shoppers: 2 MB each at most."""
RECORDINGS_PER_ADDRESS = 4
FORGOTTEN_AFTER = 30.0
"""Seconds without a piece after which a recording is given up."""
PLACES = 2
"""Recordings that are written down at the same time, one of them for one address."""
PAUSE = 1.0
"""Seconds without speech that end what is said."""
STEP = 1.0
"""Seconds of sound after which the words so far are written down again."""
TAIL = 8.0
"""Seconds at the end of a recording that are listened to for speech."""
PROBLEMS = frozenset({"silence", "noise", "language", "long"})
"""What a shopper can do something about; anything else is for the log."""
_BYTES = 2
_MOST = int(MAX_SECONDS * RATE) * _BYTES


@dataclass
class _Recording:
    """``text`` is what was understood of the first ``written`` samples; ``spoken`` the last sample of speech."""

    shopper: str
    address: str
    used: float
    sound: bytearray = field(default_factory=bytearray)
    text: str = ""
    written: int = 0
    spoken: int = 0
    writing: asyncio.Task[None] | None = None

    @property
    def length(self) -> int:
        return len(self.sound) // _BYTES


class Listening:
    """Recordings that are being made. ``activity`` finds stretches of speech; see `speech.activity`."""

    def __init__(
        self,
        voice: Voice,
        activity: Callable[[Audio], Sequence[tuple[int, int]]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._voice, self._activity, self._clock = voice, activity, clock
        self._gate = TurnGate(PLACES)
        self._busy = 0
        self._recordings: OrderedDict[str, _Recording] = OrderedDict()

    async def hear(
        self,
        shopper: str,
        address: str,
        piece: bytes,
        *,
        recording: str | None = None,
        last: bool = False,
        shown: Sequence[Card] = (),
    ) -> Json | None:
        """Add a piece of 16-bit samples to a recording, a new one where none is named; None where it is not
        there (any more) or somebody else's.

        ``text`` is what is understood so far, ``speaking`` whether somebody speaks now, ``ended`` whether they
        have stopped, ``full`` whether the minute is over. With ``last``, the text is final, or ``problem`` says
        why there is none.

        Raises:
            BusyError: too many are speaking at once.
        """
        name = self._begin(shopper, address) if recording is None else recording
        one = self._recordings.get(name)
        if one is None or one.shopper != shopper:
            return None
        one.used = self._clock()
        full = len(one.sound) + len(piece) > _MOST
        one.sound += piece[: _MOST - len(one.sound)]
        speaking = await self._listen(one)
        if last:
            self._recordings.pop(name, None)
            return {"recording": name, **await self._final(one, shown)}
        if (
            one.spoken
            and one.length - one.written >= STEP * RATE
            and one.writing is None
            and self._busy < PLACES
        ):
            one.writing = asyncio.create_task(self._write(one, shown))
        quiet = one.length - one.spoken >= PAUSE * RATE
        ended = full or bool(one.spoken and quiet)
        return {"recording": name, "text": one.text, "speaking": speaking, "ended": ended, "full": full}

    def forget(self, shopper: str) -> None:
        """Give up what this shopper was saying."""
        for name in [name for name, one in self._recordings.items() if one.shopper == shopper]:
            del self._recordings[name]

    # --- inside -------------------------------------------------------------------------------------------

    def _begin(self, shopper: str, address: str) -> str:
        now = self._clock()
        for name in [n for n, one in self._recordings.items() if now - one.used > FORGOTTEN_AFTER]:
            del self._recordings[name]
        self.forget(shopper)
        here = sum(one.address == address for one in self._recordings.values())
        if len(self._recordings) >= RECORDINGS or here >= RECORDINGS_PER_ADDRESS:
            raise BusyError
        name = uuid.uuid4().hex
        self._recordings[name] = _Recording(shopper, address, now)
        return name

    async def _listen(self, one: _Recording) -> bool:
        """Note where speech ended last; whether somebody speaks at the end of the recording."""
        start = max(0, one.length - int(TAIL * RATE))
        tail = from_pcm(bytes(one.sound[start * _BYTES : one.length * _BYTES]))
        spans = await asyncio.to_thread(self._activity, tail)
        if not spans:
            return False
        one.spoken = start + spans[-1][1]
        return one.length - one.spoken < PAUSE * RATE / 2

    async def _write(self, one: _Recording, shown: Sequence[Card]) -> None:
        """Write down what was said so far; what cannot be understood yet may be clear at the end."""
        length = one.length
        self._busy += 1
        try:
            transcript = await asyncio.to_thread(self._voice.transcribe, _sound(one), shown=shown)
            one.text, one.written = transcript.text, length
        except SpeechError:
            one.written = length
        finally:
            self._busy -= 1
            one.writing = None

    async def _final(self, one: _Recording, shown: Sequence[Card]) -> Json:
        if one.writing is not None:
            await one.writing
        if one.text and one.spoken <= one.written:
            return {"text": one.text}  # nothing was said since
        try:
            async with self._gate.turn(one.address):
                transcript = await asyncio.to_thread(self._voice.transcribe, _sound(one), shown=shown)
        except SpeechError as error:
            if error.reason not in PROBLEMS:
                log_error(error)
            return {"text": "", "problem": error.reason if error.reason in PROBLEMS else "failed"}
        return {"text": transcript.text}


def _sound(one: _Recording) -> Audio:
    return from_pcm(bytes(one.sound[: one.length * _BYTES]))
