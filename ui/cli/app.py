"""The one Typer app that every command registers on, and how an error reaches a person."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

FAILED, UNEXPECTED, STOPPED = 1, 70, 130
EXIT_CODES = (
    "Exit codes: 0 done; 1 could not be done, the line says what to do; 2 no such command or option; "
    "70 a fault of Aisle's own; 130 stopped by Ctrl-C."
)

app = typer.Typer(
    name="aisle",
    help="A shop assistant that a shop runs on its own data.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(text: str, *, console: Console = out, style: str | None = None) -> None:
    """Print a line as it is: what a shop wrote is no markup, and a terminal wraps it, not Rich."""
    console.print(text, style=style, markup=False, soft_wrap=True)


ShopFolder = Annotated[Path, typer.Argument(metavar="SHOP", help="the shop's folder")]

_COMMANDS = (
    "shop_commands",
    "talk_commands",
    "look_commands",
    "model_commands",
    "train_commands",
    "privacy_commands",
)


@app.callback()
def _start() -> None:
    """Check the settings before any command, which is cheaper than after the work."""
    from agent.settings import read_settings, unknown_settings

    for line in unknown_settings(os.environ):
        say(f"note: {line}", console=err)
    _log_from(read_settings().log_level)


def _log_from(level: str) -> None:
    """Let Aisle's own packages log from this level on; other libraries' notes are no concern of whoever runs a shop."""
    logging.basicConfig(format="%(message)s")
    for package in ("agent", "cf_engine", "retrieval", "speech", "ui"):
        logging.getLogger(package).setLevel(level.upper())


def main() -> None:
    """Run the command line; a person sees one line of what to do, never a traceback."""
    try:
        _quiet_libraries()
        for name in _COMMANDS:
            importlib.import_module(f"ui.cli.{name}")
        app()
    except SystemExit as end:  # how Typer tells the end, Ctrl-C included
        if end.code == STOPPED:
            _say_stopped()
        raise
    except KeyboardInterrupt:
        _say_stopped()
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if _came_of_ctrl_c(error):
            _say_stopped()
            sys.exit(STOPPED)
        if os.environ.get("AISLE_DEBUG"):
            raise
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    """Say what went wrong, and return the exit code of it."""
    from agent.faults import explained

    if (line := explained(error)) is not None:
        say(f"aisle: {line}", console=err, style="red")
        return FAILED
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    say(
        f"aisle: this should not happen ({said}): please report it with what AISLE_DEBUG=1 shows",
        console=err,
        style="red",
    )
    return UNEXPECTED


def _came_of_ctrl_c(error: BaseException | None) -> bool:
    """Whether Ctrl-C is at the bottom of it: some libraries make an error of their own of it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _say_stopped() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second Ctrl-C ends at once
    say("\naisle: stopped; the same command goes on from what is kept", console=err)


def _quiet_libraries() -> None:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    if not os.environ.get("AISLE_DEBUG"):
        warnings.simplefilter("ignore")
        logging.getLogger().setLevel(logging.ERROR)
        for name in ("torch.onnx", "bm25s"):
            logging.getLogger(name).setLevel(logging.ERROR)
