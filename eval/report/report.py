"""The report of a sweep, as plain values for JSON; Markdown and HTML render it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from eval.files import write_json, write_text
from eval.report.beside import beside_published
from eval.report.html import render_html
from eval.report.markdown import render
from eval.stats import environment, installed_version
from eval.sweep.scores import score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.data.subsets import Subset
    from eval.sweep.run import Sweep
    from eval.sweep.scores import Part, Row, Scored

PACKAGES = (
    "transformers",
    "sentence-transformers",
    "onnxruntime",
    "ir-measures",
    "pytrec-eval-terrier",
    "scipy",
)


def write_report(sweep: Sweep, subsets: Sequence[Subset] = ()) -> dict[str, Any]:
    """Score the sweep, write `report.json`, `.md` and `.html` to its workspace, give the first.

    Raises: InputError for a subset without a question.
    """
    report = build_report(sweep, subsets)
    workspace = sweep.data.workspace
    write_json(workspace.report("json"), report)
    write_text(workspace.report("md"), render(report))
    write_text(workspace.report("html"), render_html(report))
    return report


def build_report(sweep: Sweep, subsets: Sequence[Subset] = ()) -> dict[str, Any]:
    """All that is known of a sweep; rows are sorted by their nDCG@10, best first."""
    scores = score(sweep, subsets)
    return {
        "dataset": _dataset(sweep),
        "experiment": sweep.experiment,
        "environment": _environment(),
        "collections": {name: asdict(one) for name, one in sweep.collections.items()},
        "store_bytes": sweep.store_bytes,
        "encode_ms": asdict(sweep.encode_ms),
        "baseline": scores.whole.baseline,
        "subsets": {name: _part(part) for name, part in scores.parts.items()},
        "rows": [_row(row) for row in scores.rows],
        "left_out": sweep.left_out,
        "published": beside_published(sweep.data.dataset.language, scores.rows),
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


def _part(part: Part) -> dict[str, Any]:
    return {"questions": part.questions, "baseline": part.baseline}


def _row(row: Row) -> dict[str, Any]:
    collection, configuration = row.run.collection, row.run.configuration
    return {
        "name": row.run.name,
        "collection": collection.name,
        "unit": str(collection.layout.unit),
        "tensor_storage": str(collection.layout.tensor_storage),
        "token_pooling": collection.layout.token_pooling,
        "legs": [str(leg) for leg in configuration.leg_names],
        "fusion": str(configuration.variant) if len(configuration.legs) > 1 else "none",
        "rerank": str(configuration.rerank),
        "candidates": configuration.candidates,
        **_scored(row.scored),
        "subsets": {name: _scored(scored) for name, scored in row.subsets.items()},
        **{
            f"{stage}_ms": timing and asdict(timing)
            for stage, timing in (
                ("search", row.times.search),
                ("legs", row.times.legs),
                ("rerank", row.times.rerank),
            )
        },
        "index_bytes": row.index_bytes,
        "measured": row.measured,
        "run": f"runs/{row.run.name}.trec",
    }


def _scored(scored: Scored) -> dict[str, Any]:
    comparison = scored.comparison
    against = comparison and {**asdict(comparison), "significant": comparison.significant}
    return {**scored.measures, "against_baseline": against}
