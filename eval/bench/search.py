"""Latency, memory and disk of retrieval on synthetic collections, by size and by storage."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.aims import Aim, at_most
from eval.bench.column_bytes import column_bytes, folder_bytes
from eval.bench.search_stages import FEW, MANY, RERANK_FEW
from eval.bench.search_worker import Task, run_in_process
from eval.progress import silent
from eval.stats import Environment, Timing, environment, milliseconds_of, summarize
from rag.errors import FailureError
from rag.types import TensorStorage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.settings import Settings

QUESTIONS = (
    "What does the with statement do?",
    "How are default parameter values evaluated?",
    "When is __del__ called, and what may it not rely on?",
    "Which exceptions does a generator raise when it is closed?",
    "What is the difference between is and ==?",
    "How does Python look up a name in a nested function?",
    "Can a class attribute be shadowed by an instance attribute?",
    "What is the order of evaluation of the operands in an assignment?",
    "Why must keyword arguments follow positional ones?",
    "How do I format a number with a thousands separator?",
)
MOST_GROWTH = 2.0
LEAST_RECALL = 0.95
MOST_OUTSIDE = 0.15


@dataclass(frozen=True, slots=True)
class Cell:
    """One collection. `rows_per_second` counts until searchable; None: it was there already.

    `engine_ms` is the part of a search with 100 reranked candidates that is spent in the
    engine's compiled code, `outside_share` the rest as a part of the whole. `recall` is that
    of the dense leg's first 100 against exhaustive search. `column_bytes` are what the values
    take by themselves; `disk_bytes` all files, with indexes and log. `memory_bytes` is the
    process's, the database just `opened`, and after all searches.
    """

    rows: int
    storage: str
    rows_per_second: float | None
    stages_ms: Mapping[str, Timing]
    engine_ms: Timing
    outside_share: float
    recall: float
    memory_bytes: Mapping[str, int]
    disk_bytes: int
    column_bytes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A collection that could not be made or measured, and why."""

    rows: int
    storage: str
    reason: str


@dataclass(frozen=True, slots=True)
class SearchBench:
    """All cells; `growth` is, by storage and stage, the p50 of the most rows over that of
    the fewest."""

    environment: Environment
    encoder: str
    top_k: int
    candidates: Sequence[int]
    cells: Sequence[Cell]
    skipped: Sequence[Skipped]
    growth: Mapping[str, Mapping[str, float]]
    aims: Sequence[Aim]
    encode_question_ms: Timing

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings,
    *,
    rows: Sequence[int] = (20_000,),
    storages: Sequence[TensorStorage] = (TensorStorage.FLOAT,),
    searches: int = 200,
    folder: Path | None = None,
    progress: StepProgress = silent,
) -> SearchBench:
    """Measure each combination in a database of its own, below `folder` if that is given:
    what is there is used again, and a run that was stopped goes on.

    Raises: StoreLockedError, WeightsError.
    """
    from rag.encoders.loading import load_encoder

    encoder = load_encoder(settings.encoder)
    info = encoder.info
    cells, skipped = [], []
    for size, storage in product(rows, storages):
        task = Task(
            action="fill",
            folder="",
            rows=size,
            storage=storage.value,
            searches=searches,
            widths=(info.dense_dim, info.sparse_dim, info.token_dim),
            options=settings.search.model_dump(mode="json"),
        )
        try:
            cells.append(_cell(task, folder, progress))
        except FailureError as error:
            skipped.append(Skipped(size, storage.value, str(error)))
    growth = growth_of(cells)
    return SearchBench(
        environment=environment(),
        encoder=info.identity,
        top_k=settings.search.top_k,
        candidates=(FEW, MANY),
        cells=cells,
        skipped=skipped,
        growth=growth,
        aims=aims_of(cells, growth),
        encode_question_ms=_time_encoding(encoder, searches, progress),
    )


def growth_of(cells: Sequence[Cell]) -> dict[str, dict[str, float]]:
    """By storage and stage: p50 at the most rows over p50 at the fewest, where they differ."""
    by_storage: dict[str, list[Cell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: cell.rows):
        by_storage[cell.storage].append(cell)
    return {
        storage: {
            stage: timing.p50 / few.stages_ms[stage].p50 for stage, timing in many.stages_ms.items()
        }
        for storage, (few, *_, many) in _several(by_storage).items()
    }


def aims_of(cells: Sequence[Cell], growth: Mapping[str, Mapping[str, float]]) -> list[Aim]:
    """What was aimed at, as far as these cells tell."""
    aims = []
    if growth:
        worst = max(stages[RERANK_FEW] for stages in growth.values())
        aims.append(at_most("growth", MOST_GROWTH, worst))
    if cells:
        recall = min(cell.recall for cell in cells)
        outside = max(cell.outside_share for cell in cells)
        aims.append(Aim("recall", LEAST_RECALL, recall, recall >= LEAST_RECALL))
        aims.append(at_most("outside_share", MOST_OUTSIDE, outside))
    return aims


def _several(by_storage: Mapping[str, list[Cell]]) -> dict[str, list[Cell]]:
    return {storage: cells for storage, cells in by_storage.items() if len(cells) > 1}


def _cell(task: Task, keep: Path | None, progress: StepProgress) -> Cell:
    with tempfile.TemporaryDirectory(prefix="trident-bench-") as temporary:
        place = (keep or Path(temporary)).absolute() / f"{task.rows}-{task.storage}"
        return _measured(replace(task, folder=str(place)), progress)


def _measured(task: Task, progress: StepProgress) -> Cell:
    """Fill, then measure. Each step's bar carries the cell's name."""

    def tell(step: str, done: int, total: int, /) -> None:
        progress(f"{step} {task.rows} {task.storage}", done, total)

    rate = run_in_process(task, tell)
    measured = run_in_process(replace(task, action="measure"), tell)
    return Cell(
        rows=task.rows,
        storage=task.storage,
        rows_per_second=rate,
        stages_ms={name: Timing(**timing) for name, timing in measured["stages_ms"].items()},
        engine_ms=Timing(**measured["engine_ms"]),
        outside_share=measured["outside_share"],
        recall=measured["recall"],
        memory_bytes=measured["memory_bytes"],
        disk_bytes=folder_bytes(Path(task.folder)),
        column_bytes=column_bytes(task.encoder, task.rows, task.layout.tensor_storage),
    )


def _time_encoding(encoder: Encoder, repetitions: int, progress: StepProgress) -> Timing:
    encoder.encode_question(QUESTIONS[0])
    times = []
    progress("encode", 0, repetitions)
    for done in range(1, repetitions + 1):
        question = QUESTIONS[done % len(QUESTIONS)]
        times.append(milliseconds_of(partial(encoder.encode_question, question)))
        progress("encode", done, repetitions)
    return summarize(times)
