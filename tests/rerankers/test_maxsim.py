"""MaxSim equals its definition, a plain loop, on every ragged input."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerankers.maxsim import maxsim, maxsim_documents, token_alignment

TOLERANCE = 1e-5


def unit_rows(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    vectors = rng.normal(size=(rows, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def plain_loop(question: np.ndarray, documents: list[np.ndarray]) -> list[float]:
    """The definition, in float64."""
    return [
        sum(
            max((float(np.dot(q, d)) for d in document.astype(np.float64)), default=-np.inf)
            for q in question.astype(np.float64)
        )
        for document in documents
    ]


def concatenated(documents: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate(documents), np.cumsum([0, *map(len, documents)])


@st.composite
def questions_and_documents(draw: st.DrawFn) -> tuple[np.ndarray, list[np.ndarray]]:
    width = draw(st.integers(1, 9))
    lengths = draw(st.lists(st.integers(0, 7), min_size=1, max_size=8))
    question_tokens = draw(st.one_of(st.integers(0, 9), st.sampled_from([32, 64])))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    question = unit_rows(rng, question_tokens, width)
    return question, [unit_rows(rng, length, width) for length in lengths]


@settings(deadline=None)
@given(questions_and_documents())
def test_scores_equal_the_definition_for_ragged_and_empty_documents(
    given_: tuple[np.ndarray, list[np.ndarray]],
) -> None:
    question, documents = given_
    expected = plain_loop(question, documents)
    np.testing.assert_allclose(maxsim(question, *concatenated(documents)), expected, atol=TOLERANCE)
    np.testing.assert_allclose(maxsim_documents(question, documents), expected, atol=TOLERANCE)


@pytest.mark.parametrize("question_tokens", [1, 8, 24, 32, 33, 64])
@pytest.mark.parametrize("width", [128, 384])
def test_documents_of_real_length_are_exact(question_tokens: int, width: int) -> None:
    rng = np.random.default_rng(7)
    question = unit_rows(rng, question_tokens, width)
    documents = [unit_rows(rng, int(n), width) for n in rng.integers(50, 401, 12)]
    loop = [float((question.astype(np.float64) @ d.T).max(axis=1).sum()) for d in documents]
    np.testing.assert_allclose(maxsim(question, *concatenated(documents)), loop, atol=TOLERANCE)


@pytest.mark.parametrize("question_tokens", [3, 32])
def test_negative_maxima_stay_negative_whatever_the_lengths(question_tokens: int) -> None:
    question = np.tile(np.float32([1, 0]), (question_tokens, 1))
    documents = [np.float32([[-1, 0]] * n) for n in (1, 5, 2)]
    assert maxsim(question, *concatenated(documents)).tolist() == [-question_tokens] * 3


def test_a_document_without_tokens_scores_minus_infinity() -> None:
    question = np.float32([[1, 0]])
    scores = maxsim(question, np.float32([[1, 0]]), [0, 0, 1, 1])
    assert scores.tolist() == [-np.inf, 1.0, -np.inf]


def test_a_question_without_tokens_scores_zero() -> None:
    assert maxsim(np.empty((0, 2), np.float32), np.float32([[1, 0]]), [0, 1, 1]).tolist() == [0, 0]


def test_no_documents_give_no_scores() -> None:
    question = np.float32([[1, 0]])
    assert maxsim(question, np.empty((0, 2), np.float32), [0]).tolist() == []
    assert maxsim_documents(question, []).tolist() == []


def test_tokens_outside_the_offsets_do_not_count() -> None:
    question = np.float32([[1, 0]])
    tokens = np.float32([[9, 0], [1, 0], [2, 0], [9, 0]])
    assert maxsim(question, tokens, [1, 2, 3]).tolist() == [1.0, 2.0]


def test_segments_of_one_document_are_scored_like_documents() -> None:
    rng = np.random.default_rng(3)
    question, document = unit_rows(rng, 6, 16), unit_rows(rng, 40, 16)
    offsets = [0, 11, 12, 40]
    parts = [document[a:b] for a, b in pairwise(offsets)]
    np.testing.assert_allclose(
        maxsim(question, document, offsets), plain_loop(question, parts), atol=TOLERANCE
    )


@pytest.mark.parametrize("question_tokens", [5, 32])
def test_float16_is_scored_in_float32(question_tokens: int) -> None:
    rng = np.random.default_rng(5)
    question = unit_rows(rng, question_tokens, 128)
    halves = [unit_rows(rng, n, 128).astype(np.float16) for n in (3, 30)]
    scores = maxsim(question, *concatenated(halves))
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, plain_loop(question, halves), atol=TOLERANCE)


@pytest.mark.filterwarnings("error")
def test_read_only_and_strided_arrays_are_accepted_and_left_as_they_are() -> None:
    rng = np.random.default_rng(9)
    question, tokens = unit_rows(rng, 4, 8), unit_rows(rng, 12, 8)
    before = tokens.copy()
    tokens.flags.writeable = False
    expected = plain_loop(question, [tokens[::-2]])
    np.testing.assert_allclose(maxsim(question, tokens[::-2], [0, 6]), expected, atol=TOLERANCE)
    np.testing.assert_array_equal(tokens, before)


@pytest.mark.parametrize(
    "offsets", [[], [0, 2, 1], [0, 4], [-1, 3]], ids=["none", "descending", "beyond", "negative"]
)
def test_offsets_that_do_not_fit_are_refused(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="offsets must ascend within"):
        maxsim(np.ones((2, 4), np.float32), np.ones((3, 4), np.float32), offsets)


def test_vectors_of_another_width_are_refused() -> None:
    question = np.ones((2, 4), np.float32)
    with pytest.raises(ValueError, match="of one width"):
        maxsim(question, np.ones((3, 8), np.float32), [0, 3])
    with pytest.raises(ValueError, match="of one width"):
        maxsim_documents(question, [np.ones((3, 4), np.float32), np.ones((3, 5), np.float32)])


@settings(deadline=None)
@given(st.integers(1, 8), st.integers(1, 20), st.integers(0, 2**32))
def test_the_alignment_names_the_token_that_gives_each_maximum(q: int, t: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    question, document = unit_rows(rng, q, 6), unit_rows(rng, t, 6)
    aligned = token_alignment(question, document)
    best = document[aligned.positions]
    np.testing.assert_allclose(aligned.scores, (question * best).sum(axis=1), atol=TOLERANCE)
    np.testing.assert_allclose(
        aligned.scores.sum(), plain_loop(question, [document]), atol=TOLERANCE
    )


def test_a_document_without_tokens_cannot_be_aligned() -> None:
    with pytest.raises(ValueError, match="without tokens"):
        token_alignment(np.ones((1, 4), np.float32), np.empty((0, 4), np.float32))
