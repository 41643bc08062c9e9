"""Signs after a rotation, scored by a float question."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerankers.binarize import bit_offset, bit_question, random_rotation, to_bits
from rerankers.maxsim import maxsim_documents

WIDTH = 128
FIRST_OF_SEED_0 = [0.45543, 0.11014, 0.12967]


def unit(rng: np.random.Generator, rows: int) -> np.ndarray:
    vectors = rng.normal(size=(rows, WIDTH))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def near(rng: np.random.Generator, vectors: np.ndarray, noise: float) -> np.ndarray:
    moved = vectors + noise * rng.normal(size=vectors.shape) / np.sqrt(WIDTH)
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([8, 96, 128]))
def test_a_rotation_changes_no_product(seed: int, width: int) -> None:
    rotation = random_rotation(width, seed)
    assert np.allclose(rotation @ rotation.T, np.eye(width), atol=1e-5)


def test_a_seed_stands_for_one_rotation_for_ever() -> None:
    # Collections on disk can be read only as long as these figures stay.
    assert random_rotation(8, 0)[0, :3] == pytest.approx(FIRST_OF_SEED_0, abs=1e-5)
    assert not np.allclose(random_rotation(8, 0), random_rotation(8, 1))


def test_the_shared_rotation_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        random_rotation(8, 0)[0, 0] = 1


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_zeros_and_ones_order_documents_as_signs_do(seed: int) -> None:
    rng = np.random.default_rng(seed)
    question = bit_question(unit(rng, 6), 0)
    bits = [to_bits(unit(rng, rows), 0) for rows in (1, 3, 9, 20)]
    by_bits = maxsim_documents(question, bits) - bit_offset(question)
    by_signs = maxsim_documents(question, [2 * b - 1 for b in bits]) / 2
    assert np.allclose(by_bits, by_signs, atol=1e-4)


def test_the_score_estimates_maxsim_of_the_vectors() -> None:
    rng = np.random.default_rng(0)
    question = unit(rng, 8)
    documents = [near(rng, np.repeat(question, 2, axis=0), noise) for noise in (0.2, 0.5, 1, 2)]
    exact = maxsim_documents(question, documents)
    asked = bit_question(question, 0)
    estimate = maxsim_documents(asked, [to_bits(d, 0) for d in documents]) - bit_offset(asked)
    assert estimate == pytest.approx(exact, rel=0.1)
    assert list(np.argsort(estimate)) == list(np.argsort(exact))
