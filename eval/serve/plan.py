"""What every benchmark of the server is given, and where its database is."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.progress import silent
from eval.serve.in_process import InProcess, Task, measure_in_process
from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eval.progress import StepProgress
    from rag.settings import Settings

SEARCHES = 200
# Questions are numbered apart, so that none of the server's was asked before.
IN_PROCESS_FIRST, SERVER_FIRST = 1_000_000, 2_000_000
WARM_UP_SECONDS = 5.0
WARM_UP_CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` are those of each step; `folder` keeps the database for the next run."""

    settings: Settings
    rows: int
    seconds: float
    folder: Path | None = None
    progress: StepProgress = silent

    @contextmanager
    def store(self) -> Iterator[Path]:
        """The folder of the database. Raises: InputError where a server is set."""
        if self.settings.store.uri:
            raise InputError(
                "This benchmark is of the embedded database; leave out store.uri "
                "(TRIDENT_STORE__URI) and try again."
            )
        with tempfile.TemporaryDirectory(prefix="trident-bench-") as temporary:
            yield (self.folder or Path(temporary)).absolute() / f"serve-{self.rows}"

    def in_process(self, store: Path, searches: int = SEARCHES) -> InProcess:
        """Make the collection and search it without a server. Raises: FailureError."""
        task = Task(
            store=str(store),
            rows=self.rows,
            searches=searches,
            first=IN_PROCESS_FIRST,
            settings=self.settings.model_dump(mode="json"),
        )
        return measure_in_process(task, self.progress)
