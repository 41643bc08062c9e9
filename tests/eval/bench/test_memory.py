"""A process's peak is its own."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from eval.bench.memory import peak_bytes

PROGRAM = "from eval.bench.memory import peak_bytes; print(peak_bytes())"
LARGE = 2**28


def test_the_peak_is_not_that_of_the_process_that_started_it() -> None:
    assert np.ones(LARGE, dtype=np.uint8).any()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert 2**20 < int(done.stdout) < LARGE < peak_bytes()
