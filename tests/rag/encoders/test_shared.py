"""An encoder shared by threads gives what the encoder alone gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.caching import BoundedCache
from rag.encoders.shared import QuestionKey, SharedEncoder, encoding_bytes
from tests.corpus import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import Encoder
    from rag.types import Encoding

QUESTIONS = ["bees", "Which volcano erupts in Europe?", "?!...", *TEXTS.values()]


def new_cache(entries: int) -> BoundedCache[QuestionKey, Encoding]:
    return BoundedCache(entries, 10_000_000, encoding_bytes)


def same(one: Encoding, other: Encoding) -> None:
    np.testing.assert_allclose(one.dense, other.dense, atol=1e-5)
    np.testing.assert_allclose(one.tokens, other.tokens, atol=1e-5)
    np.testing.assert_array_equal(one.sparse.indices, other.sparse.indices)
    np.testing.assert_allclose(one.sparse.values, other.sparse.values, atol=1e-5)
    np.testing.assert_array_equal(one.spans, other.spans)
    assert (one.token_count, one.truncated) == (other.token_count, other.truncated)


def test_questions_encoded_together_equal_those_encoded_alone(encoder: Encoder) -> None:
    together = encoder.encode_questions([*QUESTIONS, "bees dance " * 100_000])
    assert together[-1].truncated
    for question, encoding in zip(QUESTIONS, together, strict=False):
        same(encoding, encoder.encode_question(question))


def test_no_questions_are_no_encodings(encoder: Encoder) -> None:
    assert encoder.encode_questions([]) == []


@pytest.mark.parametrize("entries", [0, 100])
def test_many_threads_get_what_one_gets(encoder: Encoder, entries: int) -> None:
    shared = SharedEncoder(encoder, 4, new_cache(entries))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(shared.encode_question, QUESTIONS * 2))
    for question, encoding in zip(QUESTIONS * 2, found, strict=True):
        same(encoding, encoder.encode_question(question))


def test_a_known_question_is_not_encoded_again(encoder: Encoder) -> None:
    cache = new_cache(100)
    shared = SharedEncoder(encoder, 4, cache)
    first = shared.encode_question("bees")
    spent = encoder.forward_seconds
    same(shared.encode_question("bees"), first)
    assert encoder.forward_seconds == spent
    assert (cache.hits, cache.misses) == (1, 1)


def test_what_is_kept_holds_no_more_memory_than_is_counted(encoder: Encoder) -> None:
    class InBatches:
        """Gives rows of one array, as models do."""

        info = encoder.info

        def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
            return encoder.encode_questions([*texts, *QUESTIONS])[: len(texts)]

    cache = new_cache(100)
    SharedEncoder(InBatches(), 4, cache).encode_question("bees")  # type: ignore[arg-type]
    kept = cache.get((encoder.info.identity, "bees"))
    assert kept is not None
    assert kept.dense.base is None
    assert cache.size == encoding_bytes(kept)


def test_all_else_is_the_encoder_s_own(encoder: Encoder) -> None:
    shared = SharedEncoder(encoder, 4, new_cache(1))
    assert shared.info is encoder.info
    assert shared.count_tokens("bees dance") == encoder.count_tokens("bees dance")
    assert len(shared.token_vectors(["bees"])) == len(shared.encode_documents(["bees"])) == 1
    assert shared.forward_seconds == encoder.forward_seconds
