"""Indexing generated corpora of several sizes: rate, share of time by stage, memory, bytes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eval.bench.index_worker import Task, run_in_process
from eval.progress import silent
from eval.stats import Environment, environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.progress import StepProgress
    from rag.settings import Settings
    from rag.types import TensorStorage


@dataclass(frozen=True, slots=True)
class SizeBench:
    """One corpus. `chunks_per_second` counts until all are searchable.

    `stage_shares` are seconds of a stage as parts of the whole; reading (parse, chunk),
    encoding and writing overlap, so that they add up to more than 1. `base_bytes` and
    `peak_bytes` are the process's largest memory before and after. `column_bytes` are what
    the values take by themselves, `disk_bytes` all files, with indexes and log.
    """

    documents: int
    chunks: int
    total_seconds: float
    chunks_per_second: float
    forward_share: float
    stage_shares: Mapping[str, float]
    base_bytes: int
    peak_bytes: int
    column_bytes: Mapping[str, int]
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class SizesBench:
    """All sizes; `memory_growth` is the peak of each by that of the one before, less 1."""

    environment: Environment
    encoder: str
    storage: str
    sizes: Sequence[SizeBench]
    memory_growth: Sequence[float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def run(
    settings: Settings,
    *,
    rows: Sequence[int],
    storage: TensorStorage,
    fake_encoder: bool = False,
    progress: StepProgress = silent,
) -> SizesBench:
    """Index about so many chunks, each number in a process and a database of its own.

    Raises: FailureError.
    """
    encoder = None if fake_encoder else settings.encoder.model_dump(mode="json")
    tasks = [Task(count, storage.value, encoder) for count in rows]
    sizes = [_size(run_in_process(task, progress)) for task in tasks]
    return SizesBench(
        environment=environment(),
        encoder="fake" if fake_encoder else settings.encoder.preset,
        storage=storage.value,
        sizes=sizes,
        memory_growth=growth([size.peak_bytes for size in sizes]),
    )


def growth(peaks: Sequence[int]) -> list[float]:
    """How much more each is than the one before it, as a part of that."""
    return [more / less - 1 for less, more in pairwise(peaks)]


def _size(result: Mapping[str, Any]) -> SizeBench:
    report = result["report"]
    total = report["total_seconds"]
    return SizeBench(
        documents=report["added"] + report["replaced"],
        chunks=report["chunks"],
        total_seconds=total,
        chunks_per_second=report["chunks"] / total,
        forward_share=report["forward_seconds"] / total,
        stage_shares={stage: seconds / total for stage, seconds in report["seconds"].items()},
        base_bytes=result["base_bytes"],
        peak_bytes=result["peak_bytes"],
        column_bytes=result["column_bytes"],
        disk_bytes=result["disk_bytes"],
    )
