"""Clients that each send one request after the other, for a while: a closed loop.

A closed loop asks as fast as the server answers, so more clients mean a longer queue, never an
unbounded one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TIMEOUT = 120.0
PAUSE_AFTER_ERROR = 0.1  # or a server that refuses everything would be asked without end

# Sends request number n; gives the operation's name. Raises: RequestError, httpx.HTTPError.
Send: TypeAlias = Callable[[httpx.AsyncClient, int], Awaitable[str]]


class RequestError(Exception):
    """A request was not answered as it should be; the text names the kind."""


@dataclass(slots=True)
class Load:
    """What clients saw: seconds of each response by operation, and errors by kind."""

    elapsed: float = 0.0
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        """Responses that were right."""
        return sum(map(len, self.seconds.values()))


def run_load(url: str, sends: Sequence[Send], numbers: Iterator[int], seconds: float) -> Load:
    """Let one client for each of `sends` ask for so long, each time with the next number."""
    return asyncio.run(_load(url, sends, numbers, seconds))


async def _load(url: str, sends: Sequence[Send], numbers: Iterator[int], seconds: float) -> Load:
    load = Load()
    limits = httpx.Limits(max_connections=len(sends), max_keepalive_connections=len(sends))
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT, limits=limits) as http:
        began = time.perf_counter()
        asking = (_ask(http, send, numbers, began + seconds, load) for send in sends)
        await asyncio.gather(*asking)
        load.elapsed = time.perf_counter() - began
    return load


async def _ask(
    http: httpx.AsyncClient, send: Send, numbers: Iterator[int], until: float, load: Load
) -> None:
    while (sent := time.perf_counter()) < until:
        try:
            operation = await send(http, next(numbers))
        except RequestError as error:
            await _note(str(error), load)
        except httpx.HTTPError as error:
            await _note(type(error).__name__, load)
        else:
            load.seconds[operation].append(time.perf_counter() - sent)


async def _note(kind: str, load: Load) -> None:
    load.errors[kind] += 1
    await asyncio.sleep(PAUSE_AFTER_ERROR)
