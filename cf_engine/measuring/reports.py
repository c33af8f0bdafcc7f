"""Self-contained HTML reports: tables and plots in one file that asks nothing of any network."""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from cf_engine.measuring.evaluation import Estimate, ModelResult, PairedTest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = ("#2563eb", "#ea580c", "#059669", "#9333ea", "#ca8a04", "#dc2626", "#0891b2", "#4b5563")
STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; font-size: 1.25rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
thead th { background: var(--soft); }
.wide { overflow-x: auto; } img { max-width: 100%; background: #fff; border-radius: 6px; }
.note { color: #888; font-size: .9rem; }
"""


class Page:
    """An HTML page put together piece by piece; all text is escaped."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._parts: list[str] = [f"<h1>{html.escape(title)}</h1>"]

    def heading(self, text: str) -> Self:
        return self._add(f"<h2>{html.escape(text)}</h2>")

    def paragraph(self, text: str, *, note: bool = False) -> Self:
        return self._add(
            f'<p class="note">{html.escape(text)}</p>' if note else f"<p>{html.escape(text)}</p>"
        )

    def bullets(self, lines: Iterable[str]) -> Self:
        return self._add("<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>")

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Self:
        head = "".join(f'<th scope="col">{html.escape(str(cell))}</th>' for cell in header)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
        )
        return self._add(
            f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
        )

    def figure(self, figure: Figure, description: str) -> Self:
        """Embeds a plot; ``description`` is read to those who can't see it."""
        data = base64.b64encode(_svg(figure)).decode()
        return self._add(
            f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(description, quote=True)}">'
        )

    def render(self) -> str:
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self._title)}</title><style>{STYLE}</style></head>"
            f"<body>{''.join(self._parts)}</body></html>"
        )

    def write(self, path: Path) -> Path:
        """Writes the page in one move, so that nobody opens half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(self.render(), encoding="utf-8")
        os.replace(temporary, path)
        return path

    def _add(self, part: str) -> Self:
        self._parts.append(part)
        return self


def new_figure(columns: int = 1, *, height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """A figure with one row of axes; matplotlib is imported here, without any display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6 * columns, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = [figure.add_subplot(1, columns, n + 1) for n in range(columns)]
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.25)
        axis.set_axisbelow(True)
    return figure, axes


def evaluation_page(
    title: str,
    by_split: Mapping[str, Mapping[str, ModelResult]],
    tests: Mapping[str, Sequence[PairedTest]],
    stars: Mapping[str, Estimate],
) -> Page:
    """Accuracy with intervals, paired tests, beyond-accuracy and strata, one section a split; then stars."""
    page = Page(title)
    for split, results in by_split.items():
        first = next(iter(results.values()))
        n = next(iter(first.accuracy.values())).n
        page.heading(f"{split.capitalize()}: {n:,} shoppers")
        page.figure(_accuracy_plot(results), f"NDCG and recall at 10 of each model on the {split}")
        _accuracy_table(page, results)
        _tests_table(page, tests.get(split, ()))
        _beyond_table(page, results)
        figure = _strata_plot(results)
        page.figure(figure, "NDCG at 10 by the shopper's number of events and by popularity of the target")
        _strata_tables(page, results)
    _stars_table(page, stars)
    return page.paragraph(
        "Every item is ranked for every shopper, what the shopper already has is left out. Intervals: 95%, "
        "bootstrap over shoppers. Tests: paired on the same shoppers.",
        note=True,
    )


def _svg(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def _interval(estimate: Estimate) -> str:
    return f"{estimate.mean:.4f} [{estimate.low:.4f}, {estimate.high:.4f}]"


def _accuracy_table(page: Page, results: Mapping[str, ModelResult]) -> None:
    metrics = list(next(iter(results.values())).accuracy)
    page.table(
        ["metric", *results],
        [
            [metric, *(_interval(result.accuracy[metric]) for result in results.values())]
            for metric in metrics
        ],
    )


def _tests_table(page: Page, tests: Sequence[PairedTest]) -> None:
    if not tests:
        return
    rows = []
    for test in tests:
        verdict = (
            "better"
            if test.difference.low > 0
            else "worse"
            if test.difference.high < 0
            else "no difference shown"
        )
        rows.append(
            [
                f"{test.a} against {test.b}",
                test.metric,
                _interval(test.difference),
                f"{test.p_value:.4f}",
                verdict,
            ]
        )
    page.table(["pair", "metric", "difference", "p", "verdict"], rows)


def _stars_table(page: Page, stars: Mapping[str, Estimate]) -> None:
    """Nothing where too few shoppers rate."""
    if not stars:
        return
    n = next(iter(stars.values())).n
    page.heading(f"Stars: the newest rating of {n:,} shoppers")
    page.table(
        ["foretold by", "root mean squared error"], [[name, _interval(e)] for name, e in stars.items()]
    )


def _beyond_table(page: Page, results: Mapping[str, ModelResult]) -> None:
    names = list(next(iter(results.values())).beyond)
    page.table(
        ["beyond accuracy", *results],
        [[name, *(f"{result.beyond[name]:.4f}" for result in results.values())] for name in names],
    )


def _strata_tables(page: Page, results: Mapping[str, ModelResult]) -> None:
    for title, strata in (
        ("events of the shopper", "by_activity"),
        ("popularity of the target", "by_popularity"),
    ):
        labels = list(getattr(next(iter(results.values())), strata))
        rows = []
        for label in labels:
            estimates = [getattr(result, strata)[label] for result in results.values()]
            rows.append([label, f"{estimates[0].n:,}", *(_interval(estimate) for estimate in estimates)])
        page.table([title, "shoppers", *(f"{name} NDCG" for name in results)], rows)


def _accuracy_plot(results: Mapping[str, ModelResult]) -> Figure:
    figure, axes = new_figure(2)
    for axis, metric in zip(axes, ("ndcg@10", "recall@10"), strict=True):
        estimates = {name: result.accuracy[metric] for name, result in results.items()}
        _bars(axis, estimates)
        axis.set_title(metric)
    return figure


def _bars(axis: Axes, estimates: Mapping[str, Estimate]) -> None:
    means = [e.mean for e in estimates.values()]
    errors = [
        [max(e.mean - e.low, 0) for e in estimates.values()],
        [max(e.high - e.mean, 0) for e in estimates.values()],
    ]
    colours = [COLOURS[n % len(COLOURS)] for n in range(len(means))]
    axis.bar(list(estimates), means, yerr=errors, color=colours, capsize=4)
    axis.tick_params(axis="x", rotation=25)


def _strata_plot(results: Mapping[str, ModelResult]) -> Figure:
    figure, axes = new_figure(2)
    titles = ("by events of the shopper", "by popularity of the target")
    for axis, strata, title in zip(axes, ("by_activity", "by_popularity"), titles, strict=True):
        for n, (name, result) in enumerate(results.items()):
            found: Mapping[str, Estimate] = getattr(result, strata)
            axis.plot(
                list(found), [e.mean for e in found.values()], marker="o", label=name, color=COLOURS[n % 8]
            )
        axis.set_title(title)
        axis.set_ylabel("NDCG@10")
        axis.set_ylim(bottom=0)
    axes[0].legend(frameon=False)
    return figure
