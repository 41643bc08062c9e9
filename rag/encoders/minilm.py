"""Sentence-BERT models: the dense vector and the token vectors of one forward pass.

Dense: mean of the last hidden states over the attention mask, unit length (Reimers &
Gurevych 2019, arXiv:1908.10084). Tokens: the same hidden states without special and
punctuation tokens, unit rows (as ColBERT does, Khattab & Zaharia 2020, arXiv:2004.12832).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import normalize
from transformers import BertModel

from rag.encoders.batching import batches
from rag.encoders.tokens import Tokenizer, Tokens, pad
from rag.types import TokenVectors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.clock import ForwardClock
    from rag.types import FloatArray

# Its sentence_bert_config.json; the position table would allow 512.
MAX_TOKENS = 256


@dataclass(frozen=True, slots=True)
class DenseAndTokens:
    """What one pass gives for one text."""

    dense: FloatArray
    tokens: TokenVectors
    count: int
    truncated: bool


class MiniLm:
    """all-MiniLM-L6-v2 from a Hugging Face folder, float32 on the CPU."""

    def __init__(self, folder: Path, batch_tokens: int, clock: ForwardClock):
        self._model = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="sdpa", local_files_only=True
        )
        self._model.train(False)
        self.tokenizer = Tokenizer(folder, MAX_TOKENS)
        self._meaningless = self.tokenizer.meaningless_ids()
        self._batch_tokens = batch_tokens
        self._clock = clock

    @property
    def width(self) -> int:
        """Width of dense and token vectors."""
        return int(self._model.config.hidden_size)

    def encode(self, texts: Sequence[str]) -> list[DenseAndTokens]:
        """Dense vector and token vectors of each text, in order."""
        tokens = self.tokenizer(texts)
        encoded: dict[int, DenseAndTokens] = {}
        for batch in batches([len(t.ids) for t in tokens], self._batch_tokens):
            results = self._forward([tokens[index] for index in batch])
            encoded.update(zip(batch, results, strict=True))
        return [encoded[index] for index in range(len(texts))]

    def _forward(self, batch: list[Tokens]) -> list[DenseAndTokens]:
        ids, mask = (torch.from_numpy(array) for array in pad(batch))
        with self._clock, torch.inference_mode():
            hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).to(hidden.dtype)
            dense = normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1).numpy()
            rows = normalize(hidden, dim=-1).numpy()
        return [self._unpack(*parts) for parts in zip(batch, dense, rows, strict=True)]

    def _unpack(self, tokens: Tokens, dense: FloatArray, rows: FloatArray) -> DenseAndTokens:
        kept = ~np.isin(tokens.ids, self._meaningless)
        vectors = TokenVectors(rows[: len(tokens.ids)][kept], tokens.spans[kept])
        return DenseAndTokens(dense.copy(), vectors, tokens.count, tokens.truncated)
