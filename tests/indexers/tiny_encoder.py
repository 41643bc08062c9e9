"""An encoder that takes no time, for tests of the engine's durability.

Where the question is what survives a kill, the engine and the pipeline are under test and
the model is not; a real model would spend nearly all of the time outside of what can break.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.types import Encoding, SparseVector, TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import FloatArray

WIDTH = 8
VOCABULARY = 1000


class TinyEncoder:
    """Words are tokens; the vector of a word is made from its hash."""

    def __init__(self, name: str = "tiny") -> None:
        model = ModelInfo("dense+tokens+sparse", name, "0" * 64, "Apache-2.0", "")
        self.info = EncoderInfo(name, (model,), WIDTH, VOCABULARY, WIDTH, 256)
        self.forward_seconds = 0.0

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        return [self.encode_question(text) for text in texts]

    def encode_question(self, text: str) -> Encoding:
        words = text.split()
        tokens = np.stack([_vector(word) for word in words]).astype(np.float32)
        mean = tokens.mean(axis=0)
        indices = np.unique([_index(word) for word in words]).astype(np.int64)
        sparse = SparseVector(indices, np.ones(len(indices), dtype=np.float32))
        return Encoding(mean / np.linalg.norm(mean), sparse, tokens, len(words) + 2)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [self.encode_question(text) for text in texts]

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        raise NotImplementedError

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


def _vector(word: str) -> FloatArray:
    vector = np.frombuffer(_digest(word), np.int32).astype(np.float32)
    return vector / np.linalg.norm(vector)


def _index(word: str) -> int:
    return int.from_bytes(_digest(word)[:4], "big") % VOCABULARY
