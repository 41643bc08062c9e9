"""What the models on a bare transformer share: tokens in batches, one timed forward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from rag.encoders.batching import map_batches
from rag.encoders.families.forward import ForwardClock
from rag.encoders.families.tokenizer import TextTokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rag.encoders.columns import Column, ModelOutput
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.types import IntArray


class Side(StrEnum):
    """What a text is; some models treat the two unlike."""

    QUESTION = "question"
    PASSAGE = "passage"


class OnePassModel(ABC):
    """A `ColumnModel` of which a subclass gives the widths and the encoding of one batch."""

    dims: Mapping[Column, int]

    def __init__(self, folder: Path, max_tokens: int, batch_tokens: int):
        self.tokenizer = TextTokenizer(folder, max_tokens)
        self.clock = ForwardClock()
        self._batch_tokens = batch_tokens

    @abstractmethod
    def encode_batch(self, texts: list[TokenizedText], side: Side) -> list[ModelOutput]:
        """Encode texts that fit together into one forward pass."""

    @property
    def window_tokens(self) -> int:
        """Tokens of a passage's own text that the model reads at once."""
        return self.tokenizer.window_tokens

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        return self.clock.seconds

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Encode passages, in order."""
        return self._encode(texts, Side.PASSAGE)

    def encode_questions(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Encode questions, in order."""
        return self._encode(texts, Side.QUESTION)

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2]."""
        return self.tokenizer.spans(texts)

    def count(self, text: str) -> int:
        """Tokens of a whole text without special tokens."""
        return self.tokenizer.count(text)

    def _encode(self, texts: Sequence[str], side: Side) -> list[ModelOutput]:
        tokenized = self.tokenizer.tokenize(texts)
        return map_batches(tokenized, self._batch_tokens, partial(self.encode_batch, side=side))
