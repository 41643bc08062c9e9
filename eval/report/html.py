"""The report of a sweep as one HTML file that asks for nothing from outside."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from eval.report.facts import (
    DIFFERENT,
    PARTIAL,
    cells,
    column_table,
    facts,
    heading,
    left_out,
    published_table,
    reading,
)
from eval.report.plots import plots

if TYPE_CHECKING:
    from collections.abc import Mapping


def render_html(report: Mapping[str, Any]) -> str:
    """The whole report; every value is escaped by the template."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    source = (files("eval.report") / "report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        title=f"Retrieval on {report['dataset']['name']}",
        partial=PARTIAL if report["dataset"]["partial"] else "",
        results=(heading(report), [cells(row, report) for row in report["rows"]]),
        reading=reading(report),
        plots=plots(report["rows"]),
        left_out=left_out(report),
        columns=column_table(report),
        facts=facts(report),
        different=DIFFERENT,
        published=[(source, published_table(source)) for source in report["published"]],
    )
