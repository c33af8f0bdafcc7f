"""How positive a sentence is: three classes with calibrated probabilities, by our own model or any of a
hub.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from retrieval.inference.classifier import Classifier, FloatMatrix, OnnxClassifier, Progress, TorchClassifier
from retrieval.inference.classifier_weights import (
    LABELS,
    DeliveredWeights,
    ModelFilesError,
    base_folder,
    load_classifier,
)
from retrieval.inference.score_cache import ScoreCache

__all__ = [
    "DEFAULT",
    "LABELS",
    "CachedSentiment",
    "ModelFilesError",
    "SentimentModel",
    "load_delivered",
    "open_classifier",
    "open_delivered",
    "open_sentiment",
]

DEFAULT = "sentiment-minilm"
_EXPORT = "e2"
"""Of the way in which models are exported: another one makes exports and what they said anew."""

_log = logging.getLogger(__name__)


@runtime_checkable
class SentimentModel(Protocol):
    """Sentences to probabilities over ``labels``; ``model_id`` changes whenever they would."""

    labels: tuple[str, str, str]
    model_id: str

    def predict(self, sentences: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        """Calibrated probabilities, float32 (len(sentences), 3), each row summing to 1."""
        ...


class CachedSentiment:
    """A classifier of sentences that never scores the same one twice (see ``ScoreCache``)."""

    labels = LABELS

    def __init__(self, classifier: Classifier, cache_folder: Path, *, chunk: int = 1024) -> None:
        self.model_id = classifier.model_id
        self._cache = ScoreCache(classifier, cache_folder, chunk=chunk)

    def predict(self, sentences: Sequence[str], progress: Progress | None = None) -> FloatMatrix:
        """See ``SentimentModel``."""
        return self._cache.scores(sentences, progress=progress)

    def forget(self, sentences: Sequence[str]) -> None:
        """Drop what is cached of these sentences."""
        self._cache.forget(sentences)


def open_sentiment(
    name: str = "default",
    *,
    backend: str = "auto",
    cache_folder: Path,
    exports_folder: Path | None = None,
    threads: int = 1,
) -> CachedSentiment:
    """Open a sentiment model: ``default`` (delivered with Aisle), a folder of transformers files, or a hub
    name.

    ``backend``: ``onnx`` insists on int8, ``torch`` on the reference; ``auto`` takes int8 and goes back to
    torch, with a notice, where a model can't be exported. The first opening exports into
    ``exports_folder`` (default: ``cache_folder``; about 10 s, with torch); later ones take 0.2 s and never
    import torch.

    Raises:
        ModelFilesError: the model is missing or its classes are not polarities.
    """
    if name == "default":
        classifier = open_delivered(
            backend=backend, exports_folder=exports_folder or cache_folder, threads=threads
        )
    else:
        from retrieval.inference.hub_classifier import hub_key, load_hub_classifier

        classifier = open_classifier(
            hub_key(name),
            lambda model_id: load_hub_classifier(name, model_id),
            backend=backend,
            exports_folder=exports_folder or cache_folder,
            threads=threads,
        )
    return CachedSentiment(classifier, cache_folder)


def open_delivered(*, backend: str = "auto", exports_folder: Path, threads: int = 1) -> Classifier:
    """The delivered classifier of sentences by itself, without a store of what it has said."""
    files = DeliveredWeights.find(DEFAULT)
    return open_classifier(
        f"{DEFAULT}-{files.digest[:16]}",
        lambda model_id: load_delivered(model_id, files),
        backend=backend,
        exports_folder=exports_folder,
        threads=threads,
    )


def open_classifier(
    model_id: str,
    load: Callable[[str], TorchClassifier],
    *,
    backend: str = "auto",
    exports_folder: Path,
    threads: int = 1,
) -> Classifier:
    """The exported form of ``model_id``; ``load`` is called only where it must be made
    first.
    """
    if backend not in ("auto", "onnx", "torch"):
        raise ModelFilesError(f"sentiment backend is {backend!r}; expected auto, onnx or torch")
    if backend == "torch":
        return load(model_id)
    model_id = f"{model_id}-{_EXPORT}"
    folder = exports_folder / "classifiers" / model_id
    if not (folder / "classifier.json").exists():
        from retrieval.inference.classifier_export import export_classifier

        reference = load(model_id)
        try:
            export_classifier(reference, folder)
        except ModelFilesError as error:
            if backend == "onnx":
                raise
            _log.warning("sentiment runs on torch: %s", error)
            return reference
    return OnnxClassifier(folder, threads=threads)


def load_delivered(
    model_id: str, files: DeliveredWeights, difference: DeliveredWeights | None = None
) -> TorchClassifier:
    """The delivered layers over MiniLM, with torch; ``difference`` turns them to a second task."""
    from transformers import AutoTokenizer

    return TorchClassifier(
        load_classifier(files, difference),
        AutoTokenizer.from_pretrained(str(base_folder())),
        model_id=model_id,
        label_map=np.eye(3).tolist(),
        temperature=(difference or files).temperature,
    )
