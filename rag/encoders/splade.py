"""Learned sparse vectors: a weight for each word of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from transformers import BertForMaskedLM

from rag.encoders.batching import map_batches
from rag.encoders.forward import ForwardClock, load_pretrained, pad
from rag.encoders.tokenizer import TextTokenizer
from rag.types import SparseVector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.tokenizer import TokenizedText

# Logits are made for so many words at a time: a block of them stays in the processor's
# cache, where the whole vocabulary would take 30,522 floats a token (twice as slow).
VOCABULARY_BLOCK = 2048


@dataclass(frozen=True, slots=True)
class SparseText:
    """One text's sparse vector, and whether the model's limit cut the text."""

    vector: SparseVector
    truncated: bool


class SpladeModel:
    """SPLADE with max pooling (Formal et al., 2021): max over tokens, then log(1 + ReLU).

    The maximum is taken of the logits, before the monotonous log(1 + ReLU), which gives
    the same weights with a fraction of the work.
    """

    def __init__(self, folder: Path, max_tokens: int, batch_tokens: int):
        self.tokenizer = TextTokenizer(folder, max_tokens)
        self.clock = ForwardClock()
        self._model = load_pretrained(BertForMaskedLM, folder)
        self._batch_tokens = batch_tokens

    @property
    def dim(self) -> int:
        """Size of the vocabulary."""
        return int(self._model.config.vocab_size)

    def encode(self, texts: Sequence[str], max_terms: int) -> list[SparseText]:
        """Encode texts of any lengths, in order; of each the `max_terms` largest weights."""
        encode_batch = partial(self._encode_batch, max_terms=max_terms)
        return map_batches(self.tokenizer.tokenize(texts), self._batch_tokens, encode_batch)

    def _encode_batch(self, texts: list[TokenizedText], max_terms: int) -> list[SparseText]:
        ids, mask = pad(texts)
        with self.clock.forward():
            weights = torch.log1p(torch.relu(self._max_logits(ids, mask)))
        return [
            SparseText(_largest(row, max_terms), text.truncated)
            for row, text in zip(weights, texts, strict=True)
        ]

    def _max_logits(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The largest logit of each word over a text's tokens, float32 [n, vocabulary]."""
        hidden = self._model.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        head = self._model.cls.predictions
        states = head.transform(hidden)
        # Padding repeats the first token, which leaves every maximum as it is.
        states = torch.where(mask.unsqueeze(-1) > 0, states, states[:, :1])
        blocks = torch.split(head.decoder.weight, VOCABULARY_BLOCK)
        return torch.cat([(states @ block.T).amax(1) for block in blocks], 1) + head.decoder.bias


def _largest(weights: torch.Tensor, max_terms: int) -> SparseVector:
    top = torch.topk(weights, max_terms)
    indices, order = top.indices[top.values > 0].sort()
    values = top.values[top.values > 0][order]
    return SparseVector(indices.numpy(), values.numpy())
