"""The peak memory of this process alone."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
PEAK = "VmHWM:"
# ru_maxrss counts kibibytes, but bytes on macOS.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_bytes() -> int:
    """The most that was resident since the program started.

    Where Linux tells it: `ru_maxrss` there begins with the peak of the process that started
    this one (getrusage(2): it survives an exec), which may be the larger.
    """
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    kibibytes = [int(line.split()[1]) for line in lines if line.startswith(PEAK)]
    if kibibytes:
        return 1024 * kibibytes[0]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT
