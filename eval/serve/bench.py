"""`/v1/search` at a growing number of clients, against the same call in process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from eval.aims import Aim, at_most
from eval.serve.clients import Load, run_load
from eval.serve.latency import Latency, latency_of
from eval.serve.plan import SERVER_FIRST, WARM_UP_CLIENTS, WARM_UP_SECONDS
from eval.serve.requests import SEARCH, Requests
from eval.serve.server_process import running
from eval.stats import Environment, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.serve.plan import Plan
    from eval.serve.server_process import ServerProcess

CLIENTS = (1, 4, 16, 64)
MOST_ERRORS = 0
MOST_SLOWDOWN = 4.0  # of the p95 at FEW clients over the p50 at one
FEW = 4
MOST_OVERHEAD_MS = 5.0


@dataclass(frozen=True, slots=True)
class Step:
    """So many clients at once; `memory_bytes` is the server's when they were done."""

    clients: int
    requests_per_second: float
    latency: Latency
    errors: Mapping[str, int]
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class ServeBench:
    """All steps; `overhead_ms` is the p50 of one client less that of the call in process."""

    environment: Environment
    encoder: str
    rows: int
    seconds: float
    in_process_ms: Latency
    overhead_ms: float
    steps: Sequence[Step]
    memory_bytes: Mapping[str, int]
    aims: Sequence[Aim]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(plan: Plan, clients: Sequence[int] = CLIENTS) -> ServeBench:
    """Measure the call in process, then start a server and ask it. Raises: FailureError."""
    with plan.store() as store:
        alone = plan.in_process(store)
        with running(store) as server:
            ready = server.resident_bytes()
            numbers, requests = count(SERVER_FIRST), Requests(alone.collection)
            warm_up(server, requests, numbers)
            warmed_up = server.resident_bytes()
            steps = []
            for done, many in enumerate(clients, 1):
                steps.append(_step(server, requests, numbers, many, plan.seconds))
                plan.progress("clients", done, len(clients))
    overhead = steps[0].latency.p50 - alone.latency.p50
    return ServeBench(
        environment=environment(),
        encoder=alone.encoder,
        rows=plan.rows,
        seconds=plan.seconds,
        in_process_ms=alone.latency,
        overhead_ms=overhead,
        steps=steps,
        memory_bytes={"ready": ready, "warmed_up": warmed_up, "after": steps[-1].memory_bytes},
        aims=aims_of(steps, overhead),
    )


def warm_up(server: ServerProcess, requests: Requests, numbers: Iterator[int]) -> None:
    """Searches that are not counted."""
    run_load(server.url, [requests.search] * WARM_UP_CLIENTS, numbers, WARM_UP_SECONDS)


def aims_of(steps: Sequence[Step], overhead_ms: float) -> list[Aim]:
    """What was aimed at, as far as these steps tell."""
    by_clients = {step.clients: step for step in steps}
    errors = sum(steps[-1].errors.values())
    aims = [at_most(f"errors@{steps[-1].clients}", MOST_ERRORS, errors)]
    if 1 in by_clients:
        aims.append(at_most("overhead_ms", MOST_OVERHEAD_MS, overhead_ms))
    if 1 in by_clients and FEW in by_clients and by_clients[1].latency.p50:
        slowdown = by_clients[FEW].latency.p95 / by_clients[1].latency.p50
        aims.append(at_most(f"p95@{FEW}/p50@1", MOST_SLOWDOWN, slowdown))
    return aims


def _step(
    server: ServerProcess,
    requests: Requests,
    numbers: Iterator[int],
    clients: int,
    seconds: float,
) -> Step:
    load = run_load(server.url, [requests.search] * clients, numbers, seconds)
    return step_of(load, clients, server.resident_bytes())


def step_of(load: Load, clients: int, memory_bytes: int) -> Step:
    """The figures of a load."""
    return Step(
        clients=clients,
        requests_per_second=load.answered / load.elapsed,
        latency=latency_of(load.seconds[SEARCH]),
        errors=dict(load.errors),
        memory_bytes=memory_bytes,
    )
