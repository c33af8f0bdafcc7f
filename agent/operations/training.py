"""Training of the models that come with Aisle, as the command line calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import AisleError

if TYPE_CHECKING:
    from retrieval.training.fine_tuning import Progress


def train_sentiment(
    data: Path,
    out: Path | None,
    *,
    cache_folder: Path,
    base: Path | None,
    teacher: Path | None,
    start: Path | None,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    """Train a sentiment model (see ``retrieval.training.sentiment``); returns its report.

    Raises:
        AisleError: the data, the encoder or the teacher is missing or of no use.
    """
    from retrieval.inference.classifier_weights import MODELS_FOLDER, ModelFilesError
    from retrieval.sentiment import DEFAULT
    from retrieval.training.sentiment import train_sentiment as train

    if base is not None and out is None:
        raise AisleError("another encoder needs --out, a folder for its model; the default one is MiniLM's")
    try:
        return train(
            data,
            out or MODELS_FOLDER / DEFAULT,
            cache_folder=cache_folder,
            base=base,
            teacher=teacher,
            start=start,
            seed=seed,
            progress=progress,
        )
    except (ModelFilesError, OSError, ValueError) as error:
        raise AisleError(str(error)) from error


def train_aspects(
    labels: Path,
    out: Path | None,
    *,
    cache_folder: Path,
    base: Path | None,
    teacher: Path | None,
    data: Path | None,
    progress: Progress,
) -> dict[str, Any]:
    """Train an aspect model on a ``.seg`` file of labelled terms; returns its report.

    Raises:
        AisleError: the file is missing or a row of it can't be read, a model is missing or of no use, or
            options exclude each other.
    """
    from retrieval.aspect_sentiment import ASPECTS
    from retrieval.inference.classifier_weights import MODELS_FOLDER, ModelFilesError
    from retrieval.training import aspects as training

    if base is not None and out is None:
        raise AisleError("another model needs --out, a folder to write to; the default one is MiniLM's")
    if base is not None and (teacher is not None or data is not None):
        raise AisleError("--base learns from labels alone; give --teacher and --data without it")
    if data is not None and teacher is None:
        raise AisleError("--data holds reviews for a teacher to read; give --teacher, too")
    try:
        if base is not None and out is not None:
            return training.train_aspect_teacher(labels, base, out, progress=progress)
        return training.train_aspects(
            labels,
            out or MODELS_FOLDER / ASPECTS,
            cache_folder=cache_folder,
            teacher=teacher,
            data_folder=data,
            progress=progress,
        )
    except (ModelFilesError, OSError, ValueError) as error:
        raise AisleError(str(error)) from error


def train_reader(
    data: Sequence[Path],
    out: Path | None,
    *,
    cache_folder: Path,
    epochs: int | None,
    seed: int,
    progress: Progress,
) -> dict[str, Any]:
    """Train the reader on annotated utterances (see ``agent.understanding.learning``); returns its report.

    Raises:
        AisleError: there are no utterances, or one of them can't be read.
    """
    from agent.understanding.learning.annotated import AnnotationError
    from agent.understanding.learning.fitting import ReaderTraining
    from agent.understanding.learning.training import train_reader as train
    from agent.understanding.weights import DELIVERED

    settings = ReaderTraining(seed=seed)
    if epochs is not None:
        settings = replace(settings, fine_tuning=replace(settings.fine_tuning, epochs=epochs))
    try:
        return train(data, out or DELIVERED, cache_folder=cache_folder, settings=settings, progress=progress)
    except (AnnotationError, OSError) as error:
        raise AisleError(str(error)) from error


def train_encoder(
    data: Path, out: Path | None, *, base: Path | None, teachers: Sequence[str], progress: Progress
) -> dict[str, Any]:
    """Train Aisle's encoder (see ``retrieval.training.encoder``); returns its report.

    Raises:
        AisleError: the needs, the base or a teacher are missing or can't be read.
    """
    from agent.understanding.learning.annotated import wishes
    from retrieval.encoder import EncoderError
    from retrieval.inference.encoder_weights import SHIPPED
    from retrieval.training.encoder import train_encoder as train

    try:
        return train(data, out or SHIPPED, base=base, teachers=teachers, said=wishes(), progress=progress)
    except (EncoderError, OSError, ValueError) as error:
        raise AisleError(str(error)) from error


def remember_asks() -> None:
    """Write again what people asked in invented shops and what served them (see ``retrieval.ranking.asked``).

    Raises:
        AisleError: a shop can't be read, or the encoder is missing.
    """
    from retrieval.encoder import EncoderError
    from retrieval.training.encoder import remember_asks as write

    try:
        write()
    except (EncoderError, OSError, ValueError) as error:
        raise AisleError(str(error)) from error
