"""Eight readers, a writer and an administrator at once; `SOAK_SECONDS` makes it last longer."""

from __future__ import annotations

import json
import os
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from tests.rag.store.process import start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = float(os.environ.get("SOAK_SECONDS", "6"))
# Of a process of some 220 MB; a dropped table holds some 5 MB for up to 20 seconds.
MOST_GROWTH_MB = 64

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("soak")]  # one soak, not one a test


@pytest.fixture(scope="module")
def soaked(databases: Callable[[], Mapping[str, str]]) -> Any:
    process = start("-m", "tests.rag.store.soak", SECONDS, variables=databases())
    stdout, stderr = process.communicate(timeout=SECONDS + 120)
    assert process.returncode == 0, stderr
    return json.loads(stdout)


def test_nobody_meets_an_error(soaked: Any) -> None:
    assert soaked["errors"] == []


def test_all_of_them_did_their_work(soaked: Any) -> None:
    assert {"write", "read_one", "read_all", "administer"} <= soaked["done"].keys()


def test_every_reader_saw_documents_whole_and_in_one_revision(soaked: Any) -> None:
    assert soaked["torn"] == []


def test_everything_is_there_in_the_end(soaked: Any) -> None:
    assert soaked["missing"] == []


def test_memory_levels_off(soaked: Any) -> None:
    samples = soaked["megabytes"]
    quarter = len(samples) // 4
    warm, last = samples[quarter : 2 * quarter], samples[-quarter:]
    assert median(last) - median(warm) < MOST_GROWTH_MB
