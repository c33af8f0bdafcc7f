"""The page as `aisle serve` starts it, attacked from outside: files, uploads, hosts, headers, floods."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from ui.gradio_gate import DATA, JOIN, PREFIX

MARKER = "marker-4b1f9c"


@pytest.fixture
def client(address: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=60)
    assert client.get("/").status_code == 200
    return client


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that the server could read, and must not."""
    path = tmp_path / f"{MARKER}.txt"
    path.write_text(f"contents of {MARKER}", encoding="utf-8")
    return path


def events(client: httpx.Client) -> list[dict[str, Any]]:
    return client.get(f"{PREFIX}/config").json()["dependencies"]


def sent(client: httpx.Client, event: dict[str, Any], queue: str = "q") -> str:
    """Everything that comes back for an event."""
    joined = client.post(JOIN, json={"session_hash": queue, **event})
    if joined.status_code != 200:
        return joined.text
    return joined.text + client.get(DATA, params={"session_hash": queue}).text


def event_of(client: httpx.Client, name: str) -> int:
    return next(event["id"] for event in events(client) if event["api_name"] == name)


def shapes(path: str) -> list[Any]:
    """A file reference in the shapes that Gradio's components take it in."""
    reference = {"path": path, "meta": {"_type": "gradio.FileData"}}
    message = {"role": "user", "content": [{"type": "file", "file": reference}]}
    return [
        reference,
        [reference],
        [message],
        [{"role": "assistant", "content": reference}],
        {"path": path, "url": f"file://{path}", "orig_name": "a", "meta": {"_type": "gradio.FileData"}},
        {"__type__": "update", "value": reference},
        [[reference, None]],
        {"text": "a", "files": [reference]},
    ]


def test_no_input_of_any_event_reaches_a_file(client: httpx.Client, marker: Path) -> None:
    cache = Path("/tmp/gradio")
    for event in events(client):
        for n, shape in enumerate(shapes(str(marker))):
            for at in range(max(1, len(event["inputs"]))):
                data: list[Any] = ["a tent"] * len(event["inputs"])
                data[at : at + 1] = [shape]
                body = {"fn_index": event["id"], "data": data, "event_data": shape}
                assert MARKER not in sent(client, body, f"q{n}")
    assert not list(cache.rglob(f"*{MARKER}*"))


def test_no_press_reaches_a_file(client: httpx.Client, marker: Path) -> None:
    for index in [event["id"] for event in events(client) if event["api_name"].startswith("press")]:
        for shape in shapes(str(marker)):
            for field in ("action", "item", "id", "say"):
                pressed = {"action": "say", "item": "", "id": "", "say": "a tent", field: shape}
                body = {"fn_index": index, "data": [], "event_data": pressed}
                assert MARKER not in sent(client, body)


def test_a_path_that_is_typed_is_words_and_nothing_else(client: httpx.Client, marker: Path) -> None:
    answer = sent(client, {"fn_index": event_of(client, "talk"), "data": [str(marker)]})
    assert "process_completed" in answer
    assert "contents of" not in answer


