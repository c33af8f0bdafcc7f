"""The page's routes from outside: only what is the visitor's own, and only what a page would send."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ui.test_served_app import shapes


@pytest.fixture
def client(address: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=60)
    assert client.get("/").status_code == 200
    return client


@pytest.fixture
def stranger(address: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=60)
    client.get("/")
    return client


def events(client: httpx.Client, text: str, conversation: str | None = None) -> list[dict[str, Any]]:
    """The events that answer ``text``."""
    answer = client.post("/api/say", json={"text": text, "conversation": conversation})
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]


def test_without_a_signed_session_nothing_is_said_or_read(address: str) -> None:
    for path in (
        "start",
        "own",
        "cart",
        "saved",
        "conversations",
        "product?id=x",
        "spoken?turn=0",
        "speech?turn=0",
    ):
        assert httpx.get(f"{address}/api/{path}").status_code == 403
    for path in ("say", "stop", "drop", "mark", "rate", "cart", "compare", "delete", "pose", "hear"):
        assert httpx.post(f"{address}/api/{path}", json={}).status_code == 403


CONVERSATION, TURN = "0" * 32, "0" * 32
REFUSED = [
    ("say", {}),
    ("say", {"text": "x" * 2001}),
    ("say", {"text": {"path": "/etc/passwd"}}),
    ("say", {"text": "a\x00b"}),
    ("say", {"text": "a", "user_id": "U1"}),
    ("say", {"text": "a", "conversation": "../../etc"}),
    ("stop", {"conversation": None}),
    ("drop", {"conversation": CONVERSATION, "condition": "x" * 501}),
    ("mark", {"item": "a", "mark": "owned", "on": True}),
    ("mark", {"item": "a", "mark": "saved", "on": "yes"}),
    ("rate", {"turn": "'; DROP TABLE turns", "value": "up"}),
    ("rate", {"turn": TURN, "value": "great"}),
    ("cart", {"item": "a", "quantity": -1}),
    ("cart", {"item": "a", "quantity": 100}),
    ("cart", {"item": "a", "quantity": 1.5}),
    ("cart", {"item": "a", "options": {str(n): "x" for n in range(11)}}),
    ("cart", {"item": "a", "price": 1}),
    ("cart", {"item": "x" * 201}),
    ("cart", {"item": "a\x00b"}),
    ("compare", {"items": ["a"] * 5}),
    ("compare", {"items": []}),
    ("pose", {"shopper": 1}),
    ("delete", {}),
    ("hear", {}),
    ("hear", {"audio": "A" * 24_001}),
    ("hear", {"audio": "not base64!"}),
    ("hear", {"audio": "AAAA"}),
    ("hear", {"audio": ["AAA="]}),
    ("hear", {"audio": "", "recording": "../../etc"}),
    ("hear", {"audio": "", "last": "yes"}),
    ("hear", {"audio": "", "language": "en"}),
]


@pytest.mark.parametrize(("path", "body"), REFUSED)
def test_what_no_page_sends_is_refused(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    answer = client.post(f"/api/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json() == {"detail": "The request does not hold what it should."}


TAKEN: dict[str, dict[str, Any]] = {
    "say": {"text": "a tent", "conversation": None},
    "stop": {"conversation": CONVERSATION},
    "drop": {"conversation": CONVERSATION, "condition": "x"},
    "mark": {"item": "x", "mark": "saved", "on": True, "conversation": None},
    "rate": {"turn": TURN, "value": "up"},
    "cart": {"item": "x", "quantity": 1, "add": True, "options": {}},
    "compare": {"items": ["x"]},
    "delete": {"conversation": CONVERSATION},
    "pose": {"shopper": None},
}
"""Every route that takes a body, with all that it takes."""


@pytest.mark.parametrize("path", TAKEN)
def test_no_input_of_any_route_reaches_a_file(client: httpx.Client, tmp_path: Path, path: str) -> None:
    marker = tmp_path / "marker-4b1f9c.txt"
    marker.write_text("what stands in the file", encoding="utf-8")
    for shape in shapes(str(marker)):
        bodies = [shape, *({**TAKEN[path], name: shape} for name in (*TAKEN[path], "value", "data"))]
        answers = [client.post(f"/api/{path}", json=body) for body in bodies]
        assert {answer.status_code for answer in answers} == {422}
        assert not any("what stands in the file" in answer.text for answer in answers)
    assert not list(Path("/tmp/gradio").rglob(f"*{marker.stem}*"))


@pytest.mark.parametrize(
    "path", ["openapi.json", "docs", "api", "api/", "api/users", "api/say/x", "api/../shop.db"]
)
def test_no_other_route_is_open(client: httpx.Client, path: str) -> None:
    assert client.get(f"/{path}").status_code in (404, 405)


def test_another_site_speaks_for_nobody(client: httpx.Client) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/api/say", json={"text": "a tent"}, headers=headers).status_code == 403


def test_the_page_allows_only_its_own_files(client: httpx.Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"):
        assert part in policy.split("; ")
    assert "unsafe" not in policy


def test_files_of_the_page_may_be_kept_and_the_page_itself_not(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "no-store"
    script = page.text.split('type="module" src="')[1].split('"')[0]
    assert "immutable" in client.get(script).headers["cache-control"]


def test_a_strangers_conversation_is_not_there(client: httpx.Client, stranger: httpx.Client) -> None:
    conversation = events(client, "a headlamp for secretville")[0]["conversation"]
    asked = {"id": conversation}
    assert client.get("/api/conversation", params=asked).status_code == 200
    assert stranger.get("/api/conversation", params=asked).status_code == 404
    assert stranger.get("/api/export", params=asked).status_code == 404
    assert stranger.post("/api/delete", json={"conversation": conversation}).status_code == 404
    assert (
        stranger.post("/api/drop", json={"conversation": conversation, "condition": "x"}).status_code == 404
    )
    begun = events(stranger, "cheaper", conversation)
    assert begun[0]["conversation"] != conversation
    assert len(client.get("/api/conversation", params=asked).json()["turns"]) == 1


def test_only_ones_own_answer_is_rated(client: httpx.Client, stranger: httpx.Client) -> None:
    turn = events(client, "a tent")[-1]["turn"]
    assert client.post("/api/rate", json={"turn": turn, "value": "up"}).status_code == 200
    assert stranger.post("/api/rate", json={"turn": turn, "value": "up"}).status_code == 404
    assert client.post("/api/rate", json={"turn": TURN, "value": "up"}).status_code == 404


def test_only_ones_own_answer_is_read_aloud(client: httpx.Client, stranger: httpx.Client) -> None:
    turn = events(client, "a tent under $300")[-1]["turn"]
    told = client.get("/api/spoken", params={"turn": turn}).json()
    assert told["pieces"]
    assert told["language"] == "en"
    assert "$" not in "".join(told["pieces"])
    for path in ("spoken", "speech"):
        assert stranger.get(f"/api/{path}", params={"turn": turn}).status_code == 404
        assert client.get(f"/api/{path}", params={"turn": TURN}).status_code == 404
        assert client.get(f"/api/{path}", params={"turn": "../x"}).status_code == 422
    assert client.get("/api/speech", params={"turn": turn, "piece": 99}).status_code == 422


def test_only_the_page_itself_may_ask_for_the_microphone(client: httpx.Client) -> None:
    pytest.importorskip("faster_whisper", reason="no voice here: pip install 'aisle[voice]'")
    assert "microphone=(self)" in client.get("/").headers["permissions-policy"]
    for path in ("/gradio/", "/api/start", "/robots.txt"):
        assert "microphone=()" in client.get(path).headers["permissions-policy"]


def test_a_strangers_cart_and_lists_are_not_there(client: httpx.Client, stranger: httpx.Client) -> None:
    item = client.get("/api/start").json()["popular"][0]["id"]
    client.post("/api/cart", json={"item": item})
    client.post("/api/mark", json={"item": item, "mark": "saved", "on": True})
    assert stranger.get("/api/cart").json()["count"] == 0
    assert stranger.get("/api/own").json()["marks"]["saved"] == []


def test_a_product_that_does_not_exist_is_not_bought_or_marked(client: httpx.Client) -> None:
    assert client.post("/api/cart", json={"item": "never"}).status_code == 404
    assert client.post("/api/mark", json={"item": "never", "mark": "saved", "on": True}).status_code == 404
    assert client.get("/api/product", params={"id": "never"}).status_code == 404
    assert client.post("/api/compare", json={"items": ["never"]}).json()["cards"] == []


def test_options_that_a_product_does_not_have_are_dropped(client: httpx.Client) -> None:
    item = client.get("/api/start").json()["popular"][0]["id"]
    cart = client.post("/api/cart", json={"item": item, "options": {"Size": "<b>huge</b>"}}).json()
    assert [line["options"] for line in cart["lines"]] == [{}]


def test_the_total_is_the_shops_price_times_the_quantity(client: httpx.Client) -> None:
    card = client.get("/api/start").json()["popular"][0]
    cart = client.post("/api/cart", json={"item": card["id"], "quantity": 3}).json()
    assert cart["totals"] == {card["currency"]: round(3 * card["price"], 2)}
    assert (
        client.post("/api/cart", json={"item": card["id"], "quantity": 0, "add": False}).json()["count"] == 0
    )


def test_only_shoppers_of_the_demonstration_can_be_posed_as(client: httpx.Client) -> None:
    known = client.get("/api/start").json()["shoppers"]
    client.post("/api/pose", json={"shopper": known[0]})
    assert client.get("/api/start").json()["posing"] == known[0]
    client.post("/api/pose", json={"shopper": "somebody else"})
    assert client.get("/api/start").json()["posing"] is None


def test_two_thousand_repeated_characters_are_answered_quickly(client: httpx.Client) -> None:
    events(client, "a tent")
    times = []
    for _ in range(5):
        began = time.perf_counter()
        events(client, ("very " * 400)[:2000])
        times.append(time.perf_counter() - began)
    assert sorted(times)[0] < 0.3
