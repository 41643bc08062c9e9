"""The two ways to have a worker read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from indexers.distributed.results import result, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexers.distributed.worker import Frame, ReadOrder

READING, ENCODING = "reading", "encoding"  # the groups of calls that a worker does in parallel
FRAMES_AHEAD = 4  # of a stream, before its worker waits


class ReadCall(Protocol):
    """A call that was made; the worker is at it."""

    def frames(self, stopped: Callable[[], bool]) -> Iterator[Frame]:
        """What the worker gives. Raises: Stopped, FailureError."""
        ...


class StreamedCall:
    """Frames come as they are made, and a worker that is far ahead waits."""

    def __init__(self, actor: Any, order: ReadOrder) -> None:
        method = actor.read.options(
            num_returns="streaming",
            concurrency_group=READING,
            _generator_backpressure_num_objects=FRAMES_AHEAD,
        )
        self._references = method.remote(order)

    def frames(self, stopped: Callable[[], bool]) -> Iterator[Frame]:
        """One after the other."""
        wait_for(self._references, stopped)
        for reference in self._references:
            yield result(reference)
            wait_for(self._references, stopped)


class WholeCall:
    """All frames together: Ray's client, for ray:// addresses, does not stream."""

    def __init__(self, actor: Any, order: ReadOrder) -> None:
        method = actor.read_whole.options(concurrency_group=READING)
        self._reference = method.remote(order)

    def frames(self, stopped: Callable[[], bool]) -> Iterator[Frame]:
        """Once all are there."""
        wait_for(self._reference, stopped)
        yield from result(self._reference)
