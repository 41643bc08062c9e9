"""How a benchmark tells how far it is."""

from __future__ import annotations

from typing import Protocol


class StepProgress(Protocol):
    """Called before a benchmark starts and after each unit of a step."""

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """`done` of `total` units of `step` are behind us; must be quick."""
        ...


def silent(_step: str, _done: int, _total: int, /) -> None:
    """Tell nobody."""
