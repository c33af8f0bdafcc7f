"""The one Typer app that every command registers on, and how an error reaches a person."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agent.errors import AisleError

app = typer.Typer(
    name="aisle",
    help="A shop assistant that a shop runs on its own data.",
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


def main() -> None:
    """Run the command line; a person sees a message, never a traceback, for what a person can mend."""
    _quiet_libraries()
    for name in _COMMANDS:
        importlib.import_module(f"ui.cli.{name}")
    try:
        app()
    except AisleError as error:
        say(f"aisle: {error}", console=err, style="red")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\naisle: stopped; the same command goes on from what is kept", console=err)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
