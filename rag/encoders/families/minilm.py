"""Dense and token vectors of a BERT sentence encoder, from one forward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import normalize

from rag.encoders.catalogue.architectures import BERT
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.forward import pad
from rag.encoders.families.one_pass import OnePassModel, Side
from rag.encoders.runtime.load import load_backbone
from rag.types import TokenVectors

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.settings import EncoderSettings

MAX_TOKENS = 256  # what all-MiniLM-L6-v2 was trained on


class DenseTokenModel(OnePassModel):
    """Mean pooling for the dense vector, the last hidden state for the token vectors.

    The dense vector is that of Sentence-BERT (Reimers and Gurevych, 2019): the mean over
    all tokens, normalised. Token vectors are those of late interaction (ColBERT, Khattab
    and Zaharia, 2020) without a trained projection: special tokens, unknown words and
    punctuation are left out, and rows are normalised.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        super().__init__(folder, part.max_tokens or MAX_TOKENS, settings.batch_tokens)
        self._backbone = load_backbone(BERT, folder, settings)
        width = self._backbone.width
        self.dims = {Column.DENSE: width, Column.TOKENS: width}

    def encode_batch(
        self,
        texts: list[TokenizedText],
        side: Side,  # noqa: ARG002 - questions and passages are encoded alike
    ) -> list[ModelOutput]:
        """Encode texts in one forward pass."""
        ids, mask = pad(texts)
        with self.clock.forward():
            (hidden,) = self._backbone(ids, mask)
            dense = mean_pool(hidden, mask)
        return [_output(*row) for row in zip(texts, dense, hidden, strict=True)]


def mean_pool(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Unit-length mean of each text's own rows; there are always some, the special tokens."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return normalize((hidden * weights).sum(1) / weights.sum(1), dim=-1)


def content_rows(text: TokenizedText, hidden: torch.Tensor) -> torch.Tensor:
    """The rows of one text's hidden states [t, h] that stand for words."""
    return hidden[: len(text)][torch.from_numpy(text.content)]


def _output(text: TokenizedText, dense: torch.Tensor, hidden: torch.Tensor) -> ModelOutput:
    rows = normalize(content_rows(text, hidden), dim=-1)
    return ModelOutput(
        dense=dense.numpy(),
        sparse=None,
        tokens=TokenVectors(rows.numpy(), text.spans[text.content]),
        token_count=text.count,
        truncated=text.truncated,
    )
