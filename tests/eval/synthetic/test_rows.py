"""The synthetic collection: deterministic, well-formed, distributed like text."""

from __future__ import annotations

import numpy as np
import pytest

from eval.synthetic.rows import CHUNK_TOKENS, VOCABULARY, SyntheticCorpus, unit, word
from rag.encoders.base import EncoderInfo
from rag.store.base import CollectionSpec
from rag.store.validate import check_documents, check_encoding

ENCODER = EncoderInfo("widths only", (), dense_dim=24, sparse_dim=30_522, token_dim=8, max_tokens=9)


@pytest.fixture
def corpus() -> SyntheticCorpus:
    return SyntheticCorpus(ENCODER)


def test_a_document_depends_on_its_number_alone(corpus: SyntheticCorpus) -> None:
    corpus.document(1)
    one, again = corpus.document(2), SyntheticCorpus(ENCODER).document(2)
    assert [row.chunk for row in one.rows] == [row.chunk for row in again.rows]
    np.testing.assert_array_equal(one.rows[3].encoding.tokens, again.rows[3].encoding.tokens)
    assert one.rows[0].chunk.text != corpus.document(3).rows[0].chunk.text


def test_a_shorter_document_is_the_beginning_of_the_whole(corpus: SyntheticCorpus) -> None:
    assert [row.chunk for row in corpus.document(5, 2).rows] == [
        row.chunk for row in corpus.document(5).rows[:2]
    ]


def test_rows_and_questions_are_what_a_store_accepts(corpus: SyntheticCorpus) -> None:
    check_documents([corpus.document(n) for n in range(5)], CollectionSpec("c", ENCODER))
    text, encoding = corpus.question(0)
    check_encoding(encoding, ENCODER, "the question")
    assert len(text.split()) == 8


def test_vectors_are_unit_rows_and_tensors_of_chunk_length(corpus: SyntheticCorpus) -> None:
    for row in corpus.document(0).rows:
        tokens = row.encoding.tokens
        assert CHUNK_TOKENS[0] <= len(tokens) <= CHUNK_TOKENS[1]
        np.testing.assert_allclose(np.linalg.norm(tokens, axis=1), 1, atol=1e-5)
        assert np.linalg.norm(row.encoding.dense) == pytest.approx(1, abs=1e-5)
        assert (row.encoding.sparse.values > 0).all()
        assert 60 < len(row.encoding.sparse.indices) < 122


def test_unit_divides_along_the_last_axis() -> None:
    np.testing.assert_allclose(unit(np.float32([[3, 4], [0, 2]])), [[0.6, 0.8], [0, 1]])


def test_words_differ_and_some_share_a_stem() -> None:
    vocabulary = [word(number) for number in range(VOCABULARY)]
    assert len(set(vocabulary)) == VOCABULARY
    assert word(4)[:5] == word(7)[:5] != word(8)[:5]
    assert len({text[:5] for text in vocabulary}) > VOCABULARY / 10


def test_dense_vectors_can_be_had_without_the_rest(corpus: SyntheticCorpus) -> None:
    dense = [row.encoding.dense for row in corpus.document(3).rows]
    np.testing.assert_array_equal(corpus.dense(3), dense)
    np.testing.assert_array_equal(corpus.dense(3, 4), dense[:4])
