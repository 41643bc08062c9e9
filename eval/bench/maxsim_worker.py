"""The process that times MaxSim methods: `python -m eval.bench.maxsim_worker < spec.json`.

Thread pools read their size once, when their library loads, so every thread count gets a
process of its own; and a method that crashes takes only this process with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass

import numpy as np

from eval.bench.maxsim_methods import METHODS, Method, Scorer, make_workload, plain_loop
from eval.stats import milliseconds_of
from rag.errors import FailureError

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
# Threads of the method before may still spin when the next one starts.
WARM_UP_CALLS = 2


class WorkerCrashError(FailureError):
    """The process that timed the methods did not finish."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What to time; `rounds` blocks of `calls` per method, the methods taking turns."""

    methods: tuple[str, ...]
    threads: int
    documents: int
    shortest: int
    longest: int
    question_tokens: int
    width: int
    rounds: int
    calls: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Milliseconds of every timed call, and the largest error against a plain loop."""

    method: str
    milliseconds: list[float]
    max_error: float


def run_in_process(spec: Spec) -> list[Sample]:
    """Time the methods in a fresh process with that many threads.

    Raises: WorkerCrashError, which says how the process ended.
    """
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.maxsim_worker"],
        input=json.dumps(asdict(spec)),
        env={**os.environ, **dict.fromkeys(THREAD_VARIABLES, str(spec.threads))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise WorkerCrashError(
            f"The process that times {', '.join(spec.methods)} ended with "
            f"{_ending(done.returncode)}."
        )
    return [Sample(**sample) for sample in json.loads(done.stdout)]


def time_methods(spec: Spec) -> list[Sample]:
    """Time the methods in this process."""
    work = make_workload(
        documents=spec.documents,
        shortest=spec.shortest,
        longest=spec.longest,
        question_tokens=spec.question_tokens,
        width=spec.width,
    )
    reference = plain_loop(work)
    scorers = {name: _method(name).prepare(work) for name in spec.methods}
    times: dict[str, list[float]] = {name: [] for name in scorers}
    for _ in range(spec.rounds):
        for name, scorer in scorers.items():
            times[name] += _time_block(scorer, spec.calls)
    return [
        Sample(name, times[name], float(np.abs(np.asarray(scorer()) - reference).max()))
        for name, scorer in scorers.items()
    ]


def _time_block(scorer: Scorer, calls: int) -> list[float]:
    for _ in range(WARM_UP_CALLS):
        scorer()
    return [milliseconds_of(scorer) for _ in range(calls)]


def _method(name: str) -> Method:
    return next(method for method in METHODS if method.name == name)


def _ending(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit code {returncode}"


def _main() -> None:
    import torch

    spec = Spec(**json.load(sys.stdin))
    torch.set_num_threads(spec.threads)
    json.dump([asdict(sample) for sample in time_methods(spec)], sys.stdout)


if __name__ == "__main__":
    _main()
