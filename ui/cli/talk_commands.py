"""`aisle ask`, `aisle chat`, `aisle serve`: talking to a shop."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.app import ShopFolder, app, err, out, say
from ui.cli.progress import progress_bars

if TYPE_CHECKING:
    from agent.assistant import ShoppingAssistant
    from agent.records import Reply

User = Annotated[str | None, typer.Option("--user", "-u", help="the shopper's id in the shop's events")]
LEAVING = ("quit", "exit", "bye", "goodbye")


@app.command()
def ask(
    shop: ShopFolder,
    text: Annotated[str, typer.Argument(help="what the shopper says")] = "",
    audio: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="what the shopper says, as a recording of a minute at most"),
    ] = None,
    speak: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write the answer, read aloud, to this WAV file")
    ] = None,
    user: User = None,
    session: Annotated[str | None, typer.Option(help="go on in this conversation")] = None,
    json: Annotated[bool, typer.Option("--json", help="print the whole turn record")] = False,
) -> None:
    """Ask SHOP one question, written or spoken."""
    if bool(text) == (audio is not None):
        raise typer.BadParameter("say it either in words or with --audio FILE")
    assistant = _open(shop)
    reply = assistant.reply(text, audio=audio, user_id=user, session_id=session)
    if audio:
        say(f"heard: {reply.record.utterance}", console=err)
    if json:
        out.print_json(reply.record.model_dump_json())
    else:
        _show(reply)
    if speak:
        _read_aloud(assistant, reply, speak)


@app.command()
def chat(shop: ShopFolder, user: User = None) -> None:
    """Talk to SHOP in the terminal; an empty line or "quit" ends it."""
    assistant = _open(shop)
    session = uuid.uuid4().hex
    err.print("Say what you are looking for; “quit” or an empty line ends the chat.")
    while (text := _line()) and text.lower().strip(" .!") not in LEAVING:
        _show(assistant.reply(text, user_id=user, session_id=session))


@app.command()
def serve(
    shop: ShopFolder,
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 7860,
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    title: Annotated[str, typer.Option(help="the page's heading")] = "Aisle",
    demo: Annotated[bool, typer.Option("--demo", help="let the visitor pose as any shopper")] = False,
) -> None:
    """Open the chat page of SHOP."""
    from agent.storefront import Storefront
    from ui import serving

    Storefront.read(shop)  # before a build, which may take minutes
    serving.refuse_taken_port(host, port)
    assistant = _open(shop)
    page = serving.build_served_app(assistant, shop, host=host, title=title, demo=demo)
    serving.warm_up(assistant)
    say(f"The page of {shop} is at http://{host}:{port} (stop with Ctrl-C)", console=err)
    if host in ("0.0.0.0", "::") and not assistant.shop.settings.allowed_hosts:
        say(
            "It answers to loopback names only: AISLE_ALLOWED_HOSTS names those of your visitors", console=err
        )
    serving.serve(page, host=host, port=port)


def _open(shop: Path) -> ShoppingAssistant:
    """Open the assistant of a shop, making its build first when there is no whole one."""
    from agent.assistant import ShoppingAssistant
    from agent.operations import commands

    with progress_bars() as progress:
        ready = commands.ready_shop(shop, progress=progress, tell=lambda line: say(line, console=err))
    return ShoppingAssistant.open(ready)


def _read_aloud(assistant: ShoppingAssistant, reply: Reply, file: Path) -> None:
    from agent.spoken_form import spoken_form

    file.write_bytes(assistant.voice.speak(" ".join(spoken_form(reply.record))))
    say(f"the answer, read aloud, is in {file}", console=err)


def _line() -> str:
    try:
        return input("you> ").strip()
    except EOFError:
        return ""


def _show(reply: Reply) -> None:
    from agent.money import price_range

    say(reply.text)
    for number, card in enumerate(reply.cards, start=1):
        stars = f"  {card.stars:.1f} of 5 ({card.review_count})" if card.stars else ""
        label = f"  [{card.label}]" if card.label else ""
        price = price_range(card.price, card.price_max, card.currency)
        say(f"\n{number}. {card.title}  {price}{stars}{label}", style="bold")
        for reason in card.reasons:
            say(f"   + {reason.text}")
        if card.drawback:
            say(f"   - {card.drawback.text}")
    if reply.table:
        _show_table(reply)
    offers = [chip.label for chip in reply.chips if chip.kind in ("answer", "relaxation")]
    if offers:
        say(f"\n   {' | '.join(offers)}")


def _show_table(reply: Reply) -> None:
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    assert reply.table is not None
    table = Table("", *(escape(column) for column in reply.table.columns))
    for row in reply.table.rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
