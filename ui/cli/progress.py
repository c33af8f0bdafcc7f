"""Progress bars for long work, one for each stage that reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ui.cli.app import err


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int | None], None]]:
    """Yield a ``progress(stage, done, total)`` that draws on standard error while the block runs.

    A stage without a length has no bar: there is nothing of it to show. Where standard error is no terminal,
    bars can't move: each stage says when it begins, and nothing else.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:

        def show(stage: str, done: int, total: int | None) -> None:
            if not total:
                return
            if stage not in tasks:
                _finish(bars)  # a stage that begins tells that the ones before it are done
                if not err.is_terminal:
                    err.print(f"{stage} …")
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
        _finish(bars)


def _finish(bars: Progress) -> None:
    for task in bars.tasks:
        bars.update(task.id, completed=task.total)
