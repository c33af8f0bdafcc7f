"""Between the door and Gradio: what an event may hold, and whose queue is whose."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.door import ContentPolicy, Visitor
from ui.gradio_gate import DATA, JOIN, PREFIX, EventGate, PageScripts, own_queue, script_hashes

TALK, PRESS, PICK = 0, 1, 2
INPUTS = {TALK: (None,), PRESS: (), PICK: (frozenset({"anna"}),)}
VISITOR = Visitor("secret", "10.1.1.1")


def passed(body: bytes, visitor: Visitor = VISITOR) -> dict[str, Any] | None:
    """The event as it reaches Gradio; None where it does not."""
    reached: list[dict[str, Any]] = []

    async def gradio(scope: Any, receive: Any, send: Any) -> None:
        reached.append(json.loads((await receive())["body"]))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        answers.append(message.get("status"))

    answers: list[Any] = []
    gate = EventGate(gradio, INPUTS, {PRESS})
    scope = {"type": "http", "path": JOIN, "method": "POST", "headers": [], "state": {"visitor": visitor}}
    asyncio.run(gate(scope, receive, send))
    assert reached or answers[0] == 422
    return reached[0] if reached else None


def event(index: int, *data: Any, **more: Any) -> bytes:
    return json.dumps({"fn_index": index, "data": data, "session_hash": "abc", **more}).encode()


def test_an_event_of_the_page_passes() -> None:
    came = passed(event(TALK, "a tent", trigger_id=7))
    assert came is not None
    assert (came["fn_index"], came["data"], came["trigger_id"]) == (TALK, ["a tent"], 7)
    assert passed(event(PICK, "anna"))
    pressed = {"action": "like", "item": "a", "id": "", "say": ""}
    assert passed(event(PRESS, event_data=pressed))["event_data"] == pressed


REFERENCE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    "body",
    [
        event(TALK, REFERENCE),
        event(TALK, [REFERENCE]),
        event(TALK, [{"role": "user", "content": [{"type": "file", "file": REFERENCE}]}]),
        event(TALK, None),
        event(TALK, 1),
        event(TALK, "x" * 2001),
        event(TALK),
        event(TALK, "a", "b"),
        event(PICK, "mallory"),
        event(PRESS),
        event(PRESS, event_data=REFERENCE),
        event(PRESS, event_data={"action": "say", "say": REFERENCE}),
        event(99, "a"),
        event("0", "a"),  # type: ignore[arg-type]
        event(TALK, "a").replace(b'"abc"', b'"../abc"'),
        event(TALK, "a").replace(b'"abc"', b"null"),
        b'{"fn_index": 0, "data": ["\\ud800"], "session_hash": "abc"}',
        b"[" * 10_000,
        b"",
        b"\xff",
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    assert passed(body) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, JSON)
def test_nothing_but_strings_reaches_gradio(value: Any, more: Any) -> None:
    came = passed(event(TALK, value, event_data=more, oauth_token=more, request=more, batched=more))
    assert (came is not None) == isinstance(value, str)
    if came is not None:
        assert came["data"] == [value]
        assert set(came) == {"data", "fn_index", "session_hash", "trigger_id"}


def test_a_visitor_hears_their_own_queue_only() -> None:
    heard: list[bytes] = []

    async def gradio(scope: Any, receive: Any, send: Any) -> None:
        heard.append(scope["query_string"])

    scope = {
        "type": "http",
        "path": DATA,
        "method": "GET",
        "headers": [],
        "query_string": b"session_hash=abc",
    }
    for session in ("secret", "other"):
        state = {"visitor": Visitor(session, "10.1.1.1")}
        asyncio.run(EventGate(gradio, INPUTS, {PRESS})({**scope, "state": state}, None, None))
    joined = passed(event(TALK, "a"))
    assert joined is not None
    assert heard[0] == f"session_hash={joined['session_hash']}".encode()
    assert heard[1] == f"session_hash={own_queue(Visitor('other', ''), 'abc')}".encode()
    assert heard[0] != heard[1]


def test_inline_scripts_of_the_page_are_allowed_by_their_hashes() -> None:
    page = b'<script>a()</script><script src="x.js"></script>\n<script data-x>\nb()\n</script>'
    sent: list[Any] = []

    async def gradio(scope: Any, receive: Any, send: Any) -> None:
        assert not scope["headers"]  # a compressed page could not be read
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": f"{PREFIX}/", "method": "GET", "headers": [(b"accept-encoding", b"br")]}
    asyncio.run(PageScripts(gradio, ContentPolicy())(scope, None, send))
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert len(script_hashes(page)) == 2
    assert all(hashed in policy for hashed in script_hashes(page))
    assert "unsafe-inline" not in policy
    assert sent[1]["body"] == page
