"""MaxSim of ragged documents against the ways that others compute it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from eval.bench.maxsim_methods import BASELINE, METHODS, Method
from eval.bench.maxsim_worker import Sample, Spec, WorkerCrashError, run_in_process
from eval.progress import silent
from eval.stats import Environment, Timing, environment, installed_version, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.progress import StepProgress

TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class MaxsimRow:
    """One method at one width and thread count.

    `ratio` is its median over Trident's in the same process: above 1, Trident is faster.
    `max_error` is against a plain loop in float64. Without a timing, `note` says why.
    """

    method: str
    layout: str
    threads: int
    width: int
    timing_ms: Timing | None = None
    ratio: float | None = None
    max_error: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MaxsimBench:
    """All rows and what they were measured on."""

    environment: Environment
    documents: int
    document_tokens: tuple[int, int]
    question_tokens: int
    rows: tuple[MaxsimRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    *,
    documents: int = 100,
    document_tokens: tuple[int, int] = (50, 400),
    question_tokens: int = 32,
    widths: Sequence[int] = (128, 384),
    threads: Sequence[int] = (1, 2),
    rounds: int = 12,
    calls: int = 8,
    progress: StepProgress = silent,
) -> MaxsimBench:
    """Time every method at every width and thread count.

    Raises: FailureError when the timing process dies.
    """
    cells = [(count, width) for width in widths for count in threads]
    rows: list[MaxsimRow] = []
    progress("compare", 0, len(cells))
    for done, (count, width) in enumerate(cells, 1):
        names = tuple(method.name for method in METHODS)
        spec = Spec(
            names, count, documents, *document_tokens, question_tokens, width, rounds, calls
        )
        rows += _compare(spec)
        progress("compare", done, len(cells))
    return MaxsimBench(environment(), documents, document_tokens, question_tokens, tuple(rows))


def _compare(spec: Spec) -> list[MaxsimRow]:
    notes = {method.name: _why_not(method, spec) for method in METHODS}
    runnable = tuple(name for name, note in notes.items() if not note)
    samples = {s.method: s for s in run_in_process(replace(spec, methods=runnable))}
    baseline = summarize(samples[BASELINE].milliseconds)
    return [
        _row(method, spec, samples.get(method.name), baseline, notes[method.name])
        for method in METHODS
    ]


def _why_not(method: Method, spec: Spec) -> str:
    """Why a method of another package cannot be timed here; "" when it can.

    It is tried in a process of its own: one that writes where it must not would spoil
    the figures of the others.
    """
    if not method.package:
        return ""
    if not installed_version(method.package):
        return f"Not installed; add it with `pip install {method.package}`."
    try:
        (sample,) = run_in_process(replace(spec, methods=(method.name,), rounds=1, calls=1))
    except WorkerCrashError as error:
        return str(error)
    right = sample.max_error <= TOLERANCE
    return "" if right else f"Its scores are wrong by up to {sample.max_error:.1e}."


def _row(
    method: Method, spec: Spec, sample: Sample | None, baseline: Timing, note: str
) -> MaxsimRow:
    if sample is None:
        return MaxsimRow(method.name, method.layout, spec.threads, spec.width, note=note)
    timing = summarize(sample.milliseconds)
    return MaxsimRow(
        method=method.name,
        layout=method.layout,
        threads=spec.threads,
        width=spec.width,
        timing_ms=timing,
        ratio=timing.p50 / baseline.p50,
        max_error=sample.max_error,
    )
