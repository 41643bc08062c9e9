"""How long a run's searches took, whole and by stage.

The engine does legs, fusion and MaxSim in one query, so the stages cannot be timed inside
it. The same search without rerank is its first stage; what the rerank adds is the difference,
question by question: the two took turns under one load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.files import read_json
from eval.stats import summarize
from rag.types import Rerank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.stats import Timing
    from eval.sweep.plan import PlannedRun
    from eval.sweep.run import Sweep
    from eval.sweep.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds of a search, of its legs with their fusion, and of its rerank.

    A stage is None where the run has none, or where its first stage was not measured.
    """

    search: Timing
    legs: Timing | None
    rerank: Timing | None


def stage_times(sweep: Sweep) -> dict[PlannedRun, StageTimes]:
    """Of every run. Where storages of token vectors share a first stage, it is the first's."""
    spent = {run: _milliseconds(sweep.data.workspace, run) for run in sweep.runs}
    first_stages = {_stage_key(run): times for run, times in reversed(spent.items())}
    return {
        run: _times(run, times, first_stages.get(_stage_key(run.first_stage)))
        for run, times in spent.items()
    }


def _times(run: PlannedRun, spent: Sequence[float], first: Sequence[float] | None) -> StageTimes:
    search = summarize(spent)
    if run.configuration.rerank is Rerank.NONE:
        return StageTimes(search, search, None)
    if first is None:
        return StageTimes(search, None, None)
    added = (whole - before for whole, before in zip(spent, first, strict=True))
    return StageTimes(search, summarize(first), summarize(added))


def _stage_key(run: PlannedRun) -> tuple[str, str]:
    return run.collection.layout.unit, run.configuration.name


def _milliseconds(workspace: Workspace, run: PlannedRun) -> list[float]:
    spent: Mapping[str, list[float]] = read_json(workspace.record(run.name))
    return spent["milliseconds"]
