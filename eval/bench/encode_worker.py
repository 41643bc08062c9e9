"""The process that times one side: `python -m eval.bench.encode_worker < spec.json`.

Each side has a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.bench.encode_sides import SIDES
from eval.bench.memory import peak_bytes
from eval.stats import milliseconds_of
from rag.errors import FailureError
from rag.settings import EncoderSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Spec:
    """What to encode, by which side (a key of SIDES), how many times."""

    side: str
    texts: tuple[str, ...]
    passes: int
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds of loading, seconds of each pass, and the process's peak memory in bytes."""

    load_seconds: float
    pass_seconds: list[float]
    peak_bytes: int


def run_in_process(spec: Spec) -> Sample:
    """Time a side in a fresh process. Raises: FailureError with what the process said last."""
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.encode_worker"],
        input=json.dumps(asdict(spec)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise FailureError(f"The process that times {spec.side} ended early; it said: {said}")
    return Sample(**json.loads(done.stdout))


def time_side(spec: Spec) -> Sample:
    """Load and time in this process. A first pass over some texts is not counted."""
    loaded: list[Any] = []
    settings = EncoderSettings(**spec.settings)
    load = milliseconds_of(lambda: loaded.append(SIDES[spec.side](settings)))
    (encode,) = loaded
    encode(spec.texts[:16])
    passes = [milliseconds_of(lambda: encode(spec.texts)) / 1e3 for _ in range(spec.passes)]
    return Sample(load / 1e3, passes, peak_bytes())


def _main() -> None:
    spec = Spec(**json.load(sys.stdin))
    with redirect_stdout(sys.stderr):
        sample = time_side(spec)
    json.dump(asdict(sample), sys.stdout)


if __name__ == "__main__":
    _main()
