"""Connecting to Ray, and starting workers on it."""

from __future__ import annotations

import logging
import math
import os
import socket
import sys
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ray
from ray.exceptions import GetTimeoutError, RayError

from indexers.distributed.calls import ENCODING, READING
from indexers.distributed.results import result
from indexers.distributed.worker import IndexWorker
from rag.errors import FailureError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.encoders.base import Encoder
    from rag.settings import ParseSettings, RaySettings

LOCAL = "local"
MIB = 2**20
CLOSE_SECONDS = 5.0
CONNECT_SECONDS = 10.0


@contextmanager
def connection(settings: RaySettings) -> Iterator[None]:
    """Ray at `settings.address`; what was started for it ends with the context.

    A connection that this process has already is used, and kept. Meanwhile what is printed
    goes to stderr, since Ray prints its warnings to stdout, where reports belong.
    Raises: FailureError.
    """
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    limits = _limits(settings) if settings.address == LOCAL else {}
    try:
        _check_reachable(settings.address)
        ray.init(settings.address, log_to_driver=False, logging_level=logging.ERROR, **limits)
    except (ConnectionError, OSError, RuntimeError, ValueError, RayError) as error:
        raise FailureError(
            f"Ray cannot be reached at {settings.address} (ray.address): {_first_line(error)}."
        ) from error
    with redirect_stdout(sys.stderr):
        try:
            yield
        finally:
            ray.shutdown()


@contextmanager
def workers(
    settings: RaySettings, parse: ParseSettings, make_encoder: Callable[[], Encoder], identity: str
) -> Iterator[list[Any]]:
    """Actors that are ready and have the models of that identity; they end with the context.

    Raises: FailureError, SettingsError, WeightsError.
    """
    kind = ray.remote(
        num_cpus=settings.cpus,
        num_gpus=settings.gpus,
        max_restarts=-1,
        max_task_retries=settings.retries,
        concurrency_groups={READING: 1, ENCODING: 1},
    )(IndexWorker)
    actors = [kind.remote(make_encoder, parse) for _ in range(_count(settings))]
    try:
        _await_ready(actors, settings.start_timeout, identity)
        yield actors
    finally:
        _end(actors)


def _check_reachable(address: str) -> None:
    """Ray itself would try for minutes. Raises: OSError, ValueError."""
    place = urlsplit(address if "://" in address else f"//{address}")
    if place.hostname and place.port:
        socket.create_connection((place.hostname, place.port), CONNECT_SECONDS).close()


def _limits(settings: RaySettings) -> dict[str, Any]:
    cpus = None if settings.workers is None else math.ceil(settings.workers * settings.cpus)
    return {
        "include_dashboard": False,
        "object_store_memory": settings.object_store * MIB,
        "num_cpus": cpus,
    }


def _count(settings: RaySettings) -> int:
    """As many workers as asked for, or as fit into what is free."""
    if settings.workers is not None:
        return settings.workers
    free = ray.available_resources()
    fits = free.get("CPU", 0.0) / settings.cpus
    if settings.gpus:
        fits = min(fits, free.get("GPU", 0.0) / settings.gpus)
    return max(1, int(fits))


def _await_ready(actors: list[Any], timeout: float, identity: str) -> None:
    references = [actor.identity.remote() for actor in actors]
    ready, _ = ray.wait(references, num_returns=len(references), timeout=timeout)
    for reference in ready:
        _check_models(result(reference), identity)
    if len(ready) < len(actors):
        raise FailureError(
            f"Only {len(ready)} of {len(actors)} Ray workers were ready after {timeout:g} s: ask "
            "for fewer (--workers) or for less each (ray.cpus, ray.gpus), or give them more time "
            "(ray.start_timeout)."
        )


def _check_models(theirs: str, ours: str) -> None:
    if theirs != ours:
        raise SettingsError(
            f"A Ray worker has the models {theirs}, not {ours}; install the same release and "
            "weights on every machine of the cluster."
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")


def _end(actors: list[Any]) -> None:
    """Let workers clean up behind themselves; one that does not answer is ended all the same."""
    with suppress(RayError, GetTimeoutError):
        ray.get([actor.close.remote() for actor in actors], timeout=CLOSE_SECONDS)
    for actor in actors:
        ray.kill(actor)
