"""What a run tells while it runs, and where its time goes."""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexers.report import IndexReport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    `documents` are done: written, or found unchanged; `skipped` are not indexed. Chunks are
    read, then `chunks` of them encoded, then written. `bytes_done` of `bytes_total` source
    bytes are behind us, of which `bytes_written` had to be written; `seconds` have passed.
    """

    documents: int
    skipped: int
    chunks_read: int
    chunks: int
    chunks_written: int
    bytes_done: int
    bytes_written: int
    bytes_total: int
    seconds: float

    @property
    def chunks_per_second(self) -> float:
        """Chunks encoded a second, over the whole run."""
        return self.chunks / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """If all that is left must be written, at the rate so far; None while that is unknown."""
        if not self.bytes_written:
            return None
        return self.seconds * (self.bytes_total - self.bytes_done) / self.bytes_written

    def to_dict(self) -> dict[str, float | None]:
        """Everything as plain values, for JSON."""
        return {
            **asdict(self),
            "chunks_per_second": self.chunks_per_second,
            "seconds_left": self.seconds_left,
        }


class ProgressListener(Protocol):
    """Called several times a batch, always from the thread that called the pipeline."""

    def __call__(self, progress: Progress, /) -> None:
        """Show it; must be quick."""
        ...


class StageClock:
    """Adds up wall time by stage, from several threads, but each stage from one."""

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
        self._chunks_read = 0
        self._chunks = 0
        self._bytes_done = 0
        self._bytes_written = 0

    def read(self, chunks: int) -> None:
        """So many more chunks have come to be encoded."""
        self._chunks_read += chunks

    def encoded(self, chunks: int) -> None:
        """So many more chunks are encoded."""
        self._chunks += chunks
        self._tell()

    def written(self, size: int) -> None:
        """Documents that take so many source bytes are written."""
        self._bytes_written += size
        self.passed(size)

    def passed(self, size: int) -> None:
        """So many more source bytes are behind us."""
        self._bytes_done += size
        self._tell()

    def _tell(self) -> None:
        if self._listener:
            self._listener(self._progress())

    def _progress(self) -> Progress:
        report = self._report
        return Progress(
            documents=report.added + report.replaced + report.unchanged,
            skipped=len(report.skipped),
            chunks_read=self._chunks_read,
            chunks=self._chunks,
            chunks_written=report.chunks,
            bytes_done=min(self._bytes_done, self._bytes_total),
            bytes_written=self._bytes_written,
            bytes_total=self._bytes_total,
            seconds=self._clock.total,
        )
