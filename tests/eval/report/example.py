"""A report's values, small and made up, for the tests of its renderings."""

from __future__ import annotations

from typing import Any

from eval.metrics import MEASURES

TIMING = {"p50": 1.26, "p95": 2.0, "min": 1.0, "calls": 2}


def example_row(
    name: str, difference: float | None, significant: bool = True, **changes: Any
) -> dict[str, Any]:
    against = {"difference": difference, "significant": significant}
    scored = {
        **dict.fromkeys(MEASURES, 0.12345),
        "against_baseline": None if difference is None else against,
    }
    return {
        "name": name,
        "collection": "chunk-float",
        "legs": ["dense", "sparse"],
        "fusion": "minmax",
        "rerank": "tensor",
        "candidates": 100,
        **scored,
        "subsets": {},
        "search_ms": TIMING,
        "legs_ms": TIMING,
        "rerank_ms": None,
        "index_bytes": 2_500_000,
        **changes,
    }


def example_report(rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    return {
        "dataset": {
            "name": "some/set",
            "documents": 10,
            "questions": 2,
            "partial": False,
            "limits": {"docs": None, "queries": None},
            "sha256": "0" * 64,
        },
        "experiment": {
            "encoder": "dense: a@1",
            "chunks": {"size": 192},
            "rank_constant": 60,
            "ef": 200,
        },
        "environment": {
            "date": "2026-01-01",
            "cpu": "a cpu",
            "cores": 2,
            "python": "3.11",
            "platform": "Linux",
            "packages": {"numpy": "1.26", "absent": ""},
        },
        "collections": {
            "chunk-float": {
                "rows": 30,
                "columns": {"dense": 1000, "tokens": 20000},
                "seconds": 3.0,
                "chunks_written": 30,
                "documents_skipped": 0,
            }
        },
        "store_bytes": 12345,
        "encode_ms": TIMING,
        "baseline": "base",
        "subsets": {},
        "rows": rows,
        "left_out": {},
        "published": [],
        **changes,
    }
