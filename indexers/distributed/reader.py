"""A worker as the pipeline sees it while it reads."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexers.distributed.worker import ReadOrder
from indexers.engines.base import ReadEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexers.cutter import Cutter
    from indexers.distributed.calls import ReadCall
    from indexers.distributed.carried import CarriedFile
    from indexers.engines.base import Revisions
    from indexers.parse.batch import Batch
    from indexers.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Reading:
    """What all readers of a run share: how to cut, how files travel, whether to stop."""

    cutter: Cutter
    revisions: Revisions
    carry: Callable[[SourceFile], CarriedFile]
    call: Callable[[Any, ReadOrder], ReadCall]
    stopped: Callable[[], bool]


class RemoteReader:
    """Reads batches on one worker; an `indexers.parsing.BatchReader`."""

    def __init__(self, actor: Any, reading: Reading) -> None:
        self._actor = actor
        self._reading = reading
        self._waiting: deque[tuple[Batch, ReadCall]] = deque()

    @property
    def load(self) -> int:
        """Batches that were sent and not received."""
        return len(self._waiting)

    def send(self, batch: Batch) -> None:
        """Give the worker a batch."""
        reading = self._reading
        order = ReadOrder(
            tuple(reading.carry(file) for file in batch.files),
            reading.cutter,
            tuple(reading.revisions(file.name) for file in batch.files),
        )
        self._waiting.append((batch, reading.call(self._actor, order)))

    def receive(self) -> Iterator[ReadEvent]:
        """What the batch gives that was sent first. Raises: Stopped, FailureError."""
        batch, call = self._waiting.popleft()
        for frame in call.frames(self._reading.stopped):
            for number, item in frame:
                yield ReadEvent(batch.files[number], item)
