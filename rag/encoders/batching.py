"""Batches of texts of similar length, so that little of a forward pass is padding."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized

T = TypeVar("T", bound="Sized")
R = TypeVar("R")


def plan_batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Split indices into batches, longest texts first.

    The padded size of a batch (its size times its longest length) stays within `budget`
    unless one text alone exceeds it; that text is then a batch of its own.
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batches and (len(batches[-1]) + 1) * lengths[batches[-1][0]] <= budget:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


def map_batches(
    items: Sequence[T], budget: int, apply: Callable[[list[T]], Sequence[R]]
) -> list[R]:
    """Apply a function of batches to all items; results are in the order of `items`."""
    results: dict[int, R] = {}
    for batch in plan_batches([len(item) for item in items], budget):
        results.update(zip(batch, apply([items[i] for i in batch]), strict=True))
    return [results[i] for i in range(len(items))]
