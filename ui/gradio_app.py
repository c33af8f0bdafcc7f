"""The plain page in Gradio, at `/gradio/`: the conversation on the left, the products on the right.

Nothing but what a visitor types, presses or picks comes from the browser; what it shows stands in
`ui.conversations`, is escaped in `ui.rendering`, and is sent as one piece of HTML.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.types import ASGIApp

from agent.checks.input_guard import MAX_CHARACTERS
from ui.conversations import Change, Conversation, Conversations
from ui.door import visitor_of
from ui.gradio_gate import POLICY, PREFIX, EventGate, PageScripts
from ui.pictures import ShopPictures
from ui.rendering import MAX_ASPECTS, asset, cards_html, chat_html, chips_html, header_html
from ui.requests import Press

GUEST = "New shopper"
_IN_FORCE = ("constraint", "preference")
_ON_OFFER = ("answer", "relaxation")


@dataclass(frozen=True)
class Page:
    """What the page shows: its conversations under a heading, and pictures of these origins."""

    conversations: Conversations
    title: str
    generated: bool = False
    image_origins: tuple[str, ...] = ()

    async def talk(self, message: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """Answer what was typed; the box is emptied at once, so that the next thing can be typed."""
        conversation = self._of(request)
        first = True
        async with aclosing(self.conversations.say(visitor_of(request.state), message)) as changes:
            async for change in changes:
                yield ("" if first else gr.skip(), *self.view(conversation, change))
                first = False
        if first:
            yield ("", *self.view(conversation, "words"))

    async def press(self, request: gr.Request, event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        """Carry out a button on a card or a chip."""
        pressed = Press.model_validate(event._data)
        changes: AsyncGenerator[Change] = self.conversations.press(visitor_of(request.state), pressed)
        async with aclosing(changes):
            async for change in changes:
                yield self.view(self._of(request), change)

    def open(self, request: gr.Request) -> tuple[Any, ...]:
        """The conversation as it stands, with the picked shopper."""
        conversation = self._of(request)
        posing = self.conversations.shoppers.posing(visitor_of(request.state))
        return (posing or GUEST, *self.view(conversation, "all"))

    def start_over(self, request: gr.Request) -> tuple[Any, ...]:
        return self.view(self.conversations.start_over(visitor_of(request.state)), "all")

    def pose(self, shopper: str, request: gr.Request) -> tuple[Any, ...]:
        """Begin anew as one of the demo's shoppers."""
        return self.view(self.conversations.pose(visitor_of(request.state), shopper), "all")

    def view(self, conversation: Conversation, change: Change) -> tuple[Any, ...]:
        """Chat, cards, conditions and offers as HTML."""
        chat = chat_html(conversation.lines)
        if change == "words":
            return (chat, gr.skip(), gr.skip(), gr.skip())
        reply = conversation.reply
        chips = reply.chips if reply else ()
        buyers = self.conversations.buyers(conversation, aspects=MAX_ASPECTS)
        return (
            chat,
            cards_html(reply, liked=conversation.liked, buyers=buyers, image_origins=self.image_origins),
            chips_html(chips, _IN_FORCE),
            chips_html(chips, _ON_OFFER),
        )

    def _of(self, request: gr.Request) -> Conversation:
        return self.conversations.of(visitor_of(request.state))


def build_page(page: Page) -> gr.Blocks:
    """Lay the page out and wire its events. `trigger` in the script sends a `Press`."""
    script = asset("press.js")
    shoppers = page.conversations.shoppers.known
    with gr.Blocks(title=page.title, fill_width=True, analytics_enabled=False) as blocks:
        gr.HTML(header_html(page.title, generated=page.generated), js_on_load=None)
        with gr.Row():
            with gr.Column(scale=5, min_width=0, elem_id="talk"):
                shopper = gr.Dropdown(
                    [GUEST, *shoppers],
                    value=GUEST,
                    label="You are",
                    visible=bool(shoppers),
                    elem_id="shopper",
                )
                chat = gr.HTML(chat_html(()), js_on_load=script + asset("follow.js"), elem_id="chat")
                offers = gr.HTML(chips_html((), _ON_OFFER), js_on_load=script, elem_id="offers")
                message = gr.Textbox(
                    placeholder="e.g. a quiet coffee grinder under $80, but not from …",
                    show_label=False,
                    submit_btn=True,
                    autofocus=True,
                    max_length=MAX_CHARACTERS,
                    elem_id="message",
                )
                again = gr.Button("Start over", size="sm", variant="secondary", elem_id="again")
            with gr.Column(scale=8, min_width=0, elem_id="shelf"):
                chips = gr.HTML(chips_html((), _IN_FORCE), js_on_load=script, elem_id="chips")
                cards = gr.HTML(cards_html(None), js_on_load=script, elem_id="cards")
        shown = [chat, cards, chips, offers]
        # What is said while an answer is on its way waits on the server, in the order it came.
        message.submit(page.talk, message, [message, *shown], show_progress="hidden", trigger_mode="multiple")
        for component in (cards, chips, offers, chat):
            component.click(page.press, None, shown, show_progress="hidden", api_name="press")
        shopper.input(page.pose, shopper, shown, show_progress="hidden")
        again.click(page.start_over, None, shown, show_progress="hidden")
        blocks.load(page.open, None, [shopper, *shown], show_progress="hidden")
    # The conversations' gate bounds what runs and what waits for it; these only have to be above its bounds.
    blocks.max_threads = 160
    blocks.queue(default_concurrency_limit=None, max_size=200)
    return blocks


def build_app(page: Page, folder: Path) -> ASGIApp:
    """The page, and the shop's own pictures, as one ASGI application; it belongs behind the door."""
    app = FastAPI(title="Aisle", docs_url=None, redoc_url=None, openapi_url=None)
    if (images := folder / "images").is_dir():
        app.mount("/shop/images", ShopPictures(directory=images), name="images")
    # Fonts of the machine: Gradio's own themes would fetch theirs from elsewhere.
    theme = gr.themes.Soft(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    blocks = build_page(page)
    app = gr.mount_gradio_app(
        app,
        blocks,
        path=PREFIX,
        theme=theme,
        css=asset("page.css"),
        footer_links=[],
        show_error=False,
        run_history=False,
        max_file_size=1,
    )
    blocks.config["version"] = ""
    inputs = {index: tuple(map(_choices, event.inputs)) for index, event in blocks.fns.items()}
    pressed = frozenset(index for index, event in blocks.fns.items() if event.name == "press")
    gated = EventGate(app, inputs, pressed)
    return PageScripts(gated, replace(POLICY, images=page.image_origins))


def _choices(component: Any) -> frozenset[str] | None:
    """The fixed set an input's value is one of; None for free text."""
    if isinstance(component, gr.Dropdown):
        return frozenset(str(value) for _, value in component.choices)
    return None
