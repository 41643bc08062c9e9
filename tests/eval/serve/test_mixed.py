"""Whether a server's memory grows under everything at once."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from eval.serve.mixed import Memory, memory_growth, mixed
from eval.serve.requests import Requests


def samples(*resident: int) -> list[Memory]:
    return [Memory(float(second), size) for second, size in enumerate(resident)]


def test_growth_is_that_of_the_last_fifth_over_the_one_after_warm_up() -> None:
    measured = samples(10, 10, 100, 100, 105, 105, 107, 107, 110, 110)
    assert memory_growth(measured) == pytest.approx(0.1)


@given(st.integers(1, 10**12), st.integers(5, 50))
def test_memory_that_stays_does_not_grow(size: int, count: int) -> None:
    assert memory_growth(samples(*[size] * count)) == 0.0


def test_too_few_samples_say_nothing() -> None:
    assert memory_growth(samples(1, 2, 3)) == 0.0


def test_every_operation_has_a_client_of_its_own() -> None:
    requests = Requests("c")
    assert {requests.search, requests.query, requests.ground, requests.upload} == set(
        mixed(requests)
    )
