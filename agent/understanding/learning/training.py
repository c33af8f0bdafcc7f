"""``aisle train-reader``: from annotated utterances to the files that ``Reader.open`` opens."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from agent.understanding.decoding import OUTSIDE, best_tags, tag_spans, word_tags
from agent.understanding.encoding import TextEncoder
from agent.understanding.labels import MOVES
from agent.understanding.learning.annotated import Annotated, read_files
from agent.understanding.learning.fitting import Progress, ReaderTraining, collate, fit
from agent.understanding.learning.network import ReaderNetwork, build_network
from agent.understanding.weights import NAME, load_weights, save_weights
from benchmarks.reader_scores import ReaderScores, markdown, score
from retrieval.inference.calibration import best_temperature
from retrieval.inference.checksums import record
from retrieval.inference.classifier_weights import base_folder

__all__ = ["average", "hold_out", "train_reader"]

_CODE = ("fitting.py", "augmentation.py", "network.py", "training.py")
_BATCH = 64
SEED_STEP = 10


def train_reader(
    data: Sequence[Path],
    out: Path,
    *,
    cache_folder: Path,
    settings: ReaderTraining | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """Train on the annotated files of ``data`` and write weights, report and table into the folder ``out``;
    returns the report, of authors that were held out. About an hour for 14,000 utterances on a free core.

    The weights are the mean of those of several runs that begin alike and see the utterances in another order
    (Wortsman et al. 2022, "Model soups"): one reader, as fast as each, that reads better than any of them.
    Stopped, it goes on after its last whole epoch, kept in ``cache_folder``.

    Raises:
        AnnotationError: an utterance can't be read, or there are none.
    """
    settings = settings or ReaderTraining()
    utterances = read_files(data)
    fitting, held = hold_out(utterances, settings.held_out)
    provenance = _provenance(utterances)
    encoder = TextEncoder(Tokenizer.from_file(str(base_folder() / "tokenizer.json")))
    started = time.monotonic()
    seeds = [replace(settings, seed=settings.seed + SEED_STEP * run) for run in range(settings.runs)]
    runs = []
    for own in seeds:
        torch.manual_seed(settings.seed)  # all begin with the same heads, without which their mean is none
        runs.append(
            _trained(build_network(base_folder()), encoder, fitting, own, cache_folder, provenance, progress)
        )
    network = average(runs)
    weights = out / f"{NAME}.safetensors"
    save_weights(network, weights)
    load_weights(network, weights)  # what is reported is what eight bits left
    scores, temperatures = evaluate(network, encoder, held)
    report = {
        "utterances": len(fitting),
        "authors": len({u.author for u in fitting}),
        "held_out_authors": sorted({u.author for u in held}),
        "temperatures": temperatures,
        "held_out": asdict(scores),
        "minutes": round((time.monotonic() - started) / 60, 1),
        "settings": asdict(settings),
        **provenance,
    }
    (out / f"{NAME}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (out / f"{NAME}.md").write_text(markdown(scores), encoding="utf-8")
    record(out, weights.name, f"{NAME}.json")
    return report


def _trained(
    network: ReaderNetwork,
    encoder: TextEncoder,
    utterances: Sequence[Annotated],
    settings: ReaderTraining,
    cache_folder: Path,
    provenance: dict[str, str],
    progress: Progress,
) -> ReaderNetwork:
    """One run: first on all utterances, then on those that are labelled most fully."""
    first = _first_stage(cache_folder, settings, provenance)
    if not first.is_file():
        fit(network, encoder, utterances, settings, checkpoint=first.with_suffix(".pt"), progress=progress)
        save_weights(network, first)
    load_weights(network, first)
    last = replace(
        settings,
        fine_tuning=settings.finishing,
        joined=settings.finish_joined,
        terse=settings.finish_terse,
        seed=settings.seed + 1,
        clean_epochs=1,
    )
    if finishing := _fullest(utterances, settings):
        fit(network, encoder, finishing, last, progress=progress)
    return network


def average(networks: Sequence[ReaderNetwork]) -> ReaderNetwork:
    """A network whose weights are the mean of theirs, in evaluation mode."""
    states = [network.state_dict() for network in networks]
    mean = {
        name: torch.stack([s[name].float() for s in states]).mean(0).to(states[0][name].dtype)
        for name in states[0]
    }
    networks[0].load_state_dict(mean)
    return networks[0].eval()


def hold_out(utterances: Sequence[Annotated], share: float) -> tuple[list[Annotated], list[Annotated]]:
    """Those to learn from, and those of about ``share`` of the authors, drawn by their names alone."""
    authors = sorted({u.author for u in utterances}, key=lambda name: hashlib.sha256(name.encode()).digest())
    held = set(authors[: round(share * len(authors))]) if len(authors) > 1 else set()
    return [u for u in utterances if u.author not in held], [u for u in utterances if u.author in held]


def evaluate(
    network: ReaderNetwork, encoder: TextEncoder, utterances: Sequence[Annotated]
) -> tuple[ReaderScores, dict[str, float]]:
    """How well ``network`` reads ``utterances``, and the temperatures at which its probabilities hold."""
    moves, spans, mains, tags, truth = [], [], [], [], []
    for start in range(0, len(utterances), _BATCH):
        batch = utterances[start : start + _BATCH]
        windows = [encoder.encode(u.text, u.context)[0] for u in batch]
        with torch.inference_mode():
            logits = network(*collate(windows, encoder.pad_id))
        for row, (utterance, window) in enumerate(zip(batch, windows, strict=True)):
            own = logits[0][row].numpy()[window.first]
            first = int(logits[1][row].argmax())
            made = logits[2][row].sigmoid().tolist()
            moves.append(
                [
                    MOVES[m]
                    for m in sorted(range(len(MOVES)), key=lambda m: (m != first, -made[m]))
                    if m == first or made[m] >= 0.5
                ]
            )
            found = tag_spans(best_tags(torch.from_numpy(own).log_softmax(dim=-1).numpy()))
            spans.append([(window.words[a][0], window.words[z - 1][1], label) for a, z, label in found])
            mains.append(logits[1][row].numpy())
            tags.append(own)
            truth += word_tags(window.words, utterance.spans)
    temperatures = {"tag_temperature": 1.0, "main_temperature": 1.0}
    if utterances and any(tag != OUTSIDE for tag in truth):
        firsts = np.array([MOVES.index(u.moves[0]) for u in utterances])
        temperatures = {
            "tag_temperature": best_temperature(np.concatenate(tags), np.array(truth)),
            "main_temperature": best_temperature(np.stack(mains), firsts),
        }
    return score(utterances, moves, spans), temperatures


def _provenance(utterances: Sequence[Annotated]) -> dict[str, str]:
    code = b"".join(Path(__file__).with_name(name).read_bytes() for name in _CODE)
    said = json.dumps([(u.author, u.text, u.moves, u.spans, u.context) for u in utterances])
    return {
        "data_sha256": hashlib.sha256(said.encode()).hexdigest(),
        "code_sha256": hashlib.sha256(code).hexdigest(),
    }


def _fullest(utterances: Sequence[Annotated], settings: ReaderTraining) -> list[Annotated]:
    """What the second stage learns from; nothing where no file is named so."""
    order = random.Random(settings.seed)
    if not any(u.author.startswith(settings.finish_on) for u in utterances):
        return []
    return [
        u
        for u in utterances
        if u.author.startswith(settings.finish_on) or order.random() < settings.finish_others
    ]


def _first_stage(folder: Path, settings: ReaderTraining, provenance: dict[str, str]) -> Path:
    """Where the weights of the first stage are kept."""
    told = json.dumps([asdict(settings), provenance], sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{NAME}-{hashlib.sha256(told.encode()).hexdigest()[:16]}.safetensors"
