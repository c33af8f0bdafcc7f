"""The door by itself, before a page that tells what reached it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route as PageRoute

from ui.door import ContentPolicy, DoorRules, Limits, Route, guarded, visitor_of

POST = frozenset({"POST"})
ROUTES = (
    Route("/", issues=True, counted=True),
    Route("/say", methods=POST, session=True, counted=True),
    Route("/broken"),
    Route("/stream"),
    Route("/refused"),
    Route(r"/files/\w+\.js"),
)


async def home(request: Request) -> Response:
    told = {"host": request.headers["host"], "scheme": request.url.scheme, "client": request.client.host}
    names = [name for name in request.headers if "forward" in name or name == "x-real-ip"]
    return JSONResponse({**told, "forwarded": names}, headers={"Server": "secret/1.2"})


async def say(request: Request) -> Response:
    return JSONResponse({"session": visitor_of(request.state).session, "body": len(await request.body())})


async def broken(request: Request) -> Response:
    raise RuntimeError("/etc/secret")


async def stream(request: Request) -> Response:
    async def pieces() -> AsyncIterator[str]:
        yield "one"
        raise RuntimeError("/etc/secret")

    return StreamingResponse(pieces())


async def refused(request: Request) -> Response:
    return JSONResponse({"detail": "no /etc/secret here"}, 418, {"X-Powered-By": "secret"})


PAGE = Starlette(
    routes=[
        PageRoute("/", home),
        PageRoute("/say", say, methods=["POST"]),
        PageRoute("/broken", broken),
        PageRoute("/stream", stream),
        PageRoute("/refused", refused),
        PageRoute("/files/{name}", home),
        PageRoute("/inside", home),
    ]
)


def door(**rules: Any) -> Any:
    return guarded(PAGE, DoorRules(routes=ROUTES, session_key="k" * 32, **rules))


class Visitor:
    """A client of one address that keeps its cookies."""

    def __init__(self, app: Any, address: str = "10.1.1.1", base: str = "http://localhost") -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 1234), raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=base)
        self._loop = asyncio.new_event_loop()

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._loop.run_until_complete(self._client.request(method, path, **more))


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(door())


@pytest.mark.parametrize(
    "path", ["/inside", "/files/../inside", "/files/a.js/", "/files//a.js", "/files/%2e%2e.js", "/x"]
)
def test_a_route_that_is_not_open_is_not_there(visitor: Visitor, path: str) -> None:
    assert visitor("GET", path).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_an_open_route_takes_its_own_methods_only(visitor: Visitor, method: str) -> None:
    assert visitor(method, "/").status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused(visitor: Visitor, host: str) -> None:
    assert visitor("GET", "/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:1", "[::1]:7860", "shop.example"])
def test_loopback_and_named_hosts_are_served_on_any_port(host: str) -> None:
    visitor = Visitor(door(hosts=("shop.example",)))
    assert visitor("GET", "/", headers={"Host": host}).status_code == 200


FORWARDED = {
    "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6", "X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/x",
}  # fmt: skip


def test_nobody_is_believed_about_where_a_request_comes_from(visitor: Visitor) -> None:
    told = visitor("GET", "/", headers=FORWARDED).json()
    assert told == {"host": "localhost", "scheme": "http", "client": "10.1.1.1", "forwarded": []}


def test_a_named_proxy_is_believed_about_address_and_scheme_only() -> None:
    app = door(proxies=("10.1.0.0/16",))
    told = Visitor(app, "10.1.2.3")("GET", "/", headers=FORWARDED).json()
    assert told == {"host": "localhost", "scheme": "https", "client": "6.6.6.6", "forwarded": []}
    assert Visitor(app, "10.2.2.3")("GET", "/", headers=FORWARDED).json()["client"] == "10.2.2.3"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/broken", "/refused"])
def test_every_answer_carries_the_safe_headers(visitor: Visitor, path: str) -> None:
    headers = visitor("GET", path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_the_policy_names_the_picture_hosts_of_the_shop() -> None:
    app = door(policy=ContentPolicy(images=("https://cdn.example",)))
    policy = Visitor(app)("GET", "/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://cdn.example;" in policy


@pytest.mark.parametrize(("path", "status"), [("/broken", 500), ("/refused", 418)])
def test_an_error_tells_nothing_of_the_server(visitor: Visitor, path: str, status: int) -> None:
    answer = visitor("GET", path)
    assert answer.status_code == status
    assert "secret" not in answer.text
    assert list(answer.json()) == ["detail"]


def test_a_stream_that_breaks_ends_without_a_word(visitor: Visitor) -> None:
    answer = visitor("GET", "/stream")
    assert answer.status_code == 200
    assert answer.text == "one"


def test_a_cookie_is_http_only_and_secure_over_https(visitor: Visitor) -> None:
    plain = visitor("GET", "/").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    assert "Secure" in Visitor(door(), base="https://localhost")("GET", "/").headers["Set-Cookie"]


def test_a_visitor_keeps_one_session_and_no_two_share_one() -> None:
    app = door()
    one, other = Visitor(app), Visitor(app)
    for visitor in (one, other):
        visitor("GET", "/")
    sessions = [v("POST", "/say", json={}).json()["session"] for v in (one, one, other)]
    assert sessions[0] == sessions[1] != sessions[2]
    assert len(sessions[0]) >= 40


@pytest.mark.parametrize("cookie", ["", "chosen", "chosen.aaaaaa.bbbbbb", "a" * 5000, "é"])
def test_a_cookie_that_was_not_issued_here_is_no_session(visitor: Visitor, cookie: str) -> None:
    headers = {"Cookie": f"aisle_session={cookie}".encode()}
    assert visitor("POST", "/say", json={}, headers=headers).status_code == 403


def test_a_cookie_of_another_key_is_no_session(visitor: Visitor) -> None:
    cookie = visitor("GET", "/").headers["Set-Cookie"].partition(";")[0]
    other = guarded(PAGE, DoorRules(routes=ROUTES, session_key="o" * 32))
    assert Visitor(other)("POST", "/say", json={}, headers={"Cookie": cookie}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://shop.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_no_other_site_posts_with_a_visitors_cookie(headers: dict[str, str], status: int) -> None:
    visitor = Visitor(door(hosts=("shop.example",)))
    visitor("GET", "/")
    assert visitor("POST", "/say", json={}, headers=headers).status_code == status


def test_a_body_is_json_and_bounded(visitor: Visitor) -> None:
    visitor("GET", "/")
    assert visitor("POST", "/say", json="x" * 30_000).json()["body"] == 30_002
    assert visitor("POST", "/say", json="x" * 1_000_000).status_code == 413
    assert visitor("POST", "/say", data={"a": "b"}).status_code == 415
    assert visitor("POST", "/say", files={"a": b"b"}).status_code == 415


def test_a_body_that_does_not_tell_its_length_is_bounded_too(visitor: Visitor) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    visitor("GET", "/")
    answer = visitor("POST", "/say", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    visitor = Visitor(door(limits=Limits(body_seconds=0.05)))
    visitor("GET", "/")
    headers = {"Content-Type": "application/json"}
    assert visitor("POST", "/say", content=slow(), headers=headers).status_code == 408


def test_an_address_has_its_requests_a_minute_and_other_addresses_theirs() -> None:
    app = door(limits=Limits(requests_per_minute=20))
    one = Visitor(app)
    answers = [one("GET", "/") for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert answers[-1].headers["Retry-After"]
    assert one("GET", "/files/a.js").status_code == 200  # files are not counted
    assert Visitor(app, "10.1.1.2")("GET", "/").status_code == 200


def test_the_addresses_of_one_ipv6_subscriber_count_as_one() -> None:
    app = door(limits=Limits(requests_per_minute=2))
    assert Visitor(app, "2001:db8::1")("GET", "/").status_code == 200
    assert Visitor(app, "2001:db8::2")("GET", "/").status_code == 429
    assert Visitor(app, "2001:db8:0:1::2")("GET", "/").status_code == 200


def test_an_address_has_so_many_requests_in_flight() -> None:
    waiting = asyncio.Event()

    async def hangs(request: Request) -> Response:
        await waiting.wait()
        return Response()

    page = Starlette(routes=[PageRoute("/", hangs)])
    app = guarded(page, DoorRules(routes=ROUTES, session_key="k" * 32, limits=Limits(connections=2)))

    async def three_at_once() -> list[int]:
        transport = httpx.ASGITransport(app=app, client=("10.1.1.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            held = [asyncio.create_task(client.get("/")) for _ in range(2)]
            await asyncio.sleep(0.05)
            third = await client.get("/")
            waiting.set()
            return [third.status_code, *[(await answer).status_code for answer in held]]

    assert asyncio.run(three_at_once()) == [429, 200, 200]
