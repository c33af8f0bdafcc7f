"""The page: chat on the left, the products of the turn on the right; no request leaves its own host."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI

from agent.errors import AisleError
from agent.records import Reply
from ui.rendering import MAX_ASPECTS, asset, cards_html, chips_html

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant

GUEST = "New shopper"
OPENERS = (
    "Recommend me something",
    "A gift under $30",
    "Something light for hiking in the rain",
    "What do you ship and how long does it take?",
)
_IN_FORCE = ("constraint", "preference")
_ON_OFFER = ("answer", "relaxation")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass
class Tab:
    """What one open browser tab knows: its conversation, the last reply and the buttons pressed in it."""

    session_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    reply: Reply | None = None
    liked: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What the page is about: the assistant, and in a demo the shoppers one may pose as."""

    assistant: ShoppingAssistant
    title: str
    shoppers: tuple[str, ...] = ()
    generated: bool = False

    async def talk(
        self, message: str, chat: list[dict[str, str]], tab: Tab, shopper: str | None
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Stream one turn: the chat while it is written, then cards and chips from the turn's record."""
        message = message.strip()
        if not message:
            yield self.view(chat, tab)
            return
        chat = [*chat, {"role": "user", "content": message}, {"role": "assistant", "content": "…"}]
        yield self.view(chat, tab)
        said = ""
        try:
            async for delta in self.assistant.astream(
                message, user_id=self.user_id(tab, shopper), session_id=tab.session_id
            ):
                said += delta.text
                if delta.reply is not None:
                    tab.reply, said = delta.reply, delta.reply.text
                chat[-1] = {"role": "assistant", "content": said or delta.status or "…"}
                yield self.view(chat, tab, only_chat=delta.reply is None)
        except AisleError as error:
            chat[-1] = {"role": "assistant", "content": f"Sorry, that did not work: {error}"}
            yield self.view(chat, tab)

    async def press(
        self, chat: list[dict[str, str]], tab: Tab, shopper: str | None, pressed: dict[str, str]
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Handle a button on a card or a chip."""
        action, item = pressed.get("action", ""), pressed.get("item", "")
        if action in ("like", "dislike"):
            await asyncio.to_thread(self._feedback, action, item, tab, shopper)
            yield self.view(chat, tab)
        elif action == "more" and tab.reply:
            ids = [card.item_id for card in tab.reply.cards]
            if item in ids:
                text = f"More like the {_ORDINALS[ids.index(item)]} one"
                async for view in self.talk(text, chat, tab, shopper):
                    yield view
        elif action == "drop" and pressed.get("id"):
            tab.reply = await asyncio.to_thread(
                self.assistant.drop_constraint,
                pressed["id"],
                user_id=self.user_id(tab, shopper),
                session_id=tab.session_id,
            )
            yield self.view([*chat, {"role": "assistant", "content": tab.reply.text}], tab)
        elif action in ("say", "drop") and pressed.get("say"):
            async for view in self.talk(pressed["say"], chat, tab, shopper):
                yield view

    def user_id(self, tab: Tab, shopper: str | None) -> str | None:
        """The demo's picked shopper; anybody else is a guest known by this tab alone."""
        return shopper if shopper in self.shoppers else f"guest-{tab.session_id}"

    def _feedback(self, action: str, item: str, tab: Tab, shopper: str | None) -> None:
        shown = {card.item_id for card in tab.reply.cards} if tab.reply else set()
        if item in shown:
            again = tab.liked.get(item) == action
            self.assistant.feedback(
                item,
                action,
                user_id=self.user_id(tab, shopper),
                session_id=tab.session_id,
                take_back=again,
            )
            if again:
                del tab.liked[item]
            else:
                tab.liked[item] = action

    def view(self, chat: list[dict[str, str]], tab: Tab, *, only_chat: bool = False) -> tuple[Any, ...]:
        if only_chat:
            return (chat, gr.skip(), gr.skip(), gr.skip(), tab)
        reply = tab.reply
        chips = reply.chips if reply else ()
        buyers = {card.item_id: self._buyers(card.item_id) for card in reply.cards} if reply else {}
        return (
            chat,
            cards_html(reply, liked=tab.liked, buyers=buyers),
            chips_html(chips, _IN_FORCE),
            chips_html(chips, _ON_OFFER),
            tab,
        )

    def _buyers(self, item_id: str) -> dict[str, Any] | None:
        return self.assistant.buyers(item_id, aspects=MAX_ASPECTS)


def build_page(page: Page) -> gr.Blocks:
    """Lay the page out and wire its events."""
    press_js = asset("press.js")
    with gr.Blocks(title=page.title, fill_width=True, analytics_enabled=False) as blocks:
        tab = gr.State(lambda: Tab())
        gr.HTML(_header(page))
        with gr.Row():
            with gr.Column(scale=5, min_width=0, elem_id="talk"):
                shopper = gr.Dropdown(
                    [GUEST, *page.shoppers],
                    value=GUEST,
                    label="You are",
                    visible=bool(page.shoppers),
                    elem_id="shopper",
                )
                chat = gr.Chatbot(
                    height="58vh",
                    elem_id="chat",
                    show_label=False,
                    buttons=[],
                    placeholder="Say what you are looking for, in your own words.",
                    # Plain text: a title or a quote must not become a link, a picture or HTML.
                    render_markdown=False,
                    feedback_options=None,
                )
                offers = gr.HTML(chips_html((), _ON_OFFER), js_on_load=press_js, elem_id="offers")
                message = gr.Textbox(
                    placeholder="e.g. a quiet coffee grinder under $80, but not from …",
                    show_label=False,
                    submit_btn=True,
                    autofocus=True,
                    max_length=2000,
                    elem_id="message",
                )
                gr.Examples(
                    [[opener] for opener in OPENERS], inputs=[message], label="Try", elem_id="openers"
                )
            with gr.Column(scale=8, min_width=0, elem_id="shelf"):
                chips = gr.HTML(chips_html((), _IN_FORCE), js_on_load=press_js, elem_id="chips")
                cards = gr.HTML(cards_html(None), js_on_load=press_js, elem_id="cards")
        outputs = [chat, cards, chips, offers, tab]
        message.submit(lambda text: ("", text), message, [message, said := gr.State("")], queue=False).then(
            page.talk,
            [said, chat, tab, shopper],
            outputs,
            show_progress="hidden",
            trigger_mode="always_last",  # what is said while an answer is on its way is answered next
        )

        async def press(chat: Any, tab: Any, shopper: Any, event: gr.EventData) -> AsyncIterator[Any]:
            async for view in page.press(chat, tab, shopper, dict(event._data or {})):
                yield view

        for component in (cards, chips, offers):
            component.click(press, [chat, tab, shopper], outputs, show_progress="hidden")
        for start_over in (shopper.change, chat.clear):
            start_over(lambda: page.view([], Tab()), None, outputs, show_progress="hidden")
    blocks.queue(default_concurrency_limit=4)
    return blocks


def _header(page: Page) -> str:
    from html import escape

    note = '<p class="generated">A generated demonstration shop: nothing here is for sale.</p>'
    return f'<div id="head"><h1>{escape(page.title)}</h1>{note if page.generated else ""}</div>'


def build_app(page: Page, folder: Path) -> FastAPI:
    """The page, and the shop's own pictures, as one ASGI application."""
    from fastapi.staticfiles import StaticFiles

    app = FastAPI(title="Aisle", docs_url=None, redoc_url=None, openapi_url=None)
    images = folder / "images"
    if images.is_dir():
        app.mount("/shop/images", StaticFiles(directory=images), name="images")
    # Fonts of the machine: Gradio's own themes would fetch theirs from elsewhere.
    theme = gr.themes.Soft(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return gr.mount_gradio_app(
        app, build_page(page), path="/", theme=theme, css=asset("page.css"), footer_links=[], show_error=False
    )


def serve(page: Page, folder: Path, *, host: str, port: int) -> None:
    """Serve until stopped."""
    import uvicorn

    # A stream that hangs must not keep Ctrl-C waiting.
    uvicorn.run(
        build_app(page, folder), host=host, port=port, log_level="warning", timeout_graceful_shutdown=3
    )
