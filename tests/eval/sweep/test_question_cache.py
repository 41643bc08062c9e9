"""Questions are encoded once; what comes from disk is what was encoded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.data.datasets import Question
from eval.sweep.question_cache import provide_encodings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder

QUESTIONS = [
    Question("a", "What is a tide?"),
    Question("b", "¿"),
    Question("c", "How do bees dance?"),
]


@pytest.fixture
def steps() -> list[tuple[str, int, int]]:
    return []


def test_what_comes_from_disk_is_what_was_encoded(tmp_path: Path, encoder: Encoder) -> None:
    path = tmp_path / "questions.npz"
    made = provide_encodings(path, QUESTIONS, encoder)
    kept = provide_encodings(path, QUESTIONS, encoder)
    assert kept.milliseconds == made.milliseconds
    for question, ours, theirs in zip(QUESTIONS, kept.encodings, made.encodings, strict=True):
        fresh = encoder.encode_question(question.text)
        assert np.array_equal(ours.dense, theirs.dense)
        assert np.array_equal(ours.tokens, theirs.tokens)
        assert np.array_equal(ours.sparse.indices, fresh.sparse.indices)
        assert np.array_equal(ours.sparse.values, theirs.sparse.values)
        assert (ours.token_count, ours.truncated) == (fresh.token_count, fresh.truncated)
        assert np.allclose(ours.tokens, fresh.tokens, atol=1e-5)


def test_the_second_time_nothing_is_encoded(
    tmp_path: Path, encoder: Encoder, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path / "questions.npz"
    provide_encodings(path, QUESTIONS, encoder)
    provide_encodings(path, QUESTIONS, encoder, lambda *step: steps.append(step))
    assert steps == []


def test_other_questions_are_encoded_anew(tmp_path: Path, encoder: Encoder) -> None:
    path = tmp_path / "questions.npz"
    before = provide_encodings(path, QUESTIONS, encoder)
    changed = [replace(QUESTIONS[0], text="Who was Ada Lovelace?"), *QUESTIONS[1:]]
    after = provide_encodings(path, changed, encoder)
    assert not np.allclose(before.encodings[0].dense, after.encodings[0].dense, atol=0.1)
