"""SPLADE: learned term weights over the vocabulary (Formal et al. 2021, arXiv:2109.10086).

The weight of a term is log(1 + ReLU(max over the text's tokens of its logit)); the maximum
is taken before the monotone log, so that it is taken over plain logits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from transformers import BertForMaskedLM

from rag.encoders.batching import batches
from rag.encoders.tokens import Tokenizer, Tokens, pad
from rag.types import SparseVector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.clock import ForwardClock
    from rag.types import FloatArray

MAX_TOKENS = 512
# The logits of a batch are tokens × vocabulary floats; more of them fall out of the caches.
BATCH_TOKENS = 1024


class Splade:
    """A SPLADE masked language model from a Hugging Face folder, float32 on the CPU."""

    def __init__(self, folder: Path, clock: ForwardClock):
        self._model = BertForMaskedLM.from_pretrained(
            folder, attn_implementation="sdpa", local_files_only=True
        )
        self._model.train(False)
        self.tokenizer = Tokenizer(folder, MAX_TOKENS)
        self._clock = clock

    @property
    def width(self) -> int:
        """Size of the vocabulary."""
        return int(self._model.config.vocab_size)

    def encode(self, texts: Sequence[str]) -> list[SparseVector]:
        """Term weights of each text, in order."""
        tokens = self.tokenizer(texts)
        encoded: dict[int, SparseVector] = {}
        for batch in batches([len(t.ids) for t in tokens], BATCH_TOKENS):
            weights = self._forward([tokens[index] for index in batch])
            encoded.update(zip(batch, map(to_sparse, weights), strict=True))
        return [encoded[index] for index in range(len(texts))]

    def _forward(self, batch: list[Tokens]) -> FloatArray:
        ids, mask = (torch.from_numpy(array) for array in pad(batch))
        with self._clock, torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask).logits
            logits.masked_fill_((mask == 0).unsqueeze(-1), -torch.inf)
            weights: FloatArray = torch.log1p(torch.relu(logits.amax(1))).numpy()
        return weights


def to_sparse(weights: FloatArray) -> SparseVector:
    """The non-zero weights of a vocabulary-wide vector."""
    indices = np.flatnonzero(weights).astype(np.int64)
    return SparseVector(indices, weights[indices].astype(np.float32))
