"""The report of a comparison in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.markdown_table import markdown_table
from eval.metrics import MAIN_MEASURE
from eval.peers.scores import OUR_RUN
from eval.report.facts import PARTIAL
from eval.significance import LEVEL, RESAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MIB = 2**20
QUALITY = (MAIN_MEASURE, "recall@100")
NO_FIGURE = "–"


def render(report: Mapping[str, Any]) -> str:
    """The whole report; `report` is what `eval.peers.report.build_report` gives."""
    partial = [f"**{PARTIAL}**"] if report["dataset"]["partial"] else []
    heading = f"# Peers on {report['dataset']['name']}"
    parts = [heading, *partial, summary(report), _reading(report), "## What it cost"]
    parts += [costs_table(report), "## Configuration", markdown_table(("", ""), _facts(report))]
    return "\n\n".join(parts) + "\n"


def summary(report: Mapping[str, Any]) -> str:
    """The table, the verdict, and what is not in the table."""
    return "\n\n".join([results_table(report), "\n".join([verdict(report), *_absent(report)])])


def results_table(report: Mapping[str, Any]) -> str:
    """One line a peer and way, best first."""
    heading = ("peer", "way", *QUALITY, "ours leads by", "p50 ms", "p95 ms", "ours is faster")
    return markdown_table(heading, map(_result, report["rows"]))


def costs_table(report: Mapping[str, Any]) -> str:
    """One line a peer."""
    heading = ("peer", "index s", "MiB on disk", "peak MiB, index", "peak MiB, search", "what")
    return markdown_table(heading, (_cost(*peer) for peer in report["peers"].items()))


def verdict(report: Mapping[str, Any]) -> str:
    """Whether ours is at least as good and faster, peer by peer where it is not."""
    found = report["verdict"]
    if found is None:
        return "- **No verdict**: our own row is not there."
    if not found["compared_with"]:
        return "- **No verdict**: there is nobody to compare with."
    rows = {row["name"]: row for row in report["rows"]}
    worse = [_worse(rows[name]) for name in found["not_as_good_as"]]
    slower = [_slower(rows[name]) for name in found["not_faster_than"]]
    return "\n".join(
        [
            _line(f"{MAIN_MEASURE} at least that of every peer", worse),
            _line("p95 below that of every peer", slower),
        ]
    )


def _line(claim: str, exceptions: Sequence[str]) -> str:
    answer = f"no: {'; '.join(exceptions)}" if exceptions else "yes"
    return f"- **{claim}: {answer}.**"


def _worse(row: Mapping[str, Any]) -> str:
    against = row["against_ours"]
    luck = "" if against["significant"] else ", which may be luck"
    return f"{row['name']} is ahead by {-against['lead']:.4f}{luck}"


def _slower(row: Mapping[str, Any]) -> str:
    return f"{row['name']} takes {row['against_ours']['times_as_fast']:.2g} of our time"


def _absent(report: Mapping[str, Any]) -> Iterator[str]:
    for name, command in report["skipped"].items():
        yield f"- {name} is skipped, as it is not installed: `{command}`."
    for name, reason in report["failed"].items():
        yield f"- {name} failed. {reason}"


def _result(row: Mapping[str, Any]) -> list[str]:
    return [
        row["peer"],
        row["way"],
        *(f"{row[measure]:.4f}" for measure in QUALITY),
        _lead(row),
        f"{row['search_ms']['p50']:.1f}",
        f"{row['search_ms']['p95']:.1f}",
        _speed(row),
    ]


def _lead(row: Mapping[str, Any]) -> str:
    if row["name"] == OUR_RUN:
        return "**ours**"
    against = row["against_ours"]
    if against is None:
        return ""
    return f"{against['lead']:+.4f}{'' if against['significant'] else ' (n.s.)'}"


def _speed(row: Mapping[str, Any]) -> str:
    against = row["against_ours"]
    return "" if against is None else f"{against['times_as_fast']:.3g}×"


def _cost(name: str, peer: Mapping[str, Any]) -> list[str]:
    peak = peer["peak_bytes"]
    sizes = (peer["disk_bytes"], peak["index"], peak["search"])
    return [
        name,
        f"{peer['index_seconds']:.1f}",
        *(f"{size / MIB:,.0f}" for size in sizes),
        peer["about"],
    ]


def _reading(report: Mapping[str, Any]) -> str:
    own = "".join(
        f" {name} encodes by itself: {peer['encode_seconds']:.1f} s for the passages, "
        f"p50 {peer['encode_ms']['p50']:.1f} ms a question."
        for name, peer in report["peers"].items()
        if peer["own_encoder"]
    )
    return (
        "Every peer gets the same passages with the same vectors, and gives as many passages with "
        "their text as it takes candidates; a document is ranked by its best passage. *hybrid* is "
        "RRF of the legs that the peer has, *rerank* orders those by MaxSim, *joined* by both. "
        f"Ours is the row of the defaults, **{OUR_RUN}**; *n.s.*: its lead may be luck, "
        f"p ≥ {LEVEL} in a paired "
        f"randomisation test ({RESAMPLES:,} resamples), Holm-corrected over all rows. Milliseconds "
        "are of one search, the peers taking turns question by question; *ours is faster* is "
        "their p95 over ours. Encoding is in none of them: "
        f"{report['encode_seconds']:.1f} s for the passages, p50 {report['encode_ms']['p50']:.1f} "
        f"ms a question.{own}"
    )


def _facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    data, machine = report["dataset"], report["environment"]
    experiment = report["experiment"]
    versions = (v for peer in report["peers"].values() for v in peer["versions"].items())
    return [
        ("documents, passages", f"{data['documents']:,}, {report['passages']:,}"),
        ("questions", f"{data['questions']:,}"),
        ("limits", ", ".join(f"{k} {v}" for k, v in data["limits"].items() if v) or "none"),
        ("data sha256", f"`{data['sha256']}`"),
        ("encoder", experiment["encoder"]),
        ("candidates", str(experiment["search"]["candidates"])),
        ("machine", f"{machine['cpu']}, {machine['cores']} cores, {machine['platform']}"),
        ("versions", ", ".join(f"{package} {version}" for package, version in versions)),
        ("searched", report["measured"] or NO_FIGURE),
    ]
