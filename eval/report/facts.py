"""What both renderings of a report say in words and short tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.metrics import MAIN_MEASURE, MEASURES
from eval.significance import LEVEL, RESAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTIAL = "Partial: not all documents or questions were used; do not quote these figures."
DIFFERENT = (
    "These figures are of MLDR's own test split, with the models that the sources name. This run's "
    "data is what is named above, its models are those under Configuration: corpus and models "
    "differ, so the columns stand beside each other for orientation and are no comparison. A row "
    "of ours is shown where it has the same legs, fusion (a weighted sum stands beside minmax) and "
    "rerank."
)
WORSE, BETTER = "▼", "▲"


def heading(report: Mapping[str, Any]) -> list[str]:
    """Of the columns that `cells` gives."""
    subsets = [f"{MAIN_MEASURE} {name}" for name in report["subsets"]]
    head = ("collection", "legs", "fusion", "rerank", "candidates", *MEASURES, "", *subsets)
    return [*head, "p50 ms", "p95 ms", "legs ms", "rerank ms", "index MB"]


def cells(row: Mapping[str, Any], report: Mapping[str, Any]) -> list[str]:
    """One line of the results."""
    baselines = {name: part["baseline"] for name, part in report["subsets"].items()}
    return [
        row["collection"],
        " + ".join(row["legs"]),
        "" if row["fusion"] == "none" else row["fusion"],
        row["rerank"],
        str(row["candidates"]),
        *(f"{row[measure]:.4f}" for measure in MEASURES),
        mark(row, row["name"] == report["baseline"]),
        *(
            f"{scored[MAIN_MEASURE]:.4f} {mark(scored, row['name'] == baselines[name])}".strip()
            for name, scored in row["subsets"].items()
        ),
        f"{row['search_ms']['p50']:.1f}",
        f"{row['search_ms']['p95']:.1f}",
        _span(row["legs_ms"]),
        _span(row["rerank_ms"]),
        f"{row['index_bytes'] / 1e6:.1f}",
    ]


def mark(scored: Mapping[str, Any], baseline: bool) -> str:
    """Whether it differs from the baseline, and in which direction."""
    comparison = scored["against_baseline"]
    if baseline or comparison is None:
        return "baseline"
    if not comparison["significant"]:
        return ""
    return BETTER if comparison["difference"] > 0 else WORSE


def reading(report: Mapping[str, Any]) -> str:
    """How to read the results."""
    encode = report["encode_ms"]
    return (
        f"A document is ranked by its best chunk. {BETTER} and {WORSE}: {MAIN_MEASURE} better or "
        f"worse than the best single leg without rerank ({report['baseline']}), p < {LEVEL} in a "
        f"paired randomisation test ({RESAMPLES:,} resamples), Holm-corrected over all rows. "
        "Milliseconds are of one search that returns all its candidates; encoding the question "
        f"takes p50 {encode['p50']:.1f}, p95 {encode['p95']:.1f} more. legs: the same search "
        "without rerank (p50 / p95); rerank: what it adds, question by question. Rankings that "
        "need no token vectors are measured on the first storage only. Fusion: minmax and atan "
        "are weighted sums of scores normalized so; dense2 gives that leg twice the weight. "
        "tensor+fuse sums the scores of the first stage (.2) and of MaxSim (.8), each scaled to "
        "0 to 1; maxsim50 gives both half; ranks is RRF of both orders. tensor is MaxSim over all "
        "rows, emvb the same by an index. index MB: the columns that a row searches, estimated "
        "from the first rows, without the engine's own overhead. The TREC run of each row is in "
        "runs/, the judgements are in qrels.trec, "
        f"{MAIN_MEASURE} by question is in per_query.tsv."
    )


def column_table(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Bytes by collection and column: heading and lines."""
    collections = report["collections"]
    names = list(next(iter(collections.values()))["columns"])
    lines = [
        [
            name,
            f"{one['rows']:,}",
            *(f"{one['columns'][column]:,}" for column in names),
            f"{one['seconds']:.0f}" if one["chunks_written"] else "",
            str(one["documents_skipped"]),
        ]
        for name, one in collections.items()
    ]
    return ["collection", "rows", *names, "index s", "documents not indexed"], lines


def facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The configuration: what was measured, with what, where and when."""
    data, machine, experiment = report["dataset"], report["environment"], report["experiment"]
    versions = ", ".join(f"{name} {v}" for name, v in machine["packages"].items() if v)
    subsets = (f"{name}: {part['questions']:,}" for name, part in report["subsets"].items())
    return [
        ("documents", f"{data['documents']:,}"),
        ("questions", f"{data['questions']:,}"),
        ("subsets (questions)", ", ".join(subsets) or "none"),
        ("limits", ", ".join(f"{k} {v}" for k, v in data["limits"].items() if v) or "none"),
        ("data sha256", data["sha256"]),
        ("encoder", experiment["encoder"]),
        ("chunks", ", ".join(f"{name} {value}" for name, value in experiment["chunks"].items())),
        ("rank constant, ef", f"{experiment['rank_constant']}, {experiment['ef']}"),
        ("bytes of the database", f"{report['store_bytes']:,}"),
        ("machine", f"{machine['cpu']}, {machine['cores']} cores, {machine['platform']}"),
        ("versions", f"Python {machine['python']}, {versions}"),
        ("date", machine["date"]),
    ]


def left_out(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Rows that were not measured, each with the reason."""
    return list(report["left_out"].items())


def published_table(source: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The figures of a source beside ours: heading and lines."""
    head = [source["name"], MAIN_MEASURE, "of ours, same shape", f"our {MAIN_MEASURE}"]
    return head, [_figure(figure) for figure in source["figures"]]


def _span(timing: Mapping[str, float] | None) -> str:
    return f"{timing['p50']:.1f} / {timing['p95']:.1f}" if timing else ""


def _figure(figure: Mapping[str, Any]) -> list[str]:
    ours = figure[f"our {MAIN_MEASURE}"]
    return [
        figure["system"],
        f"{figure[MAIN_MEASURE]:.4f}",
        figure["ours"] or "–",
        "–" if ours is None else f"{ours:.4f}",
    ]
