"""Learned sparse vectors: a weight for each word of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from transformers import BertForMaskedLM

from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.forward import load_pretrained, pad
from rag.encoders.families.one_pass import OnePassModel, Side
from rag.encoders.families.sparse_terms import largest_terms

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.settings import EncoderSettings

MAX_TOKENS = 512
# Logits are made for so many words at a time: a block of them stays in the processor's
# cache, where the whole vocabulary would take 30,522 floats a token (twice as slow).
VOCABULARY_BLOCK = 2048


class SpladeModel(OnePassModel):
    """SPLADE with max pooling (Formal et al., 2021): max over tokens, then log(1 + ReLU).

    The maximum is taken of the logits, before the monotonous log(1 + ReLU), which gives
    the same weights with a fraction of the work.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        super().__init__(folder, part.max_tokens or MAX_TOKENS, settings.batch_tokens)
        self._model = load_pretrained(BertForMaskedLM, folder)
        self._limits = {Side.PASSAGE: part.max_terms, Side.QUESTION: part.max_question_terms}
        self.dims = {Column.SPARSE: int(self._model.config.vocab_size)}

    def encode_batch(self, texts: list[TokenizedText], side: Side) -> list[ModelOutput]:
        """Encode texts in one forward pass."""
        ids, mask = pad(texts)
        with self.clock.forward():
            weights = torch.log1p(torch.relu(self._max_logits(ids, mask)))
        return [
            ModelOutput(
                dense=None,
                sparse=largest_terms(row, self._limits[side]),
                tokens=None,
                token_count=text.count,
                truncated=text.truncated,
            )
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
