"""Dense and token vectors of a BERT sentence encoder, from one forward pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import normalize
from transformers import BertModel

from rag.encoders.batching import map_batches
from rag.encoders.forward import ForwardClock, load_pretrained, pad
from rag.encoders.tokenizer import TextTokenizer
from rag.types import TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.tokenizer import TokenizedText
    from rag.types import FloatArray


@dataclass(frozen=True, slots=True)
class DenseTokens:
    """One text: `dense` float32 [d] of unit length, and its token vectors."""

    dense: FloatArray
    tokens: TokenVectors
    token_count: int
    truncated: bool


class DenseTokenModel:
    """Mean pooling for the dense vector, the last hidden state for the token vectors.

    The dense vector is that of Sentence-BERT (Reimers and Gurevych, 2019): the mean over
    all tokens, normalised. Token vectors are those of late interaction (ColBERT, Khattab
    and Zaharia, 2020) without a trained projection: special tokens, unknown words and
    punctuation are left out, and rows are normalised.
    """

    def __init__(self, folder: Path, max_tokens: int, batch_tokens: int):
        self.tokenizer = TextTokenizer(folder, max_tokens)
        self.clock = ForwardClock()
        self._model = load_pretrained(BertModel, folder, add_pooling_layer=False)
        self._batch_tokens = batch_tokens

    @property
    def dim(self) -> int:
        """Width of the dense and of the token vectors."""
        return int(self._model.config.hidden_size)

    def encode(self, texts: Sequence[str]) -> list[DenseTokens]:
        """Encode texts of any lengths; results are in the order of `texts`."""
        return map_batches(self.tokenizer.tokenize(texts), self._batch_tokens, self._encode_batch)

    def _encode_batch(self, texts: list[TokenizedText]) -> list[DenseTokens]:
        ids, mask = pad(texts)
        with self.clock.forward():
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            dense = normalize(_mean(hidden, mask), dim=-1)
        return [_result(*row) for row in zip(texts, dense, hidden, strict=True)]


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of each text's own rows; there are always some, the special tokens."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def _result(text: TokenizedText, dense: torch.Tensor, hidden: torch.Tensor) -> DenseTokens:
    rows = hidden[: len(text)][torch.from_numpy(text.content)]
    return DenseTokens(
        dense=dense.numpy(),
        tokens=TokenVectors(normalize(rows, dim=-1).numpy(), text.spans[text.content]),
        token_count=text.count,
        truncated=text.truncated,
    )
