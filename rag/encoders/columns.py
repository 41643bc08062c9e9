"""One model behind an encoder: texts in, a value for each column that the model fills."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.settings import EncoderSettings
    from rag.types import FloatArray, IntArray, SparseVector, TokenVectors


class Column(StrEnum):
    """A representation that a model can give."""

    DENSE = "dense"
    SPARSE = "sparse"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """What one model gives for one text; None in the columns that it does not fill.

    `dense` is float32 [d] of unit length; `tokens` holds float32 [t, k] and the characters
    of each row (special tokens, and what the model adds of its own, cover none: [0, 0]).
    `token_count` is the length of the whole text with special tokens; `truncated` says
    that the model did not read all of it.
    """

    dense: FloatArray | None
    sparse: SparseVector | None
    tokens: TokenVectors | None
    token_count: int
    truncated: bool


class ColumnModel(Protocol):
    """A loaded model. Safe to call from several threads; results are in the order of texts."""

    @property
    def dims(self) -> Mapping[Column, int]:
        """Width of each column that the model fills: d, vocabulary size, k."""
        ...

    @property
    def window_tokens(self) -> int:
        """Tokens of a passage's own text that the model reads at once (no special tokens)."""
        ...

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside forward passes."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Encode passages, each cut at `window_tokens`."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> list[ModelOutput]:
        """Encode questions, each cut at what the model reads of a question."""
        ...

    def token_spans(self, texts: Sequence[str]) -> list[IntArray]:
        """Characters of every token of each whole text, int64 [t, 2], without special tokens."""
        ...

    def count(self, text: str) -> int:
        """Tokens of a whole text without special tokens; faster than finding their characters."""
        ...


class LoadModel(Protocol):
    """What every model class offers: its constructor."""

    def __call__(self, folder: Path, part: Part, settings: EncoderSettings) -> ColumnModel:
        """Load from a checked folder. Raises: WeightsError for files that cannot be used."""
        ...
