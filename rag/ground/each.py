"""Checks that are made one by one, so that one that fails says nothing of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.ground.run import FAILURES, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.ground.checker import CheckCase, Checker
    from rag.types import Check


def check_each(
    checker: Checker, cases: Sequence[CheckCase], check: Callable[[CheckCase], Check]
) -> list[Check]:
    """A check for each case; one that raises becomes an error of its own."""
    return [_check(checker, case, check) for case in cases]


def _check(checker: Checker, case: CheckCase, check: Callable[[CheckCase], Check]) -> Check:
    try:
        return check(case)
    except FAILURES as error:
        return failed(checker, f"{error or type(error).__name__}")
