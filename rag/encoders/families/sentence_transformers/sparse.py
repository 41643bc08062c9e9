"""Sparse vectors of any model that sentence-transformers saved as a `SparseEncoder`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentence_transformers import SparseEncoder

from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.one_pass import Side
from rag.encoders.families.sentence_transformers.base import SentenceTransformersModel
from rag.encoders.families.sentence_transformers.folder import load_saved
from rag.encoders.families.sparse_terms import largest_terms
from rag.encoders.runtime.torch_backbone import pick_device

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.sentence_transformers.task import PromptedText
    from rag.settings import EncoderSettings

# SPLADE makes a logit of every term for every token: so many of them in one batch (128 MB).
MOST_LOGITS = 2**25


class SparseEncoderModel(SentenceTransformersModel):
    """SPLADE (Formal et al., 2021), inference-free questions (Geng et al., 2024), CSR, …

    `max_terms` and `max_question_terms` are sentence-transformers' `max_active_dims`; where
    they are 0 the model's own is taken.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        model = load_saved(SparseEncoder, folder, pick_device(settings.device))
        super().__init__(model, part.max_tokens, settings.batch_tokens)
        own = model.max_active_dims or 0
        self._limits = {
            Side.PASSAGE: part.max_terms or own,
            Side.QUESTION: part.max_question_terms or own,
        }
        width = self.embed(["a"], Side.PASSAGE).shape[1]  # not every model says it
        self.dims = {Column.SPARSE: width}
        self.limit_batches(MOST_LOGITS // width)

    def forward_options(self, side: Side) -> dict[str, Any]:
        """How many terms to keep, for models that choose them themselves."""
        return {"max_active_dims": self._limits[side] or None}

    def output(self, embedding: torch.Tensor, text: PromptedText, side: Side) -> ModelOutput:
        """The largest weights of one text."""
        return ModelOutput(
            dense=None,
            sparse=largest_terms(embedding, self._limits[side]),
            tokens=None,
            token_count=text.count,
            truncated=text.truncated,
        )
