"""An encoder that many threads ask at once, and often the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from rag.encoders.micro_batch import MicroBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.caching import BoundedCache
    from rag.encoders.base import Encoder, EncoderInfo
    from rag.types import Encoding, TokenVectors

# Identity of the encoder, and the question.
QuestionKey: TypeAlias = tuple[str, str]


class SharedEncoder:
    """Questions that come at the same time share forward passes; known ones need none.

    Everything else goes to the encoder as it is. Implements `rag.encoders.base.Encoder`.
    """

    def __init__(self, encoder: Encoder, batch: int, cache: BoundedCache[QuestionKey, Encoding]):
        self._encoder = encoder
        self._encode = MicroBatch(encoder.encode_questions, batch)
        self._cache = cache

    @property
    def info(self) -> EncoderInfo:
        """Models and widths."""
        return self._encoder.info

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside the models' forward passes."""
        return self._encoder.forward_seconds

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages; results are in the order of `texts`."""
        return self._encoder.encode_documents(texts)

    def encode_question(self, text: str) -> Encoding:
        """Encode one question, together with those of other threads."""
        if not self._cache.keeps:
            return self._encode(text)
        key = (self.info.identity, text)
        found = self._cache.get(key)
        if found is None:
            found = self._encode(text)
            self._cache.put(key, _own(found))
        return found

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions; results are in the order of `texts`."""
        return self._encoder.encode_questions(texts)

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors with their character spans."""
        return self._encoder.token_vectors(texts)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` without special tokens."""
        return self._encoder.count_tokens(text)


def _own(encoding: Encoding) -> Encoding:
    """With arrays of its own: rows of a batch would keep the whole batch in memory."""
    return replace(encoding, dense=encoding.dense.copy(), tokens=encoding.tokens.copy())


def encoding_bytes(encoding: Encoding) -> int:
    """What the arrays of an encoding take."""
    sparse = encoding.sparse
    arrays = (encoding.dense, sparse.indices, sparse.values, encoding.tokens, encoding.spans)
    return sum(array.nbytes for array in arrays)
