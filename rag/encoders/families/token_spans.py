"""A transformers tokenizer that keeps the characters of every token, from any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from rag.encoders.families.tokenizer import token_count, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Encoding
    from transformers import PreTrainedTokenizerFast

    from rag.types import IntArray


class SpanTokenizer:
    """A copy of a model's own fast tokenizer.

    A copy, since transformers changes a tokenizer's padding and truncation at each call,
    which other threads would see.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast | Tokenizer):
        backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
        self._tokenizer: Any = Tokenizer.from_str(backend.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.special_tokens = int(self._tokenizer.num_special_tokens_to_add(False))

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Whole texts, without special tokens."""
        sound = [without_surrogates(text) for text in texts]
        encodings: list[Encoding] = self._tokenizer.encode_batch(sound, add_special_tokens=False)
        return encodings

    def count(self, text: str) -> int:
        """Tokens of `text` without special tokens."""
        return token_count(self._tokenizer, text)

    def cut(self, encoding: Encoding, max_tokens: int) -> Encoding:
        """The encoding with special tokens, at most `max_tokens` long."""
        encoding.truncate(max(0, max_tokens - self.special_tokens))
        whole: Encoding = self._tokenizer.post_process(encoding)
        return whole


def spans(encoding: Encoding) -> IntArray:
    """Characters of each token, int64 [t, 2]; special tokens cover none: [0, 0]."""
    return np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
