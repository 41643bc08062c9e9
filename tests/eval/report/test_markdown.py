"""The table says which rows differ from the baseline, and in which direction."""

from __future__ import annotations

from eval.report.markdown import render, results_table
from tests.eval.report.example import example_report, example_row

FIGURES = f"{0.12345:.4f} | {0.12345:.4f} | {0.12345:.4f} | {0.12345:.4f}"
START = f"| chunk-float | dense + sparse | minmax | tensor | 100 | {FIGURES} |"
END = "| 1.3 | 2.0 | 1.3 / 2.0 |  | 2.5 |"


def test_each_row_is_marked_against_the_baseline() -> None:
    rows = [
        example_row("better", 0.1),
        example_row("worse", -0.1),
        example_row("alike", 0.1, significant=False),
        example_row("base", None),
    ]
    lines = results_table(example_report(rows)).splitlines()[2:]
    marks = ["▲", "▼", "", "baseline"]
    assert lines == [f"{START} {mark} {END}" for mark in marks]


def test_a_subset_has_a_column_with_marks_of_its_own() -> None:
    subset = {"unseen": {"nDCG@10": 0.5, "against_baseline": None}}
    against = {"difference": -0.2, "significant": True}
    other = {"unseen": {"nDCG@10": 0.3, "against_baseline": against}}
    rows = [example_row("base", None, subsets=subset), example_row("a", 0.1, subsets=other)]
    parts = {"unseen": {"questions": 3, "baseline": "base"}}
    heading, _, *lines = results_table(example_report(rows, subsets=parts)).splitlines()
    assert "| nDCG@10 unseen |" in heading
    assert "| baseline | 0.5000 baseline |" in lines[0]
    assert "| ▲ | 0.3000 ▼ |" in lines[1]


def test_rows_that_were_not_measured_are_listed_with_the_reason() -> None:
    report = example_report([example_row("base", None)], left_out={"emvb_none_100": "Too few."})
    assert "| emvb_none_100 | Too few. |" in render(report)


def test_only_packages_that_are_installed_are_named() -> None:
    assert "Python 3.11, numpy 1.26 |" in render(example_report([example_row("base", None)]))
