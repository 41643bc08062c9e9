"""The report of a sweep, as plain values for JSON; `eval.report_markdown` renders it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from eval.configurations import Variant
from eval.files import write_json, write_text
from eval.metrics import MAIN_MEASURE
from eval.published import published_sources
from eval.report_markdown import render
from eval.scores import score
from eval.stats import environment, installed_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.published import PublishedFigure
    from eval.scores import Row
    from eval.sweep import Sweep

PACKAGES = ("transformers", "sentence-transformers", "ir-measures", "pytrec-eval-terrier", "scipy")
MOST_SKIPPED = 20


def write_report(sweep: Sweep) -> dict[str, Any]:
    """Score the sweep, write `report.json` and `report.md` to its workspace, give the former."""
    report = build_report(sweep)
    write_json(sweep.data.workspace.report("json"), report)
    write_text(sweep.data.workspace.report("md"), render(report))
    return report


def build_report(sweep: Sweep) -> dict[str, Any]:
    """All that is known of a sweep; rows are sorted by their nDCG@10, best first."""
    scores = score(sweep)
    return {
        "dataset": _dataset(sweep),
        "experiment": sweep.experiment,
        "environment": _environment(),
        "index": _index(sweep),
        "encode_ms": asdict(sweep.encode_ms),
        "baseline": scores.baseline,
        "rows": [_row(row) for row in scores.rows],
        "published": _published(sweep.data.dataset.language, scores.rows),
    }


def _dataset(sweep: Sweep) -> dict[str, Any]:
    return {
        "name": sweep.data.dataset.name,
        "language": sweep.data.dataset.language,
        "documents": sweep.data.corpus.documents,
        "questions": len(sweep.data.selection.questions),
        "questions_without_relevant_document": sweep.data.dataset.unjudged,
        "partial": sweep.data.selection.limits.partial,
        "limits": asdict(sweep.data.selection.limits),
        "sha256": sweep.data.corpus.sha256,
    }


def _environment() -> dict[str, Any]:
    here = asdict(environment())
    return {**here, "packages": here["packages"] | {p: installed_version(p) for p in PACKAGES}}


def _index(sweep: Sweep) -> dict[str, Any]:
    """`seconds` are of the last run, which wrote `chunks_written` of the rows."""
    index = sweep.index
    return {
        "rows": sweep.rows,
        "bytes": sweep.store_bytes,
        "seconds": index.total_seconds,
        "chunks_written": index.chunks,
        "documents_skipped": len(index.skipped),
        "skipped": [f"{skip.source}: {skip.reason}" for skip in index.skipped[:MOST_SKIPPED]],
    }


def _row(row: Row) -> dict[str, Any]:
    configuration, comparison = row.configuration, row.comparison
    return {
        "name": configuration.name,
        "legs": [str(leg) for leg in configuration.legs],
        "fusion": str(configuration.variant),
        "rerank": str(configuration.rerank),
        "candidates": configuration.candidates,
        **row.measures,
        "search_ms": asdict(row.search_ms),
        "against_baseline": (
            {**asdict(comparison), "significant": comparison.significant} if comparison else None
        ),
        "measured": row.measured,
        "run": f"runs/{configuration.name}.trec",
    }


def _published(language: str | None, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each source with its figures, and our configuration of the same shape beside each."""
    if language is None:
        return []
    return [
        {
            "name": source.name,
            "citation": source.citation,
            "note": source.note,
            "figures": [_beside(figure, rows) for figure in source.figures],
        }
        for source in published_sources(language)
    ]


def _beside(figure: PublishedFigure, rows: Sequence[Row]) -> dict[str, Any]:
    ours = _same_shape(figure, rows)
    return {
        "system": figure.system,
        MAIN_MEASURE: figure.ndcg10,
        "ours": ours.configuration.name if ours else None,
        f"our {MAIN_MEASURE}": ours.measures[MAIN_MEASURE] if ours else None,
    }


def _same_shape(figure: PublishedFigure, rows: Sequence[Row]) -> Row | None:
    """Our plain row with the same legs and rerank, of the fewest candidates."""
    same = [
        row
        for row in rows
        if row.configuration.legs == figure.legs
        and row.configuration.rerank is figure.rerank
        and row.configuration.variant is Variant.PLAIN
    ]
    return min(same, key=lambda row: row.configuration.candidates, default=None)
