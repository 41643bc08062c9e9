"""The report of a sweep in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eval.markdown_table import markdown_table
from eval.report.facts import (
    DIFFERENT,
    cells,
    column_table,
    facts,
    heading,
    left_out,
    published_table,
    reading,
)
from eval.report.facts import PARTIAL as PARTIAL_IN_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PARTIAL = f"**{PARTIAL_IN_WORDS}**"


def render(report: Mapping[str, Any]) -> str:
    """The whole report; `report` is what `eval.report.report.build_report` gives."""
    parts = [
        f"# Retrieval on {report['dataset']['name']}",
        *([PARTIAL] if report["dataset"]["partial"] else []),
        results_table(report),
        reading(report),
        *_left_out(report),
        "## Bytes by column",
        markdown_table(*column_table(report)),
        "## Configuration",
        markdown_table(("", ""), facts(report)),
        *_published(report["published"]),
    ]
    return "\n\n".join(parts) + "\n"


def results_table(report: Mapping[str, Any]) -> str:
    """One line a configuration, best first."""
    return markdown_table(heading(report), (cells(row, report) for row in report["rows"]))


def _left_out(report: Mapping[str, Any]) -> list[str]:
    rows = left_out(report)
    return ["## Not measured", markdown_table(("row", "why"), rows)] if rows else []


def _published(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    if not sources:
        return []
    parts = ["## Published figures", f"**{DIFFERENT}**"]
    for source in sources:
        parts += [
            f"{source['citation']}. {source['note']}",
            markdown_table(*published_table(source)),
        ]
    return parts
