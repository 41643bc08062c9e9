"""The Pareto front is what no other point beats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.report.pareto import pareto_front

POINTS = st.lists(st.tuples(st.integers(1, 6).map(float), st.integers(1, 6).map(float)), min_size=1)


def beats(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a != b and a[0] <= b[0] and a[1] >= b[1]


@given(POINTS)
def test_the_front_is_what_no_point_beats_cheapest_first(points: list[tuple[float, float]]) -> None:
    front = [points[index] for index in pareto_front(points)]
    unbeaten = {point for point in points if not any(beats(other, point) for other in points)}
    assert front == sorted(unbeaten)
