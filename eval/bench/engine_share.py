"""How much of a call is spent in the engine's compiled code."""

from __future__ import annotations

import cProfile
import pstats
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# The one Python file of the engine's package that calls compiled code. The profiler does
# not see those calls, so their time is this file's own.
ENGINE_CALLER = "local_infinity/client.py"


def engine_milliseconds(call: Callable[[], object]) -> float:
    """Milliseconds that one call spends inside the engine.

    The profiler slows Python code but not the engine's, so the figure holds for calls
    that are not profiled.
    """
    profile = cProfile.Profile()
    profile.runcall(call)
    profile.create_stats()
    entries: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(
        profile
    ).stats  # type: ignore[attr-defined]  # documented, missing in typeshed
    return 1e3 * sum(
        own for (file, _, _), (_, _, own, _, _) in entries.items() if file.endswith(ENGINE_CALLER)
    )
