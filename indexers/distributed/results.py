"""Waiting for what Ray makes, and saying in a sentence what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from indexers.parse.worker import Stopped
from rag.errors import FailureError, TridentError

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = 0.1  # seconds between two looks at whether to stop


def wait_for(reference: Any, stopped: Callable[[], bool]) -> None:
    """Until a result, or the next one of a stream, is there. Raises: Stopped."""
    while not ray.wait([reference], timeout=POLL)[0]:
        if stopped():
            raise Stopped


def result(reference: Any) -> Any:
    """What a worker returned. Raises: what it raised, if that is ours; else FailureError."""
    try:
        return ray.get(reference)
    except RayTaskError as error:
        if isinstance(error.cause, TridentError):
            raise error.cause from error
        raise FailureError(f"A Ray worker failed: {_line(error.cause)}.") from error
    except RayActorError as error:
        raise FailureError(
            "A Ray worker was lost, and again each time its work was done anew (ray.retries); "
            f"look whether its machine runs out of memory: {_line(error)}."
        ) from error
    except RayError as error:
        raise FailureError(f"Ray failed: {_line(error)}.") from error


def _line(error: object) -> str:
    text = " ".join(str(error).split())[:300].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
