"""An encoder that costs next to nothing: what is left of a run is the pipeline's own cost."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from eval.synthetic.rows import unit
from eval.synthetic.terms import document_terms, passage_vector
from rag.encoders.base import EncoderInfo, ModelInfo
from rag.types import Encoding, TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

# The widths of the default preset.
DENSE_DIM, SPARSE_DIM, TOKEN_DIM, MAX_TOKENS = 384, 30_522, 128, 256
POOL = 4096
SEED = 7


class FakeEncoder:
    """Vectors drawn from a pool by a text's checksum; a word is a token.

    Token vectors are views into the pool, as many as there are words. Implements
    `rag.encoders.base.Encoder` as far as indexing needs it.
    """

    def __init__(self) -> None:
        model = ModelInfo("dense+sparse+tokens", "fake", "0" * 64, "Apache-2.0", "")
        self.info = EncoderInfo("fake", (model,), DENSE_DIM, SPARSE_DIM, TOKEN_DIM, MAX_TOKENS)
        self.forward_seconds = 0.0
        rng = np.random.default_rng(SEED)
        self._dense = unit(rng.standard_normal((POOL, DENSE_DIM), dtype=np.float32))
        self._tokens = unit(rng.standard_normal((POOL + MAX_TOKENS, TOKEN_DIM), dtype=np.float32))
        terms = (document_terms(number, SPARSE_DIM) for number in range(POOL))
        self._sparse = [passage_vector(rng, own, SPARSE_DIM) for own in terms]

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; results are in the order of `texts`."""
        return [self.encode_question(text) for text in texts]

    def encode_question(self, text: str) -> Encoding:
        """Encode one text."""
        place = zlib.crc32(text.encode()) % POOL
        words = min(self.count_tokens(text), MAX_TOKENS)
        tokens = self._tokens[place : place + words]
        return Encoding(self._dense[place], self._sparse[place], tokens, words)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts; results are in the order of `texts`."""
        return self.encode_documents(texts)

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The vectors of `encode_documents`, which stand for no characters."""
        vectors = (encoding.tokens for encoding in self.encode_documents(texts))
        return [TokenVectors(each, np.zeros((len(each), 2), np.int64)) for each in vectors]

    def count_tokens(self, text: str) -> int:
        """Words of `text`, about as fast as a tokenizer counts."""
        return text.count(" ") + 1
