"""The report of a sweep in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.metrics import MAIN_MEASURE, MEASURES
from eval.significance import LEVEL, RESAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PARTIAL = "**Partial: not all documents or questions were used; do not quote these figures.**"
DIFFERENT = (
    "These figures are of MLDR's own test split, with the models that the sources name. This run's "
    "data is what is named above, its models are those under Configuration: **corpus and models "
    "differ, so the columns stand beside each other for orientation and are no comparison.** A row "
    "of ours is shown where it has the same legs and rerank."
)


def render(report: Mapping[str, Any]) -> str:
    """The whole report; `report` is what `eval.report.build_report` gives."""
    parts = [
        f"# Retrieval on {report['dataset']['name']}",
        *([PARTIAL] if report["dataset"]["partial"] else []),
        results_table(report),
        _reading(report),
        "## Configuration",
        _table(("", ""), _facts(report)),
        *_published(report["published"]),
    ]
    return "\n\n".join(parts) + "\n"


def results_table(report: Mapping[str, Any]) -> str:
    """One line a configuration, best first."""
    heading = ("legs", "fusion", "rerank", "candidates", *MEASURES, "", "p50 ms", "p95 ms")
    return _table(heading, (_result(row, report["baseline"]) for row in report["rows"]))


def _result(row: Mapping[str, Any], baseline: str) -> list[str]:
    return [
        " + ".join(row["legs"]),
        row["fusion"] if len(row["legs"]) > 1 else "",
        row["rerank"],
        str(row["candidates"]),
        *(f"{row[measure]:.4f}" for measure in MEASURES),
        "baseline" if row["name"] == baseline else _mark(row["against_baseline"]),
        f"{row['search_ms']['p50']:.1f}",
        f"{row['search_ms']['p95']:.1f}",
    ]


def _mark(comparison: Mapping[str, Any]) -> str:
    if not comparison["significant"]:
        return ""
    return "▲" if comparison["difference"] > 0 else "▼"


def _reading(report: Mapping[str, Any]) -> str:
    return (
        f"A document is ranked by its best chunk. ▲ and ▼: {MAIN_MEASURE} better or worse than "
        f"the best single leg without rerank ({report['baseline']}), p < {LEVEL} in a paired "
        f"randomisation test ({RESAMPLES:,} resamples), Holm-corrected over all rows. Milliseconds "
        "are of one search that returns all its candidates, without encoding the question "
        f"(p50 {report['encode_ms']['p50']:.1f}, p95 {report['encode_ms']['p95']:.1f}). "
        "Fusion: *plain* is RRF; *minmax* and *atan* are weighted sums of scores normalized so; "
        "*dense2* gives that leg twice the weight; *maxsim25* gives the MaxSim rank a quarter in "
        "*tensor+fuse*, which is RRF of the first order and the MaxSim order. The tensor leg is "
        "MaxSim over all rows. The TREC run of each row is in `runs/`, the "
        f"judgements are in `qrels.trec`, {MAIN_MEASURE} by question is in `per_query.tsv`."
    )


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    data, index, machine = report["dataset"], report["index"], report["environment"]
    experiment = report["experiment"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return [
        ("documents", f"{data['documents']:,}"),
        ("questions", f"{data['questions']:,}"),
        ("limits", ", ".join(f"{k} {v}" for k, v in data["limits"].items() if v) or "none"),
        ("data sha256", f"`{data['sha256']}`"),
        ("encoder", experiment["encoder"]),
        ("chunks", ", ".join(f"{name} {value}" for name, value in experiment["chunks"].items())),
        ("rank constant, ef", f"{experiment['rank_constant']}, {experiment['ef']}"),
        ("rows in the index", f"{index['rows']:,}"),
        ("bytes of the database", f"{index['bytes']:,}"),
        ("documents not indexed", str(index["documents_skipped"])),
        ("machine", f"{machine['cpu']}, {machine['cores']} cores, {machine['platform']}"),
        ("versions", f"Python {machine['python']}, {packages}"),
        ("date", machine["date"]),
    ]


def _published(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    if not sources:
        return []
    parts = ["## Published figures", DIFFERENT]
    for source in sources:
        heading = (source["name"], MAIN_MEASURE, "of ours, same shape", f"our {MAIN_MEASURE}")
        parts += [
            f"{source['citation']}. {source['note']}",
            _table(heading, map(_figure, source["figures"])),
        ]
    return parts


def _figure(figure: Mapping[str, Any]) -> list[str]:
    ours = figure[f"our {MAIN_MEASURE}"]
    return [
        figure["system"],
        f"{figure[MAIN_MEASURE]:.4f}",
        figure["ours"] or "–",
        "–" if ours is None else f"{ours:.4f}",
    ]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
