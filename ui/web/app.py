"""The page's routes: one HTML page and JSON about the visitor's own conversation, cart and lists."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import APIRouter, Cookie, FastAPI, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.middleware.gzip import GZipMiddleware

from agent import shelf_views
from agent.assistant import ShoppingAssistant
from agent.shelf_records import Cart
from agent.storage.lists import Mark
from ui.door import Route, visitor_of
from ui.pictures import ShopPictures, image_source
from ui.turn_gate import BusyError
from ui.web import files, voice
from ui.web.bodies import (
    Compare,
    ConversationId,
    Drop,
    ItemId,
    MarkProduct,
    Pose,
    PutInCart,
    Rate,
    Say,
    Within,
)
from ui.web.files import PageFiles, PageHtml
from ui.web.kept import Kept
from ui.web.locales import chosen, languages, strings
from ui.web.shoppers import Shoppers
from ui.web.talks import Talks
from ui.web.views import Json, Views

_POST = frozenset({"POST"})
_READ = ("start", "own", "product", "cart", "saved", "conversations", "conversation", "export")
_WRITTEN = ("say", "stop", "drop", "mark", "rate", "cart", "compare", "delete", "pose")
ROUTES = (
    Route("/", issues=True, counted=True),
    Route(f"/api/({'|'.join(_READ)})", session=True, counted=True),
    Route(f"/api/({'|'.join(_WRITTEN)})", methods=_POST, session=True, counted=True),
    *voice.ROUTES,
    files.ROUTE,
    Route(r"/(robots\.txt|favicon\.ico)"),
)
Language = Annotated[str | None, Query(pattern=r"^[A-Za-z-]{2,12}$")]
LanguageCookie = Annotated[str | None, Cookie(alias="aisle_language", max_length=12)]
_TOLD: dict[Mark, str] = {"saved": "like", "unwanted": "dislike"}
SHELF_SECONDS = 60.0
EVENTS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True)
class Site:
    """All that the routes speak to. ``generated``: a demonstration, nothing of which is for sale."""

    assistant: ShoppingAssistant
    talks: Talks
    views: Views
    shoppers: Shoppers
    html: PageHtml
    generated: bool = False
    _shelf: Kept[Json] = field(default_factory=lambda: Kept(SHELF_SECONDS))

    def shelf(self) -> Json:
        """What the shop has, the same for everybody."""
        return self._shelf.of(lambda: self.views.start(shelf_views.start(self.assistant)))

    def shopper(self, request: Request) -> str:
        return self.shoppers.of(visitor_of(request.state))

    def language(self, request: Request, preferred: str | None) -> str:
        """What this visitor is spoken to in."""
        return chosen(request.headers.get("accept-language", ""), preferred, self.html.front.language)

    def start(self, request: Request, language: str) -> Json:
        """What the page begins with: the shop, its language, and this shopper's picks and counts."""
        front, visitor = self.html.front, visitor_of(request.state)
        shopper = self.shoppers.of(visitor)
        greeting = front.greeting
        return {
            "shop": {
                "name": self.html.name,
                "tagline": front.tagline,
                "logo": image_source(front.logo),
                "greeting": greeting.get(language) or greeting.get(front.language) or "",
                "features": front.features.model_dump(),
                "generated": self.generated,
                "voice": voice.offered(self),
            },
            "language": language,
            "languages": languages(),
            "strings": strings(language),
            "shoppers": self.shoppers.known,
            "posing": self.shoppers.posing(visitor),
            **self.shelf(),
            "picks": self.views.cards(shelf_views.picks(self.assistant, shopper)),
            **self.own(shopper),
        }

    def own(self, shopper: str) -> Json:
        """What is the shopper's own: marks, number of things in the cart, conversations."""
        return {
            "marks": self.assistant.lists.marks(shopper),
            "inCart": self.cart(shopper).count,
            "conversations": self.talks.listed(shopper),
        }

    def cart(self, shopper: str) -> Cart:
        return shelf_views.cart(self.assistant, shopper)


