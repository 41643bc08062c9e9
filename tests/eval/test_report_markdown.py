"""The table says which rows differ from the baseline, and in which direction."""

from __future__ import annotations

from typing import Any

from eval.metrics import MEASURES
from eval.report_markdown import results_table


def row(name: str, difference: float | None, significant: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "legs": ["dense", "sparse"],
        "fusion": "minmax",
        "rerank": "tensor",
        "candidates": 100,
        **dict.fromkeys(MEASURES, 0.12345),
        "search_ms": {"p50": 1.26, "p95": 2.0},
        "against_baseline": (
            None if difference is None else {"difference": difference, "significant": significant}
        ),
    }


def test_each_row_is_marked_against_the_baseline() -> None:
    rows = [
        row("better", 0.1),
        row("worse", -0.1),
        row("alike", 0.1, significant=False),
        row("base", None),
    ]
    lines = results_table({"baseline": "base", "rows": rows}).splitlines()[2:]
    figures = "0.1235 | 0.1235 | 0.1235 | 0.1235"
    start = f"| dense + sparse | minmax | tensor | 100 | {figures} |".replace(
        "0.1235", f"{0.12345:.4f}"
    )
    assert lines[0] == f"{start} ▲ | 1.3 | 2.0 |"
    assert lines[1] == f"{start} ▼ | 1.3 | 2.0 |"
    assert lines[2] == f"{start}  | 1.3 | 2.0 |"
    assert lines[3] == f"{start} baseline | 1.3 | 2.0 |"
