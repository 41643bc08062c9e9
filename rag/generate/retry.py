"""Trying again what failed before the first word."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from rag.generate.faults import fault_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rag.types import Delta

FIRST_PAUSE = 0.5  # seconds; doubled each time, a random part of it
LONGEST_PAUSE = 20.0


def retried(open_stream: Callable[[], Generator[Delta]], attempts: int) -> Generator[Delta]:
    """The deltas of a stream, opened again where a transient fault came before the first one.

    Raises: what the stream raised last.
    """
    retrying = Retrying(
        retry=retry_if_exception(lambda error: fault_of(error).transient),
        stop=stop_after_attempt(attempts),
        wait=wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE),
        reraise=True,
    )
    first, rest = retrying(_first, open_stream)
    with closing(rest):
        if first is not None:
            yield first
            yield from rest


def _first(open_stream: Callable[[], Generator[Delta]]) -> tuple[Delta | None, Generator[Delta]]:
    stream = open_stream()
    return next(stream, None), stream
