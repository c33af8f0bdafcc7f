"""`aisle train-sentiment`, `train-aspects`, `train-reader`, `train-encoder`, `remember-asks`: the models of Aisle, made
again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.app import app, say
from ui.cli.progress import progress_bars


@app.command("train-sentiment")
def train_sentiment(
    data: Annotated[Path, typer.Argument(help="folder with sst2/ and, if you have them, shop reviews")],
    out: Annotated[Path | None, typer.Option(help="where to write; without it, Aisle's own model")] = None,
    base: Annotated[
        Path | None, typer.Option(help="folder of a larger encoder instead of MiniLM (needs --out)")
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="folder of a model that labels further sentences")
    ] = None,
    start: Annotated[
        Path | None, typer.Option(help="weights to go on from instead of the first stage")
    ] = None,
    seed: Annotated[int, typer.Option(help="another one draws other texts and another order")] = 0,
    cache: Annotated[Path, typer.Option(help="where finished stages are kept")] = Path(".aisle-training"),
) -> None:
    """Train the model that tells how positive a sentence is; stopped, it goes on after its last stage."""
    from agent.operations import training

    with progress_bars() as progress:
        report = training.train_sentiment(
            data,
            out,
            cache_folder=cache,
            base=base,
            teacher=teacher,
            start=start,
            seed=seed,
            progress=progress,
        )
    say(json.dumps(report, indent=1))


@app.command("train-aspects")
def train_aspects(
    labels: Annotated[Path, typer.Argument(help="a .seg file: sentence with $T$, term, -1/0/1")],
    out: Annotated[Path | None, typer.Option(help="where to write; without it, Aisle's own model")] = None,
    base: Annotated[
        Path | None, typer.Option(help="folder of a larger sentence model instead of Aisle's (needs --out)")
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="folder of a model that says what is said of further terms")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="folder with shop reviews to take further terms from")
    ] = None,
    cache: Annotated[Path, typer.Option(help="where finished stages are kept")] = Path(".aisle-training"),
) -> None:
    """Train the model that tells how positive a sentence is about one thing in it."""
    from agent.operations import training

    with progress_bars() as progress:
        report = training.train_aspects(
            labels, out, cache_folder=cache, base=base, teacher=teacher, data=data, progress=progress
        )
    say(json.dumps(report, indent=1))


@app.command("train-reader")
def train_reader(
    data: Annotated[list[Path], typer.Argument(help="annotated utterances: .txt files, or folders of them")],
    out: Annotated[
        Path | None, typer.Option(help="folder to write to; without it, Aisle's own reader")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="how often all utterances are seen", min=1)] = None,
    seed: Annotated[int, typer.Option(help="another one draws other copies and another order")] = 0,
    cache: Annotated[Path, typer.Option(help="where finished epochs are kept")] = Path(".aisle-training"),
) -> None:
    """Train the model that reads what shoppers say; stopped, it goes on after its last epoch."""
    from agent.operations import training

    with progress_bars() as progress:
        report = training.train_reader(
            data, out, cache_folder=cache, epochs=epochs, seed=seed, progress=progress
        )
    say(json.dumps(report, indent=1))


@app.command("train-encoder")
def train_encoder(
    data: Annotated[Path, typer.Argument(help="folder with needs/pairs*.txt and, if there, home_depot/")],
    out: Annotated[Path | None, typer.Option(help="where to write; without it, Aisle's own weights")] = None,
    base: Annotated[
        Path | None,
        typer.Option(help="sentence-transformers folder (BERT) to start from; without it, Aisle's encoder"),
    ] = None,
    teacher: Annotated[
        list[str] | None, typer.Option(help="folder or name of an encoder that teaches; may be repeated")
    ] = None,
) -> None:
    """Train the encoder for needs (`AISLE_ENCODER=aisle`); shops must be built again after it."""
    from agent.operations import training

    with progress_bars() as progress:
        report = training.train_encoder(data, out, base=base, teachers=teacher or (), progress=progress)
    say(json.dumps(report, indent=1))


@app.command("remember-asks")
def remember_asks() -> None:
    """Write again what people asked elsewhere and what served them, after asks were added; some 7 minutes."""
    from agent.operations import training

    training.remember_asks()
    say("written: retrieval/models/asked.safetensors")
