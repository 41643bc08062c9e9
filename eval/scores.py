"""The runs of a sweep, scored from their files and compared with the best baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.configurations import RECALL_LEGS
from eval.files import read_json, writing
from eval.metrics import MAIN_MEASURE, evaluate, means
from eval.significance import compare
from eval.stats import summarize
from eval.trec import read_run
from rag.types import Rerank

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.configurations import Configuration
    from eval.metrics import PerQuery
    from eval.significance import Comparison
    from eval.stats import Timing
    from eval.sweep import Sweep
    from eval.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """A configuration's figures.

    `comparison` is with the baseline, None for the baseline itself; `measured` is when.
    """

    configuration: Configuration
    measures: Mapping[str, float]
    comparison: Comparison | None
    search_ms: Timing
    measured: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Rows, best first, and the baseline's name: the best recall leg in its own order."""

    baseline: str
    rows: tuple[Row, ...]


def score(sweep: Sweep) -> Scores:
    """Score every run from its file, and write the first measure by question and run."""
    values = {c: _evaluate(sweep, c) for c in sweep.configurations}
    main = {c.name: list(found[MAIN_MEASURE].values()) for c, found in values.items()}
    measures = {c: means(found) for c, found in values.items()}
    baseline = max(
        (c for c in values if _is_baseline(c)), key=lambda c: measures[c][MAIN_MEASURE]
    ).name
    _write_per_query(sweep, main)
    reference = main[baseline]
    compared = compare(reference, {name: v for name, v in main.items() if name != baseline})
    rows = [_row(sweep.data.workspace, c, measures[c], compared.get(c.name)) for c in values]
    return Scores(baseline, tuple(sorted(rows, key=_order)))


def _evaluate(sweep: Sweep, configuration: Configuration) -> PerQuery:
    return evaluate(
        sweep.data.selection.qrels, read_run(sweep.data.workspace.run(configuration.name))
    )


def _is_baseline(configuration: Configuration) -> bool:
    recall = len(configuration.legs) == 1 and configuration.legs[0] in RECALL_LEGS
    return recall and configuration.rerank is Rerank.NONE


def _row(
    workspace: Workspace,
    configuration: Configuration,
    measures: Mapping[str, float],
    comparison: Comparison | None,
) -> Row:
    record = read_json(workspace.record(configuration.name))
    times = summarize(record["milliseconds"])
    return Row(configuration, measures, comparison, times, record["measured"])


def _order(row: Row) -> tuple[float, str]:
    return -row.measures[MAIN_MEASURE], row.configuration.name


def _write_per_query(sweep: Sweep, values: Mapping[str, Sequence[float]]) -> None:
    with writing(sweep.data.workspace.per_query) as file:
        file.write("\t".join(["query_id", *values]) + "\n")
        for query_id, *found in zip(sweep.data.selection.qrels, *values.values(), strict=True):
            file.write("\t".join([query_id, *(f"{value:.6f}" for value in found)]) + "\n")
