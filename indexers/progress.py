"""What a run tells while it runs, and where its time goes."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexers.report import IndexReport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    `documents` are done: written, or found unchanged. `chunks` are encoded. `bytes_done`
    of `bytes_total` source bytes are behind us; `seconds` have passed.
    """

    documents: int
    chunks: int
    bytes_done: int
    bytes_total: int
    seconds: float

    @property
    def chunks_per_second(self) -> float:
        """Chunks encoded a second, over the whole run."""
        return self.chunks / self.seconds if self.seconds else 0.0


class ProgressListener(Protocol):
    """Called several times a batch from the thread that indexes."""

    def __call__(self, progress: Progress, /) -> None:
        """Show it; must be quick."""
        ...


class StageClock:
    """Adds up wall time by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._start = time.perf_counter()

    @property
    def total(self) -> float:
        """Seconds since the clock was made."""
        return time.perf_counter() - self._start

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block's time to a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += time.perf_counter() - start

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        """Pass items on; what it takes to make them counts to a stage."""
        while True:
            with self.stage(name):
                made = list(islice(items, 1))
            if not made:
                return
            yield made[0]


class ProgressMeter:
    """Counts what is behind us and tells the listener."""

    def __init__(
        self,
        bytes_total: int,
        report: IndexReport,
        clock: StageClock,
        listener: ProgressListener | None,
    ) -> None:
        self._bytes_total = bytes_total
        self._report = report
        self._clock = clock
        self._listener = listener
        self._chunks = 0
        self._bytes_done = 0

    def advance(self, chunks: int = 0, size: int = 0) -> None:
        """So many more chunks are encoded, so many more source bytes are done."""
        self._chunks += chunks
        self._bytes_done += size
        if self._listener:
            self._listener(self._progress())

    def _progress(self) -> Progress:
        report = self._report
        return Progress(
            documents=report.added + report.replaced + report.unchanged,
            chunks=self._chunks,
            bytes_done=min(self._bytes_done, self._bytes_total),
            bytes_total=self._bytes_total,
            seconds=self._clock.total,
        )
