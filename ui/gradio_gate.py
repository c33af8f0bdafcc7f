"""Between the door and Gradio: only events the page has, with checked inputs, ever reach Gradio.

Gradio copies into its cache, and serves, whatever file an event's input refers to, before any of our code
sees the input. So an event is read and written anew here: strings of bounded length, nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.door import ContentPolicy, Route, Visitor
from ui.door.bodies import read_body, replayed
from ui.door.refusals import refuse
from ui.requests import Message as Text
from ui.requests import Press

Inputs = tuple[frozenset[str] | None, ...]

PREFIX = "/gradio"
JOIN, DATA = f"{PREFIX}/gradio_api/queue/join", f"{PREFIX}/gradio_api/queue/data"
_POST = frozenset({"POST"})
ROUTES = (
    Route(f"{PREFIX}/?", issues=True, counted=True),
    Route(f"{PREFIX}/config", issues=True, counted=True),
    Route(JOIN, methods=_POST, session=True, counted=True),
    Route(DATA, session=True),
    Route(PREFIX + r"/assets/[\w-]+(\.[\w-]+)*\.(js|css|woff2?|ttf|svg|png)"),
    Route(PREFIX + r"/static/(js|img|fonts)/[\w/-]+(\.[\w-]+)*\.(js|css|woff2?|ttf|svg|png)"),
    Route(PREFIX + r"/(theme\.css|gradio_api/theme\.css|favicon\.ico|manifest\.json)"),
)
"""What Gradio's page asks for. Files, uploads, proxies, the API, recordings, monitoring stay closed."""
POLICY = ContentPolicy(scripts=("'unsafe-eval'",), styles=("'unsafe-inline'",))
"""Gradio forces both: `gr.HTML` compiles its template with `Function`, components write style attributes.
Inline scripts are allowed by their hashes alone (`PageScripts`)."""


class _Event(BaseModel):
    """The body of a queued event. What else Gradio's client sends is dropped."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    data: list[Text]
    fn_index: int
    session_hash: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    trigger_id: int | None = None


class _Pressed(_Event):
    event_data: Press


class EventGate:
    """Checks every event of the queue, and keeps the queues of visitors apart.

    ``inputs`` gives what each event takes, by its index: for each input the fixed set its value is one of, or
    None for any text. ``pressed`` are the events that say which button was pressed.
    """

    def __init__(self, app: ASGIApp, inputs: Mapping[int, Inputs], pressed: Collection[int]) -> None:
        self.app = app
        self._inputs, self._pressed = inputs, pressed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == JOIN:
            body = await read_body(receive, 10**6)  # the door has bounded it
            event = self._checked(body or b"", scope["state"]["visitor"])
            if event is None:
                await refuse(422, scope, receive, send)
                return
            body = json.dumps(event).encode()
            headers = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            scope, receive = {**scope, "headers": headers}, replayed(body, receive)
        elif scope["type"] == "http" and scope["path"] == DATA:
            told = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
            query = urlencode({"session_hash": own_queue(scope["state"]["visitor"], told)})
            scope = {**scope, "query_string": query.encode()}
        await self.app(scope, receive, send)

    def _checked(self, body: bytes, visitor: Visitor) -> dict[str, Any] | None:
        """The event as Gradio gets it; None where it is none of the page's."""
        try:
            event = _Event.model_validate_json(body)
            if not _fits(event.data, self._inputs.get(event.fn_index)):
                return None
            if event.fn_index in self._pressed:
                event = _Pressed.model_validate_json(body)
        except ValidationError:
            return None
        checked = event.model_dump()
        return {**checked, "session_hash": own_queue(visitor, event.session_hash)}


def _fits(data: list[str], inputs: Inputs | None) -> bool:
    if inputs is None or len(data) != len(inputs):
        return False
    return all(fixed is None or value in fixed for value, fixed in zip(data, inputs, strict=True))


def own_queue(visitor: Visitor, told: str) -> str:
    """The name of a visitor's queue: the client chooses a part, but can name no other visitor's."""
    return hmac.new(visitor.session.encode(), told.encode(), "sha256").hexdigest()


class PageScripts:
    """Allows the page's inline scripts by their hashes, so that no other inline script runs."""

    def __init__(self, app: ASGIApp, policy: ContentPolicy) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != f"{PREFIX}/":
            await self.app(scope, receive, send)
            return
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        start: Message = {}
        page = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            page.extend(message.get("body", b""))
            if not message.get("more_body", False):
                headers = MutableHeaders(scope=start)
                headers["Content-Security-Policy"] = self.policy.header(script_hashes(bytes(page)))
                await send(start)
                await send({"type": "http.response.body", "body": bytes(page)})

        await self.app({**scope, "headers": plain}, receive, collect)


def script_hashes(page: bytes) -> list[str]:
    """The Content-Security-Policy's hash of each inline script."""
    scripts = re.findall(rb"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in scripts
        if script
    ]
