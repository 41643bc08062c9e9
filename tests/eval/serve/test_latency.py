"""Percentiles of response times."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from eval.serve.latency import latency_of


@given(st.lists(st.floats(0, 100), min_size=1))
def test_percentiles_are_ordered_milliseconds_within_what_was_seen(seconds: list[float]) -> None:
    latency = latency_of(seconds)
    assert latency.p50 <= latency.p95 <= latency.p99
    assert 1e3 * min(seconds) <= latency.p50 + 1e-6
    assert latency.p99 <= 1e3 * max(seconds) + 1e-6
    assert latency.calls == len(seconds)


def test_half_of_the_responses_are_faster_than_the_median() -> None:
    assert latency_of([0.001, 0.002, 0.009]).p50 == pytest.approx(2.0)


def test_no_response_has_no_latency() -> None:
    assert latency_of([]).calls == 0
