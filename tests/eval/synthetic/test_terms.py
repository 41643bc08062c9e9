"""Synthetic sparse vectors have the statistics of real ones that indexes live on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.synthetic.terms import document_terms, passage_vector, question_vector

if TYPE_CHECKING:
    from rag.types import SparseVector

WIDTH = 30_522
DOCUMENTS = 60


@pytest.fixture(scope="module")
def documents() -> list[list[SparseVector]]:
    """Documents of ten chunks."""
    rng = np.random.default_rng(0)
    return [
        [passage_vector(rng, document_terms(number, WIDTH), WIDTH) for _ in range(10)]
        for number in range(DOCUMENTS)
    ]


def jaccard(one: SparseVector, other: SparseVector) -> float:
    a, b = set(one.indices.tolist()), set(other.indices.tolist())
    return len(a & b) / len(a | b)


def test_a_passage_has_some_ninety_terms(documents: list[list[SparseVector]]) -> None:
    counts = [len(chunk.indices) for chunks in documents for chunk in chunks]
    assert np.median(counts) == pytest.approx(90, abs=5)


def test_neighbours_share_more_terms_than_strangers(documents: list[list[SparseVector]]) -> None:
    neighbours = [jaccard(*pair) for chunks in documents for pair in pairwise(chunks)]
    strangers = [jaccard(one[0], other[0]) for one, other in pairwise(documents)]
    assert np.mean(neighbours) == pytest.approx(0.16, abs=0.02)
    assert np.mean(strangers) == pytest.approx(0.08, abs=0.02)


def test_rare_terms_weigh_more(documents: list[list[SparseVector]]) -> None:
    indices = np.concatenate([chunk.indices for chunks in documents for chunk in chunks])
    values = np.concatenate([chunk.values for chunks in documents for chunk in chunks])
    common, rare = values[indices < 1010], values[indices > 11_000]
    assert np.mean(common) == pytest.approx(0.54, abs=0.06)
    assert np.mean(rare) == pytest.approx(1.25, abs=0.06)


def test_questions_are_short_and_about_their_document() -> None:
    rng = np.random.default_rng(1)
    questions = [question_vector(rng, WIDTH) for _ in range(200)]
    assert np.median([len(question.indices) for question in questions]) == pytest.approx(10, abs=1)
    assert np.mean([question.values.max() for question in questions]) == pytest.approx(3, abs=0.3)


def test_a_narrow_vocabulary_is_kept_within() -> None:
    rng = np.random.default_rng(2)
    for number in range(50):
        vector = passage_vector(rng, document_terms(number, 30), 30)
        assert vector.indices.min() >= 15
        assert vector.indices.max() < 30