def build_site(site: Site) -> FastAPI:
    """The page as an ASGI application; it belongs behind the door."""
    app = FastAPI(title="Aisle", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=5)
    folder = site.assistant.shop.folder
    if (images := folder / "images").is_dir():
        app.mount("/shop/images", ShopPictures(directory=images), name="images")
    base = f"/page/{site.html.version}"

    @app.get(f"{base}/theme.css")
    async def theme() -> Response:
        return Response(site.html.theme, media_type="text/css", headers={"Cache-Control": files.FOREVER})

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /api/\n", media_type="text/plain")

    @app.get("/favicon.ico")
    def favicon() -> Response:
        icon = (files.STATIC / "icon.svg").read_bytes()
        return Response(icon, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    page_files = PageFiles(files.STATIC)

    @app.api_route(f"{base}/{{name:path}}", methods=["GET", "HEAD"])
    async def page_file(name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
        return cast(Response, _found(page_files.response(name, accept_encoding)))

    app.include_router(_page(site))
    app.include_router(_talking(site), prefix="/api")
    app.include_router(_conversations(site), prefix="/api")
    app.include_router(_products(site), prefix="/api")
    if site.html.front.features.voice:
        app.include_router(voice.build_routes(site), prefix="/api")
    return app


def _page(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def page(request: Request, aisle_language: LanguageCookie = None) -> Response:
        language = site.language(request, aisle_language)
        text = site.html.render(language, site.start(request, language))
        headers = {"Cache-Control": "no-store"}
        if (offer := voice.offered(site)) and offer["listen"]:
            headers["Permissions-Policy"] = voice.MICROPHONE
        return HTMLResponse(text, headers=headers)

    @router.get("/api/start")
    def start(request: Request, language: Language = None) -> Json:
        return site.start(request, site.language(request, language))

    @router.get("/api/own")
    def own(request: Request) -> Json:
        return site.own(site.shopper(request))

    return router


def _talking(site: Site) -> APIRouter:
    router = APIRouter()

    @router.post("/say")
    async def say(request: Request, body: Say, aisle_language: LanguageCookie = None) -> Response:
        visitor, language = visitor_of(request.state), site.language(request, aisle_language)
        events = site.talks.say(
            site.shopper(request), body.conversation, body.text, visitor.address, language
        )
        return StreamingResponse(_stream(events), headers=EVENTS)

    @router.post("/stop")
    def stop(request: Request, body: Within) -> Json:
        site.talks.stop(site.shopper(request), body.conversation)
        return {}

    @router.post("/drop")
    async def drop(request: Request, body: Drop, aisle_language: LanguageCookie = None) -> Json:
        try:
            turn = await site.talks.drop(
                site.shopper(request),
                body.conversation,
                body.condition,
                visitor_of(request.state).address,
                site.language(request, aisle_language),
            )
        except BusyError:
            raise HTTPException(503) from None
        return _found(turn)

    @router.post("/rate")
    def rate(request: Request, body: Rate) -> Json:
        shopper = site.shopper(request)
        if not site.assistant.turns.is_of(body.turn, shopper):
            raise HTTPException(404)
        site.assistant.lists.rate(shopper, body.turn, body.value)
        return {}

    @router.post("/pose")
    def pose(request: Request, body: Pose) -> Json:
        site.shoppers.pose(visitor_of(request.state), body.shopper)
        return {}

    return router


def _conversations(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/conversations")
    def conversations(request: Request) -> Json:
        return {"conversations": site.talks.listed(site.shopper(request))}

    @router.get("/conversation")
    def conversation(request: Request, id: ConversationId) -> Json:
        return _found(site.talks.restored(site.shopper(request), id))

    @router.get("/export")
    def export(request: Request, id: ConversationId) -> Response:
        told = _found(site.talks.exported(site.shopper(request), id))
        name = f"conversation-{id[:8]}.json"
        return JSONResponse(told, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    @router.post("/delete")
    def delete(request: Request, body: Within) -> Json:
        shopper = site.shopper(request)
        if not site.talks.delete(shopper, body.conversation):
            raise HTTPException(404)
        return {"conversations": site.talks.listed(shopper)}

    return router


def _products(site: Site) -> APIRouter:
    router = APIRouter()

    @router.get("/product")
    def product(id: ItemId) -> Json:
        sheet = shelf_views.sheet(site.assistant, id)
        return _found(site.views.sheet(sheet) if sheet else None)

    @router.post("/mark")
    def mark(request: Request, body: MarkProduct) -> Json:
        shopper = site.shopper(request)
        if site.assistant.shop.catalog.product(body.item) is None:
            raise HTTPException(404)
        set_mark(site.assistant, shopper, body)
        return {"marks": site.assistant.lists.marks(shopper)}

    @router.get("/saved")
    def saved(request: Request) -> Json:
        items = site.assistant.lists.marks(site.shopper(request))["saved"]
        return {"cards": site.views.cards(shelf_views.cards(site.assistant, items))}

    @router.get("/cart")
    def cart(request: Request) -> Json:
        return site.views.cart(site.cart(site.shopper(request)))

    @router.post("/cart")
    def put(request: Request, body: PutInCart) -> Json:
        shopper, left = site.shopper(request), None
        try:
            shelf_views.put_in_cart(
                site.assistant, shopper, body.item, body.quantity, add=body.add, options=body.options
            )
        except LookupError:
            raise HTTPException(404) from None
        except shelf_views.OutOfStockError as error:
            left = error.left
        return {**site.views.cart(site.cart(shopper)), "left": left}

    @router.post("/compare")
    def compare(body: Compare) -> Json:
        return site.views.comparison(shelf_views.comparison(site.assistant, body.items))

    return router


def set_mark(assistant: ShoppingAssistant, shopper: str, body: MarkProduct) -> None:
    """Mark a product or take that back. What is saved or refused is told to the assistant, so that the next
    answer knows: saving is liking."""
    against: dict[str, Mark] = {"saved": "unwanted", "unwanted": "saved"}
    if body.on and (other := against.get(body.mark)):
        _unmark(assistant, shopper, body.item, other)
    _unmark(assistant, shopper, body.item, body.mark)
    if not body.on:
        return
    session = body.conversation or ""
    if not assistant.lists.owns(shopper, session):
        session = f"page-{shopper}"  # pressed before anything was said
    if action := _TOLD.get(body.mark):
        assistant.feedback(body.item, action, user_id=shopper, session_id=session)
    assistant.lists.mark(shopper, body.item, body.mark, session)


def _unmark(assistant: ShoppingAssistant, shopper: str, item: str, mark: Mark) -> None:
    session = assistant.lists.unmark(shopper, item, mark)
    if session is not None and (action := _TOLD.get(mark)):
        assistant.feedback(item, action, user_id=shopper, session_id=session, take_back=True)


async def _stream(events: AsyncGenerator[Json]) -> AsyncGenerator[bytes]:
    """Server-sent events of JSON."""
    async with aclosing(events):
        async for event in events:
            yield b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"


def _found(view: Any) -> Any:
    if view is None:
        raise HTTPException(404)
    return view
