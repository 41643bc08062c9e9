"""Percentiles of timings, and a stamp of where they were taken."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

STAMPED_PACKAGES = ("trident-rag", "infinity-embedded-sdk", "torch", "numpy", "maxsim-cpu")
CPU_DESCRIPTION = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of repeated calls."""

    p50: float
    p95: float
    min: float
    calls: int


@dataclass(frozen=True, slots=True)
class Environment:
    """What a figure depends on besides the code; `packages` gives "" for one not installed."""

    date: str
    cpu: str
    cores: int
    python: str
    platform: str
    packages: Mapping[str, str]


def summarize(milliseconds: Iterable[float]) -> Timing:
    """Percentiles of at least one measurement."""
    sample = np.fromiter(milliseconds, dtype=np.float64)
    p50, p95 = np.percentile(sample, [50, 95])
    return Timing(float(p50), float(p95), float(sample.min()), len(sample))


def milliseconds_of(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = perf_counter()
    call()
    return 1e3 * (perf_counter() - start)


def environment() -> Environment:
    """This process's machine and versions, now."""
    return Environment(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        cpu=_cpu_model(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _all_cores(),
        python=platform.python_version(),
        platform=platform.platform(),
        packages={name: installed_version(name) for name in STAMPED_PACKAGES},
    )


def installed_version(package: str) -> str:
    """The version of a distribution, "" when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _all_cores() -> int:
    return os.cpu_count() or 1


def _cpu_model() -> str:
    lines = CPU_DESCRIPTION.read_text().splitlines() if CPU_DESCRIPTION.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.processor())
