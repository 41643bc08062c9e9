"""Progress bars on stderr; silent where stderr is no terminal."""

from __future__ import annotations

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
    from collections.abc import Iterator

    from eval.progress import StepProgress
    from indexers.progress import Progress as IndexProgress
    from indexers.progress import ProgressListener


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
                f"{state.documents} documents, {state.chunks} chunks, "
                f"{state.chunks_per_second:.1f}/s"
            )
            bar.update(task, total=state.bytes_total, completed=state.bytes_done, counts=counts)

        yield show


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
