"""What a benchmark aims at, and whether it was reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """The worst figure against what it should be."""

    name: str
    aim: float
    worst: float
    met: bool


def at_most(name: str, aim: float, worst: float) -> Aim:
    """A figure that should not be larger than `aim`."""
    return Aim(name, aim, worst, worst <= aim)
