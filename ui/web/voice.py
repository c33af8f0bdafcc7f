"""The routes of the page's voice: what is said comes in as sound, and a visitor's own answers are read aloud."""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from agent.spoken_form import spoken_form
from speech import SpeechError
from speech.activity import spoken_spans
from ui.door import Route, visitor_of
from ui.turn_gate import BusyError, TurnGate
from ui.web.bodies import Hear, TurnId
from ui.web.listening import PLACES, Listening
from ui.web.views import Json

if TYPE_CHECKING:
    from agent.records import TurnRecord
    from ui.web.app import Site

ROUTES = (
    Route("/api/hear", methods=frozenset({"POST"}), session=True, counted=True),
    Route("/api/(spoken|speech)", session=True, counted=True),
)
MICROPHONE = "camera=(), geolocation=(), microphone=(self), payment=()"
"""The Permissions-Policy of a page that may ask for the microphone."""
PIECES = 8
"""Sentences of an answer that can be asked for."""
Piece = Annotated[int, Query(ge=0, lt=PIECES)]


def offered(site: Site) -> Json | None:
    """What the page offers of voice; None where the shop wants none. ``browser``: the browser may listen, which
    may send what is said to the browser's maker."""
    front, voice = site.html.front, site.assistant.voice
    if not front.features.voice:
        return None
    return {"listen": voice.can_listen, "speak": voice.can_speak, "browser": front.voice.browser}


def build_routes(site: Site) -> APIRouter:
    router = APIRouter()
    listening = Listening(site.assistant.voice, spoken_spans)
    gate = TurnGate(PLACES)

    @router.post("/hear")
    async def hear(request: Request, body: Hear) -> Json:
        samples = _samples(body.audio)
        if not site.assistant.voice.can_listen:
            raise HTTPException(404)
        shopper = site.shopper(request)
        try:
            told = await listening.hear(
                shopper,
                visitor_of(request.state).address,
                samples,
                recording=body.recording,
                last=body.last,
                shown=await asyncio.to_thread(_shown, site, shopper, body.conversation),
            )
        except BusyError:
            raise HTTPException(503) from None
        if told is None:
            raise HTTPException(404)
        return told

    @router.get("/spoken")
    def spoken(request: Request, turn: TurnId) -> Json:
        record = _own(site, request, turn)
        said = spoken_form(record)[:PIECES]
        return {"pieces": said, "language": record.language, "sound": _speaks(site, record.language)}

    @router.get("/speech")
    async def speech(request: Request, turn: TurnId, piece: Piece = 0) -> Response:
        record = await asyncio.to_thread(_own, site, request, turn)
        said = spoken_form(record)
        if piece >= len(said) or not await asyncio.to_thread(_speaks, site, record.language):
            raise HTTPException(404)
        try:
            async with gate.turn(visitor_of(request.state).address):
                sound = await asyncio.to_thread(site.assistant.voice.speak, said[piece])
        except BusyError:
            raise HTTPException(503) from None
        return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    return router


def _samples(audio: str) -> bytes:
    try:
        samples = base64.b64decode(audio, validate=True)
    except binascii.Error:
        raise HTTPException(422) from None
    if len(samples) % 2:
        raise HTTPException(422)
    return samples


def _own(site: Site, request: Request, turn: str) -> TurnRecord:
    record = site.assistant.turns.turn(turn, site.shopper(request))
    if record is None:
        raise HTTPException(404)
    return record


def _speaks(site: Site, language: str) -> bool:
    voice = site.assistant.voice
    try:
        return voice.can_speak and voice.speaker.language == language.split("-")[0].lower()
    except SpeechError:  # installed but broken: the page then speaks with the browser's voice
        return False


def _shown(site: Site, shopper: str, conversation: str | None) -> tuple:  # type: ignore[type-arg]
    """The products of the conversation's last turn, which may be named."""
    if conversation is None or not site.assistant.lists.owns(shopper, conversation):
        return ()
    last = site.assistant.turns.last(conversation)
    return last.shown if last else ()
