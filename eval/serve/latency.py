"""Percentiles of response times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of `calls` responses; all 0 when there was none."""

    p50: float
    p95: float
    p99: float
    calls: int


def latency_of(seconds: Sequence[float]) -> Latency:
    """Percentiles of response times in seconds."""
    if not seconds:
        return Latency(0.0, 0.0, 0.0, 0)
    p50, p95, p99 = 1e3 * np.percentile(np.array(seconds), [50, 95, 99])
    return Latency(float(p50), float(p95), float(p99), len(seconds))
