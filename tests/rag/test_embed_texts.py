"""Dense vectors of texts from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.embed_texts import Side, embed_texts
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.service import Rag

QUESTIONS = ["What causes the tides?", "Who may castle?"]


def test_passages_have_the_vectors_that_are_indexed(rag: Rag, encoder: Encoder) -> None:
    texts = list(TEXTS.values())
    expected = [encoding.dense for encoding in encoder.encode_documents(texts)]
    np.testing.assert_allclose(rag.embed(texts), expected, atol=1e-6)


@pytest.mark.parametrize("side", Side)
def test_each_text_has_a_unit_vector_in_its_place(encoder: Encoder, side: Side) -> None:
    vectors = embed_texts(encoder, QUESTIONS, side)
    assert vectors.shape == (2, encoder.info.dense_dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = embed_texts(encoder, QUESTIONS[1:], side)
    np.testing.assert_allclose(vectors[1:], alone, atol=1e-5)


def test_questions_have_the_vectors_that_are_searched_with(encoder: Encoder) -> None:
    expected = [encoder.encode_question(question).dense for question in QUESTIONS]
    np.testing.assert_allclose(embed_texts(encoder, QUESTIONS, Side.QUESTION), expected, atol=1e-5)
