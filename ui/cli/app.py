"""The one Typer app that every command registers on, and how an error reaches a person."""

from __future__ import annotations

import importlib
import logging
import os
import sys
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

ShopFolder = Annotated[Path, typer.Argument(metavar="SHOP", help="the shop's folder")]

_COMMANDS = ("shop_commands", "talk_commands", "look_commands", "model_commands")


def main() -> None:
    """Run the command line; a person sees a message, never a traceback, for what a person can mend."""
    _quiet_libraries()
    for name in _COMMANDS:
        importlib.import_module(f"ui.cli.{name}")
    try:
        app()
    except AisleError as error:
        err.print(f"aisle: {error}", style="red", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print("\naisle: stopped; what was acknowledged is kept, and the same command goes on from there")
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _quiet_libraries() -> None:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    logging.getLogger().setLevel(logging.ERROR)
