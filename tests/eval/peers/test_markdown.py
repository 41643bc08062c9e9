"""The verdict says plainly where ours is behind."""

from __future__ import annotations

from typing import Any

import pytest

from eval.peers.markdown import results_table, summary, verdict


def row(peer: str, way: str, lead: float | None, speed: float = 1.0) -> dict[str, Any]:
    return {
        "name": f"{peer}_{way}",
        "peer": peer,
        "way": way,
        "nDCG@10": 0.9,
        "recall@100": 1.0,
        "search_ms": {"p50": 1.04, "p95": 2.0},
        "against_ours": (
            None
            if lead is None
            else {"lead": lead, "significant": abs(lead) > 0.05, "times_as_fast": speed}
        ),
    }


def report(*rows: dict[str, Any]) -> dict[str, Any]:
    against = [(r["name"], r["against_ours"]) for r in rows if r["against_ours"]]
    return {
        "rows": rows,
        "verdict": {
            "not_as_good_as": [name for name, found in against if found["lead"] < 0],
            "not_faster_than": [name for name, found in against if found["times_as_fast"] <= 1],
            "compared_with": [name for name, _ in against],
        },
        "skipped": {"lancedb": "pip install lancedb"},
        "failed": {"qdrant": "The process of qdrant ended early; it said: ouch"},
    }


OURS = row("trident", "joined", None)


def test_ahead_of_everybody_in_both() -> None:
    text = verdict(report(OURS, row("bm25s", "fulltext", 0.1, 2.0)))
    assert text.splitlines() == [
        "- **nDCG@10 at least that of every peer: yes.**",
        "- **p95 below that of every peer: yes.**",
    ]


def test_behind_is_said_with_whom_and_how_much() -> None:
    text = verdict(report(OURS, row("a", "dense", -0.1, 0.25), row("b", "hybrid", -0.01, 3.0)))
    assert "no: a_dense is ahead by 0.1000; b_hybrid is ahead by 0.0100, which may be luck" in text
    assert "no: a_dense takes 0.25 of our time." in text


def test_without_peers_or_without_ours_there_is_no_verdict() -> None:
    assert "nobody to compare with" in verdict(report(OURS))
    assert "our own row is not there" in verdict({"verdict": None})


def test_who_is_not_in_the_table_is_named_below_it() -> None:
    lines = summary(report(OURS, row("bm25s", "fulltext", 0.1, 2.0))).splitlines()
    assert lines[-2:] == [
        "- lancedb is skipped, as it is not installed: `pip install lancedb`.",
        "- qdrant failed. The process of qdrant ended early; it said: ouch",
    ]


@pytest.mark.parametrize(
    ("lead", "shown"), [(0.1, "+0.1000"), (-0.1, "-0.1000"), (0.01, "+0.0100 (n.s.)")]
)
def test_a_lead_that_may_be_luck_is_marked(lead: float, shown: str) -> None:
    lines = results_table(report(OURS, row("a", "dense", lead, 2.5))).splitlines()
    assert lines[2] == "| trident | joined | 0.9000 | 1.0000 | **ours** | 1.0 | 2.0 |  |"
    assert lines[3] == f"| a | dense | 0.9000 | 1.0000 | {shown} | 1.0 | 2.0 | 2.5× |"
