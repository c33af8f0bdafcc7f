"""A shop's page behind its door, served by uvicorn as `aisle serve` does."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from agent.errors import AisleError
from ui.door import ContentPolicy, DoorRules, Limits, guarded

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant
    from agent.settings import Settings

DEMO_SHOPPERS = 12
MIN_KEY = 32
KEY_FILE = "session.key"
_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


def build_served_app(
    assistant: ShoppingAssistant, folder: Path, *, host: str, title: str = "Aisle", demo: bool = False
) -> ASGIApp:
    """The whole application: the page of the shop in ``folder`` behind its door.

    Raises:
        AisleError: a setting of the door is not what it must be.
    """
    from ui.conversations import Conversations
    from ui.gradio_app import Page, build_app
    from ui.turn_gate import TurnGate
    from ui.web.app import Site, build_site
    from ui.web.files import PageHtml
    from ui.web.shoppers import Shoppers
    from ui.web.talks import Talks
    from ui.web.views import Views

    settings, front = assistant.shop.settings, assistant.shop.storefront
    rules = door_rules(settings, host, folder)
    origins = image_origins(settings.image_hosts)
    known = assistant.most_active_shoppers(DEMO_SHOPPERS) if demo else ()
    gate = TurnGate(settings.turns_at_once)
    shoppers = Shoppers(assistant.lists, known)
    views = Views(assistant, origins)
    site = Site(
        assistant, Talks(assistant, views, gate), views, shoppers, PageHtml(front, title), generated=demo
    )
    conversations = Conversations(assistant, shoppers, gate)
    plain = Page(conversations, front.name or title, generated=demo, image_origins=origins)
    return guarded(Beside(build_site(site), build_app(plain, folder)), rules)


def warm_up(assistant: ShoppingAssistant) -> None:
    """Let the assistant answer once, so that no shopper waits seconds for models to be opened."""
    session = f"warm-up-{secrets.token_hex(8)}"
    assistant.reply("Show me something", session_id=session)
    assistant.forget_session(session)


class Beside:
    """The page, and the plain Gradio page under its prefix."""

    def __init__(self, page: ASGIApp, gradio: ASGIApp) -> None:
        self.page, self.gradio = page, gradio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from ui.gradio_gate import PREFIX

        # Starting and stopping is Gradio's alone: its queue runs between them, and the page needs neither.
        under = scope["type"] == "lifespan" or f"{scope['path']}/".startswith(f"{PREFIX}/")
        await (self.gradio if under else self.page)(scope, receive, send)


def refuse_taken_port(host: str, port: int) -> None:
    """Say that a port is taken before anything is loaded for it.

    Raises:
        AisleError: something else listens there, or may not be listened on.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AisleError(
                f"the page cannot be served at {host}:{port} ({error.strerror}); stop what listens there, or name "
                "another port with --port"
            ) from error


def serve(app: ASGIApp, *, host: str, port: int) -> None:
    """Serve until stopped."""
    import uvicorn

    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        proxy_headers=False,  # the door believes named proxies only
        server_header=False,
        limit_concurrency=1000,
        h11_max_incomplete_event_size=16 * 1024,
        timeout_graceful_shutdown=3,  # a stream that hangs must not keep Ctrl-C waiting
    )


def door_rules(settings: Settings, host: str, folder: Path) -> DoorRules:
    """What the settings let through the door of a page that listens on ``host``, of the shop in ``folder``.

    Raises:
        AisleError: a setting names no host, address or network, or the key is too short.
    """
    from ui import gradio_gate, pictures
    from ui.web import app

    bound = f"[{host}]" if ":" in host else host
    key = settings.session_key.get_secret_value()
    if key and len(key) < MIN_KEY:
        raise AisleError(
            f"AISLE_SESSION_KEY has {len(key)} characters; it takes {MIN_KEY} or more, e.g. the output of "
            "`openssl rand -hex 32`"
        )
    return DoorRules(
        routes=(*app.ROUTES, *gradio_gate.ROUTES, pictures.ROUTE),
        session_key=key or kept_key(folder),
        hosts=(bound.lower(), *allowed_hosts(settings.allowed_hosts)),
        proxies=trusted_proxies(settings.trusted_proxies),
        policy=ContentPolicy(images=image_origins(settings.image_hosts)),
        limits=Limits(
            requests_per_minute=settings.requests_per_minute, connections=settings.connections_per_address
        ),
    )


def kept_key(folder: Path) -> str:
    """The secret that the shop's page signs its cookies with, made at the first start: a visitor is still the
    same one after a restart."""
    path = folder / KEY_FILE
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    key = path.read_text(encoding="ascii").strip()
    if len(key) < MIN_KEY:
        raise AisleError(f"{path} has to hold {MIN_KEY} characters or more: delete it, and it is made anew")
    return key


def allowed_hosts(text: str) -> tuple[str, ...]:
    hosts = _names(text.lower())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise AisleError(
                f"AISLE_ALLOWED_HOSTS names {host!r}; it takes host names without scheme and port, "
                "e.g. `shop.example.com` or `*.example.com`"
            )
    return hosts


def trusted_proxies(text: str) -> tuple[str, ...]:
    proxies = _names(text)
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            raise AisleError(
                f"AISLE_TRUSTED_PROXIES names {proxy!r}; it takes addresses or networks, "
                "e.g. `10.0.0.5` or `10.0.0.0/8`"
            ) from None
    return proxies


def image_origins(text: str) -> tuple[str, ...]:
    """Origins of the named hosts; `cdn.example.com` is `https://cdn.example.com`."""
    from ui.pictures import origin_of

    origins = []
    for name in _names(text.lower()):
        address = name if "://" in name else f"https://{name}"
        origin = origin_of(address)
        if origin is None or address.rstrip("/").count("/") > 2:
            raise AisleError(
                f"AISLE_IMAGE_HOSTS names {name!r}; it takes hosts, e.g. `cdn.example.com`, or origins, "
                "e.g. `http://localhost:9000`"
            )
        origins.append(origin)
    return tuple(origins)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())
