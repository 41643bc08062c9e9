"""BGE-M3: dense, sparse and token vectors from one pass of XLM-RoBERTa.

Chen et al. 2024, "BGE M3-Embedding" (arXiv:2402.03216), section 3.2, with the details as
FlagEmbedding computes them (`FlagEmbedding/inference/embedder/encoder_only/m3.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import linear, normalize
from transformers import XLMRobertaConfig

from rag.encoders.catalogue.architectures import XLM_ROBERTA
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.forward import pad
from rag.encoders.families.linear_head import load_linear_head
from rag.encoders.families.one_pass import OnePassModel, Side
from rag.encoders.families.sparse_terms import own_terms
from rag.encoders.runtime.load import load_backbone
from rag.types import TokenVectors

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.settings import EncoderSettings
    from rag.types import SparseVector

# Ids without a lexical weight: FlagEmbedding's `unused_tokens`.
UNWEIGHTED = ("<s>", "</s>", "<pad>", "<unk>")


class BgeM3Model(OnePassModel):
    """Questions and passages are encoded alike, without instructions.

    - dense: the normalised hidden state of `<s>`.
    - sparse: a token's weight is ReLU(w·h + b), a term's the largest of its tokens'; terms
      are token ids, so that the width is the vocabulary's.
    - tokens: the normalised projection of every hidden state after `<s>`. As in
      FlagEmbedding, the closing `</s>` keeps its row (spanning no characters) on both
      sides: the model was trained with it, and MaxSim would differ without.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        self._backbone = load_backbone(XLM_ROBERTA, folder, settings)
        config = XLMRobertaConfig.from_pretrained(folder, local_files_only=True)
        super().__init__(folder, _max_tokens(config, part.max_tokens), settings.batch_tokens)
        width = self._backbone.width
        self._term_head = load_linear_head(folder / "sparse_linear.pt", width, 1)
        self._token_head = load_linear_head(folder / "colbert_linear.pt", width)
        self._unweighted = torch.tensor(self.tokenizer.ids_of(UNWEIGHTED))
        self._limits = {Side.PASSAGE: part.max_terms, Side.QUESTION: part.max_question_terms}
        self.dims = {
            Column.DENSE: width,
            Column.SPARSE: config.vocab_size,
            Column.TOKENS: len(self._token_head.weight),
        }

    def encode_batch(self, texts: list[TokenizedText], side: Side) -> list[ModelOutput]:
        """Encode texts in one forward pass."""
        ids, mask = pad(texts)
        with self.clock.forward():
            (hidden,) = self._backbone(ids, mask)
            dense = normalize(hidden[:, 0], dim=-1)
            weights = torch.relu(linear(hidden, *self._term_head)).squeeze(-1)
            tokens = normalize(linear(hidden[:, 1:], *self._token_head), dim=-1)
        return [
            ModelOutput(
                dense=dense[row].numpy(),
                sparse=self._term_weights(ids[row, :length], weights[row, :length], side),
                tokens=TokenVectors(tokens[row, : length - 1].numpy(), text.spans[1:]),
                token_count=text.count,
                truncated=text.truncated,
            )
            for row, (text, length) in enumerate(zip(texts, map(len, texts), strict=True))
        ]

    def _term_weights(self, ids: torch.Tensor, weights: torch.Tensor, side: Side) -> SparseVector:
        """The largest weight of each id, from the ids and weights [t] of one text's tokens."""
        weighted = ~torch.isin(ids, self._unweighted)
        return own_terms(ids[weighted], weights[weighted], self._limits[side])


def _max_tokens(config: XLMRobertaConfig, wanted: int | None) -> int:
    """What was asked for within the model's own limit: positions start after padding's."""
    padding = config.pad_token_id or 0
    limit = int(config.max_position_embeddings) - padding - 1
    return min(wanted or limit, limit)
