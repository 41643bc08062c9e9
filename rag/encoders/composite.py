"""An encoder of two models: one for dense and token vectors, one for sparse vectors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.types import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.base import EncoderInfo
    from rag.encoders.minilm import DenseTokenModel, DenseTokens
    from rag.encoders.registry import Part
    from rag.encoders.splade import SparseText, SpladeModel
    from rag.types import TokenVectors

# A question is cut to so many characters for each token that the model can take, before
# it is tokenized: more than any language's words need, and a huge question costs nothing.
CHARACTERS_PER_TOKEN = 64


class CompositeEncoder:
    """Joins two models' vectors; each model sees the text with its own tokenizer."""

    def __init__(
        self, info: EncoderInfo, dense_tokens: DenseTokenModel, sparse: SpladeModel, limits: Part
    ):
        self._info = info
        self._dense_tokens = dense_tokens
        self._sparse = sparse
        self._limits = limits

    @property
    def info(self) -> EncoderInfo:
        """Models and widths."""
        return self._info

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside both models' forward passes."""
        return self._dense_tokens.clock.seconds + self._sparse.clock.seconds

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; results are in the order of `texts`."""
        return self._encode(texts, self._limits.max_terms)

    def encode_question(self, text: str) -> Encoding:
        """Encode one question. Of a huge one, `token_count` counts only the part looked at."""
        limit = CHARACTERS_PER_TOKEN * self._info.max_tokens
        encoding = self._encode([text[:limit]], self._limits.max_question_terms)[0]
        return replace(encoding, truncated=encoding.truncated or len(text) > limit)

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors with their character spans."""
        return [encoded.tokens for encoded in self._dense_tokens.encode(texts)]

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without special tokens, as the dense model counts them."""
        return self._dense_tokens.tokenizer.count(text)

    def _encode(self, texts: Sequence[str], max_terms: int) -> list[Encoding]:
        sparse = self._sparse.encode(texts, max_terms)
        return list(map(_joined, self._dense_tokens.encode(texts), sparse))


def _joined(dense_tokens: DenseTokens, sparse: SparseText) -> Encoding:
    return Encoding(
        dense=dense_tokens.dense,
        sparse=sparse.vector,
        tokens=dense_tokens.tokens.vectors,
        token_count=dense_tokens.token_count,
        truncated=dense_tokens.truncated or sparse.truncated,
    )
