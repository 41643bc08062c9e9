from __future__ import annotations

import pytest

from indexers.report import IndexReport, Skip


def test_reasons_are_counted() -> None:
    skipped = [Skip("/a", "hidden"), Skip("/b", "no parser for .png"), Skip("/c", "hidden")]
    report = IndexReport("c", skipped=skipped)
    assert report.skip_counts == {"hidden": 2, "no parser for .png": 1}
    assert report.to_dict()["skipped"][0] == {"source": "/a", "reason": "hidden"}


def test_the_share_outside_of_forward_passes_is_of_the_whole_run() -> None:
    assert IndexReport("c").outside_forward_share == 0
    report = IndexReport("c", total_seconds=10, forward_seconds=9)
    assert report.outside_forward_share == pytest.approx(0.1)
