"""One checker over all claims; what fails becomes an error of its checks."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from rag.errors import TridentError
from rag.types import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.ground.checker import CheckCase, Checker

# What models, services and readers of their output raise.
FAILURES = (TridentError, RuntimeError, ValueError, OSError)


def run_checker(checker: Checker, cases: Sequence[CheckCase]) -> tuple[list[Check], float]:
    """A check for each case, and milliseconds in all."""
    started = perf_counter()
    checks = _checks(checker, cases) if cases else []
    return checks, 1e3 * (perf_counter() - started)


def _checks(checker: Checker, cases: Sequence[CheckCase]) -> list[Check]:
    try:
        checks = checker.check(cases)
    except FAILURES as error:
        return [failed(checker, f"{error or type(error).__name__}") for _ in cases]
    if len(checks) != len(cases):
        return [failed(checker, f"it gave {len(checks)} checks for {len(cases)} claims")] * len(
            cases
        )
    return checks


def failed(checker: Checker, why: str) -> Check:
    """The check of a claim that the checker could not do."""
    return Check(
        checker.name, checker.family, score=None, error=f"The checker {checker.name} failed: {why}"
    )
