"""Searches, answers, checks and uploads at once, for long: does the server grow?"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.aims import Aim, at_most
from eval.serve.bench import warm_up
from eval.serve.clients import run_load
from eval.serve.collections import make_collection
from eval.serve.latency import Latency, latency_of
from eval.serve.plan import SERVER_FIRST
from eval.serve.requests import UPLOAD_COLLECTION, Requests
from eval.serve.server_process import running
from eval.stats import Environment, environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    from eval.serve.clients import Load, Send
    from eval.serve.plan import Plan
    from eval.serve.server_process import ServerProcess

MOST_MEMORY_GROWTH = 0.05
MOST_ERRORS = 0
SAMPLES = 100  # of the server's memory
PARTS = 5  # the first is warm-up, growth is that of the last over the second


@dataclass(frozen=True, slots=True)
class Memory:
    """The server's resident bytes, `seconds` after the load began."""

    seconds: float
    resident: int


@dataclass(frozen=True, slots=True)
class MixedBench:
    """`memory_growth`: the median of the last fifth over that of the second, less 1."""

    environment: Environment
    rows: int
    clients: int
    seconds: float
    requests_per_second: float
    latency_ms: Mapping[str, Latency]
    errors: Mapping[str, int]
    memory: Sequence[Memory]
    memory_growth: float
    aims: Sequence[Aim]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(plan: Plan) -> MixedBench:
    """Load a server with everything. Raises: FailureError."""
    with plan.store() as store:
        collection = plan.in_process(store, searches=1).collection
        with running(store) as server:
            make_collection(server.url, UPLOAD_COLLECTION)
            requests, numbers = Requests(collection), count(SERVER_FIRST)
            warm_up(server, requests, numbers)
            with ThreadPoolExecutor(1) as pool:
                sends = mixed(requests)
                loading = pool.submit(run_load, server.url, sends, numbers, plan.seconds)
                memory = _watch(server, plan, loading)
                load = loading.result()
    growth = memory_growth(memory)
    errors = sum(load.errors.values())
    return MixedBench(
        environment=environment(),
        rows=plan.rows,
        clients=len(sends),
        seconds=plan.seconds,
        requests_per_second=load.answered / load.elapsed,
        latency_ms={name: latency_of(seconds) for name, seconds in sorted(load.seconds.items())},
        errors=dict(load.errors),
        memory=memory,
        memory_growth=growth,
        aims=[
            at_most("memory_growth", MOST_MEMORY_GROWTH, growth),
            at_most("errors", MOST_ERRORS, errors),
        ],
    )


def mixed(requests: Requests) -> list[Send]:
    """What each client does."""
    searching, answering = [requests.search] * 4, [requests.query] * 2
    return [*searching, *answering, requests.ground, requests.upload]


def memory_growth(memory: Sequence[Memory]) -> float:
    """How much larger the last part is than the one after warm-up, as a share."""
    if len(memory) < PARTS:
        return 0.0
    parts = np.array_split([sample.resident for sample in memory], PARTS)
    return float(np.median(parts[-1]) / np.median(parts[1]) - 1)


def _watch(server: ServerProcess, plan: Plan, loading: Future[Load]) -> list[Memory]:
    """Samples of the server's memory until the load is over."""
    began, samples = time.monotonic(), []
    while not loading.done():
        elapsed = time.monotonic() - began
        samples.append(Memory(round(elapsed, 1), server.resident_bytes()))
        plan.progress("mixed load", min(len(samples), SAMPLES), SAMPLES)
        time.sleep(plan.seconds / SAMPLES)
    return samples
