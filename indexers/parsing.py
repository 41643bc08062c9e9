"""Files into documents, in worker processes: what one file does costs only that file."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

from indexers.parse.batch import batches, parse_batch
from indexers.parse.worker import Stopped, worker_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from indexers.parse.batch import Batch, ParseEvent
    from indexers.sources import SourceFile
    from rag.settings import ParseSettings

E_co = TypeVar("E_co", covariant=True)

AHEAD = 2  # batches that a worker is given before it is read from


def parse_sources(
    files: Iterable[SourceFile],
    settings: ParseSettings,
    stopped: Callable[[], bool] = lambda: False,
) -> Generator[ParseEvent, None, None]:
    """What each file holds, file after file: its documents and problems, then its end.

    The end is `Done`, or `Failure` with the reason when the file could not be read to its
    end. Files are taken from `files` a little ahead of what is given, and the workers read
    on while the caller is busy, until the pipes are full: memory stays bounded. A file that
    takes longer than `settings.timeout` or more than `settings.memory`, or that ends its
    worker, is a `Failure`, and a new worker goes on. Once `stopped` says so, nothing more
    is given. Close the iterator to end the workers.
    """
    waiting = batches(files)
    begin = [batch for batch in (next(waiting, None), next(waiting, None)) if batch]
    if len(begin) == 1 and begin[0].simple:  # so little is not worth a process
        yield from parse_batch(begin[0].files, settings)
    elif begin:
        yield from _in_workers(chain(begin, waiting), settings, stopped)


def _in_workers(
    waiting: Iterator[Batch], settings: ParseSettings, stopped: Callable[[], bool]
) -> Iterator[ParseEvent]:
    with worker_slots(settings, stopped) as workers:
        try:
            yield from in_order(waiting, workers)
        except Stopped:
            return


class BatchReader(Protocol[E_co]):
    """Whoever reads batches, the first one that it was sent first."""

    @property
    def load(self) -> int:
        """Batches that were sent and not received."""
        ...

    def send(self, batch: Batch) -> None:
        """Give it a batch."""
        ...

    def receive(self) -> Iterator[E_co]:
        """What the batch gives that was sent first."""
        ...


def in_order(waiting: Iterator[Batch], readers: Sequence[BatchReader[E_co]]) -> Iterator[E_co]:
    """The oldest batch is received from its reader; meanwhile the others work ahead."""
    under_way: deque[BatchReader[E_co]] = deque()
    while _send(waiting, readers, under_way) or under_way:
        yield from under_way.popleft().receive()


def _send(
    waiting: Iterator[Batch],
    readers: Sequence[BatchReader[E_co]],
    under_way: deque[BatchReader[E_co]],
) -> bool:
    """Give every reader enough to do; whether any was given something."""
    sent = False
    while (reader := min(readers, key=lambda r: r.load)).load < AHEAD:
        batch = next(waiting, None)
        if batch is None:
            break
        reader.send(batch)
        under_way.append(reader)
        sent = True
    return sent
