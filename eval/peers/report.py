"""The report of a comparison, as plain values for JSON; `eval.peers.markdown` renders it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from eval.files import write_json, write_text
from eval.peers.markdown import render
from eval.peers.registry import OURS
from eval.peers.scores import score
from eval.stats import environment, summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.peers.comparison import Comparison
    from eval.peers.registry import PeerSpec
    from eval.peers.scores import PeerRow


def write_report(comparison: Comparison) -> dict[str, Any]:
    """Score the runs, write `report.json` and `report.md` to the workspace, give the former."""
    report = build_report(comparison)
    workspace = comparison.data.workspace
    write_json(workspace.report("json"), report)
    write_text(workspace.report("md"), render(report))
    return report


def build_report(comparison: Comparison) -> dict[str, Any]:
    """All that is known of a comparison; rows are sorted by their nDCG@10, best first."""
    rows = score(comparison)
    return {
        "dataset": _dataset(comparison),
        "experiment": dict(comparison.experiment),
        "environment": asdict(environment()),
        "passages": sum(part.passages for part in comparison.parts),
        "encode_seconds": sum(part.encode_seconds for part in comparison.parts),
        "encode_ms": asdict(comparison.encode_ms),
        "measured": comparison.turns.measured,
        "peers": {spec.name: _peer(comparison, spec) for spec in comparison.peers},
        "rows": [_row(row) for row in rows],
        "verdict": _verdict(rows),
        "skipped": dict(comparison.skipped),
        "failed": dict(comparison.failed),
    }


def _dataset(comparison: Comparison) -> dict[str, Any]:
    data = comparison.data
    return {
        "name": data.dataset.name,
        "documents": data.corpus.documents,
        "questions": len(data.selection.questions),
        "partial": data.selection.limits.partial,
        "limits": asdict(data.selection.limits),
        "sha256": data.corpus.sha256,
    }


def _peer(comparison: Comparison, spec: PeerSpec) -> dict[str, Any]:
    index, turns = comparison.indexes[spec.name], comparison.turns
    return {
        "about": spec.about,
        "versions": dict(index.versions),
        "own_encoder": spec.own_encoder,
        "index_seconds": index.indexed.seconds,
        "encode_seconds": index.indexed.encode_seconds if spec.own_encoder else None,
        "encode_ms": (
            asdict(summarize(turns.encode_milliseconds[spec.name])) if spec.own_encoder else None
        ),
        "disk_bytes": index.disk_bytes,
        "peak_bytes": {"index": index.indexed.peak_bytes, "search": turns.peak_bytes[spec.name]},
    }


def _row(row: PeerRow) -> dict[str, Any]:
    verdict = row.verdict
    return {
        "name": row.name,
        "peer": row.spec.name,
        "way": str(row.way),
        **row.measures,
        "search_ms": asdict(row.search_ms),
        "against_ours": (
            {**asdict(verdict), "as_good": verdict.as_good, "faster": verdict.faster}
            if verdict
            else None
        ),
        "run": f"runs/{row.name}.trec",
    }


def _verdict(rows: Sequence[PeerRow]) -> dict[str, Any] | None:
    """Where ours is not at least as good, and where it is not faster; None without ours."""
    if all(row.spec.name != OURS for row in rows):
        return None
    against = [(row.name, row.verdict) for row in rows if row.verdict]
    return {
        "not_as_good_as": [name for name, verdict in against if not verdict.as_good],
        "not_faster_than": [name for name, verdict in against if not verdict.faster],
        "compared_with": [name for name, _ in against],
    }
