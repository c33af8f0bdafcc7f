"""Questions to a shop's documents: is the right place quoted, and silence kept otherwise?

    python -m benchmarks.documents

Sets of documents with questions (``document_questions.toml``). Thresholds of the baselines are chosen on
the tuning sets, as ours was; the figures are those of the test sets. The last line is JSON:

``answered``    share of answerable questions that got a passage of the right section
``silent``      share of unanswerable questions that got none
``accuracy``    both together, for us and for each baseline
``ms``          median milliseconds a question
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.documents import DocumentIndex, build_documents
from retrieval.encoder import Encoder, open_encoder
from retrieval.importers.documents import load_documents

HERE = Path(__file__).parent
Answer = tuple[str, float]  # source, score
Asked = tuple[str, Answer, str]  # question, answer, the right source or ""


def main() -> None:
    with (HERE / "document_questions.toml").open("rb") as file:
        sets = tomllib.load(file)["set"]
    with tempfile.TemporaryDirectory() as scratch:
        encoder = open_encoder(cache_folder=Path(scratch) / "cache")
        results: dict[str, dict[str, list[Asked]]] = {"tuning": {}, "test": {}}
        times: list[float] = []
        for number, given in enumerate(sets):
            systems = _systems(given, Path(scratch) / str(number), encoder, times)
            for name, ask in systems.items():
                asked = [(text, ask(text), right) for text, right in given["questions"].items()]
                results[given["use"]].setdefault(name, []).extend(asked)
    report: dict[str, Any] = {"questions": len(results["test"]["ours"])}
    for name, asked in results["test"].items():
        threshold = 0.5 if name == "ours" else _best_threshold(results["tuning"][name])
        report[name] = _measures(asked, threshold)
        print(name, report[name])
        if name == "ours":
            for question, (source, score), right in asked:
                if (source if score > threshold else "") != right:
                    said = source if score > threshold else "(silent)"
                    print(f"  {question!r}: {said}; right: {right or '(silent)'}")
    report["ms"] = round(statistics.median(times), 2)
    report.update({key: report["ours"][key] for key in ("answered", "silent", "accuracy")})
    print(json.dumps(report))


def _systems(
    given: dict[str, Any], scratch: Path, encoder: Encoder, times: list[float]
) -> dict[str, Callable[[str], Answer]]:
    """Ours, the best cosine and the best BM25 over the same sections."""
    import bm25s

    if "folder" in given:
        folder = HERE / given["folder"]
    else:
        folder = scratch / "documents"
        folder.mkdir(parents=True)
        for name, text in given["files"].items():
            (folder / name).write_text(text.strip(), encoding="utf-8")
    build_documents(folder, scratch / "index", encoder=encoder)
    index = DocumentIndex.open(scratch / "index", encoder=encoder)
    sections = load_documents(folder).sections
    texts = [f"{' '.join(section.heading)}. {' '.join(section.paragraphs)}" for section in sections]
    vectors = encoder.encode_document(texts)
    keywords = bm25s.BM25()
    keywords.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

    def ours(question: str) -> Answer:
        start = time.perf_counter()
        passage = index.ask(question)
        times.append(1000 * (time.perf_counter() - start))
        return (passage.source, passage.score) if passage else ("", 0.0)

    def cosine(question: str) -> Answer:
        scores = vectors @ encoder.encode_query([question])[0]
        return sections[int(np.argmax(scores))].source, float(scores.max())

    def bm25(question: str) -> Answer:
        scores = keywords.get_scores(bm25s.tokenize([question], return_ids=False, show_progress=False)[0])
        return sections[int(np.argmax(scores))].source, float(scores.max())

    return {"ours": ours, "cosine": cosine, "bm25": bm25}


def _measures(asked: Iterable[Asked], threshold: float) -> dict[str, float]:
    rows = [(source if score > threshold else "", right) for _, (source, score), right in asked]
    answerable = [said == right for said, right in rows if right]
    silent = [said == "" for said, right in rows if not right]
    return {
        "answered": round(statistics.mean(answerable), 4),
        "silent": round(statistics.mean(silent), 4),
        "accuracy": round(statistics.mean([*answerable, *silent]), 4),
    }


def _best_threshold(asked: list[Asked]) -> float:
    candidates = sorted({score for _, (_, score), _ in asked})
    return max(candidates, key=lambda threshold: _measures(asked, threshold)["accuracy"])


if __name__ == "__main__":
    main()
