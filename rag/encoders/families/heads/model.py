"""One forward pass of an adapted MiniLM gives all three columns.

The adapter and the heads are one file: `rag.encoders.runtime.adapter` reads the former.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import normalize

from rag.encoders.catalogue.architectures import BERT
from rag.encoders.columns import Column, ModelOutput
from rag.encoders.families.forward import pad
from rag.encoders.families.heads.layers import Heads, word_table
from rag.encoders.families.minilm import MAX_TOKENS, content_rows, mean_pool
from rag.encoders.families.one_pass import OnePassModel, Side
from rag.encoders.families.sparse_terms import own_terms
from rag.encoders.runtime.adapter import read_tensors
from rag.encoders.runtime.load import load_backbone
from rag.errors import WeightsError
from rag.types import TokenVectors

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.catalogue.model import Part
    from rag.encoders.families.tokenizer import TokenizedText
    from rag.settings import EncoderSettings
    from rag.types import FloatArray, SparseVector

HEADS_PREFIX = "heads."
WORD_EMBEDDINGS = "embeddings.word_embeddings."


@dataclass(frozen=True, slots=True)
class Content:
    """One text's content tokens: unit `states` float32 [t, h] and their `ids` int64 [t]."""

    text: TokenizedText
    states: torch.Tensor
    ids: torch.Tensor


class HeadsModel(OnePassModel):
    """MiniLM with Trident's adapter and heads; see `layers` for what each head is.

    The dense vector is the mean over all tokens of the adapted model, normalised.
    """

    def __init__(self, folder: Path, part: Part, settings: EncoderSettings):
        super().__init__(folder, part.max_tokens or MAX_TOKENS, settings.batch_tokens)
        file = part.model.adapter
        if file is None:
            raise WeightsError(f"The model {part.model.name} names no file of heads.")
        self._backbone = load_backbone(BERT, folder, settings, adapter=file)
        self._heads = load_heads(file, folder)
        self._limits = {Side.PASSAGE: part.max_terms, Side.QUESTION: part.max_question_terms}
        vocabulary, token_dim = len(self._heads.passage_prior), self._heads.projection.shape[1]
        self.dims = {
            Column.DENSE: self._backbone.width,
            Column.SPARSE: vocabulary,
            Column.TOKENS: token_dim,
        }

    def encode_batch(self, texts: list[TokenizedText], side: Side) -> list[ModelOutput]:
        """Encode texts in one forward pass."""
        ids, mask = pad(texts)
        with self.clock.forward():
            (hidden,) = self._backbone(ids, mask)
            dense = mean_pool(hidden, mask)
            contents = [_content(*row) for row in zip(texts, hidden, ids, strict=True)]
            return [
                self._output(content, row.numpy(), side)
                for content, row in zip(contents, dense, strict=True)
            ]

    def _output(self, content: Content, dense: FloatArray, side: Side) -> ModelOutput:
        text = content.text
        return ModelOutput(
            dense=dense,
            sparse=self._sparse(content, side),
            tokens=TokenVectors(self._tokens(content, side).numpy(), text.spans[text.content]),
            token_count=text.count,
            truncated=text.truncated,
        )

    def _tokens(self, content: Content, side: Side) -> torch.Tensor:
        if side is Side.PASSAGE:
            return self._heads.passage_tokens(content.states, content.ids)
        return self._heads.question_tokens(content.states, content.ids, [len(content.ids)])

    def _sparse(self, content: Content, side: Side) -> SparseVector:
        weights = self._heads.terms(content.states, content.ids, side)
        return own_terms(content.ids, weights, self._limits[side])


def load_heads(file: Path, folder: Path) -> Heads:
    """The heads in `file` over the word embeddings of the model in `folder`.

    Raises: WeightsError.
    """
    tensors = read_tensors(file, HEADS_PREFIX)
    words = load_words(folder)
    try:
        heads = Heads(words, tensors["projection"].shape[1])
        heads.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except (KeyError, RuntimeError) as error:
        raise WeightsError(f"The heads in {file} do not fit the model in {folder}.") from error
    return heads.requires_grad_(requires_grad=False)


def load_words(folder: Path) -> torch.Tensor:
    """The word table of the model in `folder`, [vocabulary, h]; nothing else is read."""
    embeddings = read_tensors(folder / "model.safetensors", WORD_EMBEDDINGS)
    return word_table(embeddings["weight"].float())


def _content(text: TokenizedText, hidden: torch.Tensor, ids: torch.Tensor) -> Content:
    states = normalize(content_rows(text, hidden), dim=-1)
    return Content(text, states, ids[: len(text)][torch.from_numpy(text.content)])