CLOSED = (
    "/gradio_api/file={marker}", "/file={marker}", "/gradio_api/file/{marker}", "/gradio_api/upload",
    "/gradio_api/upload_progress", "/gradio_api/proxy=http://127.0.0.1:1/", "/gradio_api/info",
    "/gradio_api/openapi.json", "/openapi.json", "/docs", "/redoc", "/monitoring", "/monitoring/summary",
    "/gradio_api/app_id", "/gradio_api/token", "/gradio_api/user", "/login", "/login_check",
    "/gradio_api/component_server", "/gradio_api/run/talk", "/gradio_api/api/talk", "/gradio_api/call/talk",
    "/gradio_api/stream/x", "/gradio_api/heartbeat/x", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/process_recording", "/gradio_api/vibe-code", "/gradio_api/runs", "/gradio_api/deep_link",
    "/gradio_api/dev/reload", "/custom_component/x/client/component/index.js", "/svelte/x", "/pwa_icon",
    "/static/..%2f..%2f..%2f..{marker}", "/assets/..%2f..%2f..%2f..{marker}", "/assets/%2e%2e/index.html",
    "/shop/images/..%2fshop.db", "/shop/images/%2e%2e/shop.db", "/shop/shop.db", "/shop.db", "/{marker}",
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["", PREFIX])
@pytest.mark.parametrize("path", CLOSED)
def test_a_route_that_the_page_does_not_need_is_closed(
    client: httpx.Client, marker: Path, path: str, prefix: str
) -> None:
    path = prefix + path.format(marker=marker)
    answers = [
        client.get(path), client.post(path, json={"data": [], "fn_index": 0}),
        client.post(path, files={"files": ("a.txt", MARKER.encode())}),
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert all(MARKER not in answer.text for answer in answers)


def test_an_upload_leaves_nothing_behind(client: httpx.Client) -> None:
    for path in (f"{PREFIX}/gradio_api/upload", "/upload", JOIN):
        assert client.post(path, files={"files": (f"{MARKER}.txt", b"x" * 10_000)}).status_code in (404, 415)
    assert not list(Path("/tmp/gradio").rglob(f"*{MARKER}*"))


def test_a_foreign_host_is_refused(client: httpx.Client) -> None:
    for path in ("/", f"{PREFIX}/", f"{PREFIX}/config", DATA, "/api/start"):
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 400


def test_forwarded_headers_change_nothing(client: httpx.Client) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil"}
    for path in ("/", f"{PREFIX}/", f"{PREFIX}/config"):
        answer = client.get(path, headers=forwarded)
        assert answer.status_code == 200
        assert "evil" not in answer.text


def test_another_site_cannot_speak_for_a_visitor(client: httpx.Client) -> None:
    body = {"fn_index": event_of(client, "talk"), "data": ["a tent"], "session_hash": "q"}
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(JOIN, json=body, headers=headers).status_code == 403


def test_no_event_without_a_signed_session(address: str) -> None:
    body = {"fn_index": 0, "data": ["a tent"], "session_hash": "q"}
    assert httpx.post(address + JOIN, json=body).status_code == 403
    forged = {"Cookie": "aisle_session=forged.abc.def"}
    assert httpx.post(address + JOIN, json=body, headers=forged).status_code == 403
    assert httpx.get(address + DATA, params={"session_hash": "q"}).status_code == 403


def test_one_visitor_does_not_see_anothers_conversation(client: httpx.Client, address: str) -> None:
    sent(client, {"fn_index": event_of(client, "talk"), "data": ["a headlamp for secretville"]})
    other = httpx.Client(base_url=address, timeout=60)
    other.get(f"{PREFIX}/")
    shown = sent(other, {"fn_index": event_of(client, "open"), "data": []})
    assert "process_completed" in shown
    assert "secretville" not in shown


def test_the_config_and_errors_give_nothing_away(client: httpx.Client) -> None:
    import gradio

    told = [client.get(f"{PREFIX}/config").text, client.get(f"{PREFIX}/").text, client.get("/").text]
    assert json.loads(told[0])["version"] == ""
    told += [
        client.post(JOIN, content=b"{", headers={"Content-Type": "application/json"}).text,
        client.post(JOIN, json={"fn_index": 10**9, "data": [], "session_hash": "q"}).text,
        client.get(DATA, params={"session_hash": "never"}).text,
        client.get(f"{PREFIX}/assets/nothing.js").text,
        client.get("/page/000000000000/js/app.js").text,
    ]
    for text in told:
        for telling in (gradio.__version__, "site-packages", "Traceback", str(Path.home()), "/tmp/", ".py"):
            assert telling not in text


def test_the_page_carries_the_safe_headers(client: httpx.Client) -> None:
    headers = client.get(f"{PREFIX}/").headers
    scripts = headers["Content-Security-Policy"].split("script-src ")[1].split(";")[0]
    assert "'unsafe-inline'" not in scripts
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "server" not in headers


def test_a_picture_is_no_page_of_the_shop(client: httpx.Client, demo_shop: Path) -> None:
    picture = next((demo_shop / "images").iterdir()).name
    answer = client.get(f"/shop/images/{picture}")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_forged_message_is_refused_and_slows_nobody(client: httpx.Client) -> None:
    talk = event_of(client, "talk")

    def turn() -> float:
        started = time.perf_counter()
        assert "process_completed" in sent(client, {"fn_index": talk, "data": ["a tent under $300"]}, "turn")
        return time.perf_counter() - started

    alone = sorted(turn() for _ in range(5))[2]
    forged = {"fn_index": talk, "data": ["tent " * 200_000], "session_hash": "f"}
    with ThreadPoolExecutor(12) as crowd:
        answers = [crowd.submit(client.post, JOIN, json=forged) for _ in range(12)]
        beside = turn()
    assert {answer.result().status_code for answer in answers} == {413}
    assert beside < 10 * alone
    too_long = {"fn_index": talk, "data": ["x" * 2001], "session_hash": "f"}
    assert client.post(JOIN, json=too_long).status_code == 422
