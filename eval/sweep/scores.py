"""The runs of a sweep, scored from their files and compared with the best baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.data.trec import read_run
from eval.files import read_json, writing
from eval.metrics import MAIN_MEASURE, evaluate, means
from eval.significance import compare
from eval.sweep.configurations import RECALL_LEGS
from eval.sweep.stage_times import StageTimes, stage_times
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eval.data.subsets import Subset
    from eval.metrics import PerQuery
    from eval.significance import Comparison
    from eval.sweep.configurations import Configuration
    from eval.sweep.plan import PlannedRun
    from eval.sweep.run import Sweep


@dataclass(frozen=True, slots=True)
class Scored:
    """Means of a run's measures over some questions.

    `comparison` is with the baseline of the same questions, None for the baseline itself.
    """

    measures: Mapping[str, float]
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Row:
    """A run's figures, over all questions and by subset.

    `index_bytes` are those of the columns that it searches; `measured` is when.
    """

    run: PlannedRun
    scored: Scored
    subsets: Mapping[str, Scored]
    times: StageTimes
    index_bytes: int
    measured: str


@dataclass(frozen=True, slots=True)
class Part:
    """A set of questions and the baseline on it: the best recall leg in its own order."""

    questions: int
    baseline: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Rows, best first; all questions as a part, and the subsets by name."""

    whole: Part
    parts: Mapping[str, Part]
    rows: tuple[Row, ...]


def score(sweep: Sweep, subsets: Sequence[Subset] = ()) -> Scores:
    """Score every run from its file, and write the first measure by question and run.

    Raises: InputError for a subset without a question.
    """
    qrels, workspace = sweep.data.selection.qrels, sweep.data.workspace
    values = {run: evaluate(qrels, read_run(workspace.run(run.name))) for run in sweep.runs}
    _write_per_query(sweep, values)
    whole, scored = _score(values, list(qrels))
    by_subset = {one.name: _score(values, one.questions(qrels)) for one in subsets}
    times = stage_times(sweep)
    rows = [
        Row(
            run=run,
            scored=scored[run],
            subsets={name: found[run] for name, (_, found) in by_subset.items()},
            times=times[run],
            index_bytes=_bytes_of(
                run.configuration, sweep.collections[run.collection.name].columns
            ),
            measured=read_json(workspace.record(run.name))["measured"],
        )
        for run in sweep.runs
    ]
    parts = {name: part for name, (part, _) in by_subset.items()}
    return Scores(whole, parts, tuple(sorted(rows, key=_order)))


def _score(
    values: Mapping[PlannedRun, PerQuery], questions: Sequence[str]
) -> tuple[Part, dict[PlannedRun, Scored]]:
    """The means over these questions, compared with the best single leg on them."""
    kept = {run: _only(found, questions) for run, found in values.items()}
    measures = {run: means(found) for run, found in kept.items()}
    main = {run.name: list(found[MAIN_MEASURE].values()) for run, found in kept.items()}
    singles = (run for run in values if _is_baseline(run.configuration))
    baseline = max(singles, key=lambda run: measures[run][MAIN_MEASURE]).name
    reference = main.pop(baseline)
    compared = compare(reference, main)
    scored = {run: Scored(measures[run], compared.get(run.name)) for run in values}
    return Part(len(questions), baseline), scored


def _only(found: PerQuery, questions: Iterable[str]) -> PerQuery:
    kept = list(questions)
    return {measure: {q: by_query[q] for q in kept} for measure, by_query in found.items()}


def _is_baseline(configuration: Configuration) -> bool:
    return configuration.single_leg and configuration.legs[0] in RECALL_LEGS


def _bytes_of(configuration: Configuration, columns: Mapping[str, int]) -> int:
    """Of the columns in use; `rag.store.sizes` names them as the legs, but for the tokens."""
    used = {"tokens" if leg is Leg.TENSOR else str(leg) for leg in configuration.legs}
    reranked = {"tokens"} if configuration.rerank is not Rerank.NONE else set()
    return sum(columns[name] for name in used | reranked)


def _order(row: Row) -> tuple[float, str]:
    return -row.scored.measures[MAIN_MEASURE], row.run.name


def _write_per_query(sweep: Sweep, values: Mapping[PlannedRun, PerQuery]) -> None:
    main = {run.name: found[MAIN_MEASURE] for run, found in values.items()}
    with writing(sweep.data.workspace.per_query) as file:
        file.write("\t".join(["query_id", *main]) + "\n")
        for query_id in sweep.data.selection.qrels:
            found = (f"{by_query[query_id]:.6f}" for by_query in main.values())
            file.write("\t".join([query_id, *found]) + "\n")
