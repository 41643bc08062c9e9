"""Which rows are worth their cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def pareto_front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the (cost, quality) points that no other beats, cheapest first.

    A point is beaten by one that costs no more and is better, or costs less and is no worse.
    """
    front: list[int] = []
    order = sorted(range(len(points)), key=lambda i: (points[i][0], -points[i][1]))
    for index in order:
        if not front or points[index][1] > points[front[-1]][1]:
            front.append(index)
    return front
