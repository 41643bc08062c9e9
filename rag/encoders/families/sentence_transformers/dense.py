"""Dense vectors of any model that sentence-transformers saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentence_transformers import SentenceTransformer
from torch.nn.functional import normalize

from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.sentence_transformers.base import SentenceTransformersModel
from rag.encoders.families.sentence_transformers.folder import load_saved
from rag.encoders.runtime.torch_backbone import pick_device

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.one_pass import Side
    from rag.encoders.families.sentence_transformers.task import PromptedText
    from rag.settings import EncoderSettings


class SentenceTransformerModel(SentenceTransformersModel):
    """Sentence-BERT and its successors (Reimers and Gurevych, 2019, arXiv:1908.10084).

    Pooling, prompts, limits and the width to which vectors are cut (Matryoshka) are what
    the model's own files say; vectors are normalised whether or not they say so, since the
    store compares by cosine.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        model = load_saved(SentenceTransformer, folder, pick_device(settings.device))
        super().__init__(model, part.max_tokens, settings.batch_tokens)
        self.dims = {Column.DENSE: int(model.get_embedding_dimension())}

    def output(
        self,
        embedding: torch.Tensor,
        text: PromptedText,
        side: Side,  # noqa: ARG002 - both sides are alike
    ) -> ModelOutput:
        """The unit vector of one text."""
        cut = embedding[: self.dims[Column.DENSE]]
        return ModelOutput(
            dense=normalize(cut, dim=-1).numpy(),
            sparse=None,
            tokens=None,
            token_count=text.count,
            truncated=text.truncated,
        )
