"""Workers of a Ray cluster as an engine of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexers.distributed.encoding import RemoteEncoding
from indexers.distributed.reader import Reading, RemoteReader
from indexers.parse.batch import batches
from indexers.parse.worker import Stopped
from indexers.parsing import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from indexers.cutter import Cutter
    from indexers.distributed.calls import ReadCall
    from indexers.distributed.carried import CarriedFile
    from indexers.distributed.worker import ReadOrder
    from indexers.engines.base import Encoded, ReadEvent, Revisions
    from indexers.sources import SourceFile

CALLS_AHEAD = 3  # of `encode` for each worker: one it is at, the others while results travel


class RayEngine:
    """Implements `indexers.engines.base.Engine`, for one run.

    `carry` is how files travel, `call` how a worker is asked to read.
    """

    def __init__(
        self,
        actors: Sequence[Any],
        carry: Callable[[SourceFile], CarriedFile],
        call: Callable[[Any, ReadOrder], ReadCall],
    ) -> None:
        self._actors = actors
        self._carry = carry
        self._call = call
        self._encoding = RemoteEncoding(actors)

    @property
    def ahead(self) -> int:
        """Enough for every worker to have work while the oldest call is waited for."""
        return CALLS_AHEAD * len(self._actors)

    @property
    def forward_seconds(self) -> float:
        """Wall time so far in forward passes, the mean of all workers."""
        return self._encoding.forward_seconds / len(self._actors)

    def read(
        self,
        files: Iterable[SourceFile],
        cutter: Cutter,
        revisions: Revisions,
        stopped: Callable[[], bool],
    ) -> Generator[ReadEvent]:
        """What each file holds, file after file, cut where it was read. Raises: FailureError."""
        reading = Reading(cutter, revisions, self._carry, self._call, stopped)
        readers = [RemoteReader(actor, reading) for actor in self._actors]
        try:
            yield from in_order(batches(files), readers)
        except Stopped:
            return

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Have a worker encode; call what is returned to wait for it."""
        return self._encoding.submit(texts)
