"""Percentiles and the stamp of a benchmark."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats import environment, installed_version, milliseconds_of, summarize


def test_percentiles_are_interpolated() -> None:
    timing = summarize(range(101))
    assert (timing.p50, timing.p95, timing.min, timing.calls) == (50.0, 95.0, 0.0, 101)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_ordered_and_within_the_sample(sample: list[float]) -> None:
    timing = summarize(sample)
    assert min(sample) == timing.min <= timing.p50 <= timing.p95
    assert timing.p95 <= max(sample) or timing.p95 == pytest.approx(max(sample))


def test_a_call_is_made_once() -> None:
    made: list[int] = []
    assert milliseconds_of(lambda: made.append(1)) >= 0
    assert made == [1]


def test_the_stamp_names_machine_and_versions() -> None:
    stamp = environment()
    assert stamp.cpu
    assert stamp.cores >= 1
    assert datetime.fromisoformat(stamp.date).tzinfo is not None
    assert stamp.packages["torch"] == installed_version("torch") != ""
    assert stamp.packages["infinity-embedded-sdk"] != ""


def test_a_package_that_is_not_installed_has_no_version() -> None:
    assert installed_version("trident-has-no-such-package") == ""
