"""Which questions are answered at a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.data.formats import read_files
from eval.data.selection import Limits
from eval.grounding.abstention import point_at, run
from rag.errors import InputError
from rag.settings import Settings
from tests.eval.collection import write_beir

if TYPE_CHECKING:
    from pathlib import Path

RELEVANCES = np.array([0.9, 0.8, 0.7, 0.3, 0.75, 0.2])
ANSWERABLE = np.array([True, True, True, True, False, False])


@pytest.mark.parametrize(
    ("coverage", "threshold", "false_answers"),
    [(1.0, 0.3, 0.5), (0.75, 0.7, 0.5), (0.5, 0.8, 0.0), (0.01, 0.9, 0.0)],
)
def test_a_threshold_is_the_highest_that_keeps_its_coverage(
    coverage: float, threshold: float, false_answers: float
) -> None:
    point = point_at(RELEVANCES, ANSWERABLE, coverage)
    assert (point.threshold, point.false_answers) == (threshold, false_answers)
    assert point.coverage >= coverage


def test_a_collection_without_both_kinds_of_questions_is_refused(tmp_path: Path) -> None:
    write_beir(tmp_path)
    dataset = read_files(
        tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    )
    with pytest.raises(InputError, match="one kind"):
        run(dataset, Settings(), Limits(docs=1))
