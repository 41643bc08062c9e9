"""Progress bars on stderr; silent where stderr is no terminal."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from rag.cli.output import stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eval.progress import StepProgress
    from indexers.progress import Progress as IndexProgress
    from indexers.progress import ProgressListener

EVENT_SECONDS = 1.0  # at least, between two events


def _bar(*columns: TextColumn) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        *columns,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )


@contextmanager
def index_progress() -> Iterator[ProgressListener]:
    """A bar over the source bytes, with documents, chunks, rate and time left."""
    with _bar(TextColumn("{task.fields[counts]}")) as bar:
        task = bar.add_task("indexing", total=None, counts="")

        def show(state: IndexProgress) -> None:
            counts = (
                f"{state.documents} documents; chunks: {state.chunks_read} read, "
                f"{state.chunks} encoded, {state.chunks_written} written, "
                f"{state.chunks_per_second:.1f}/s"
            )
            bar.update(task, total=state.bytes_total, completed=state.bytes_done, counts=counts)

        yield show


@contextmanager
def index_events() -> Iterator[ProgressListener]:
    """One JSON object a line on stderr: `progress`, at most one a second, and the last one."""
    last, told = None, 0.0

    def tell(state: IndexProgress) -> None:
        nonlocal last, told
        last = state
        if state.seconds - told >= EVENT_SECONDS:
            last, told = None, state.seconds
            _event(state)

    yield tell
    if last is not None:
        _event(last)


def _event(state: IndexProgress) -> None:
    event = {"event": "progress", **state.to_dict()}
    sys.stderr.write(json.dumps(event) + "\n")


@contextmanager
def step_progress() -> Iterator[StepProgress]:
    """One bar a step of a benchmark."""
    with _bar() as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


@contextmanager
def rows_progress(what: str) -> Iterator[Callable[[int], None]]:
    """A bar over rows, of which nobody knows the end; it is told how many more are done."""
    with _bar(TextColumn("{task.completed} rows")) as bar:
        task = bar.add_task(what, total=None)
        yield lambda rows: bar.advance(task, rows)
