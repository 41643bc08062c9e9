"""One encoder from two models: dense and token vectors from one, sparse from the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from transformers.utils import logging

from rag.encoders.base import EncoderInfo, ModelInfo
from rag.encoders.clock import ForwardClock
from rag.encoders.minilm import MAX_TOKENS, MiniLm
from rag.encoders.splade import Splade
from rag.encoders.weights import find_weights
from rag.types import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.encoders.registry import ModelSource, Preset
    from rag.encoders.weights import FoundWeights
    from rag.settings import EncoderSettings
    from rag.types import TokenVectors


class CompositeEncoder:
    """See `rag.encoders.base.Encoder`."""

    def __init__(self, info: EncoderInfo, dense: MiniLm, sparse: Splade, clock: ForwardClock):
        self.info = info
        self._dense = dense
        self._sparse = sparse
        self._clock = clock

    @property
    def forward_seconds(self) -> float:
        """Wall time spent so far inside the models' forward passes."""
        return self._clock.seconds

    def encode_documents(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in order."""
        pairs = zip(self._dense.encode(texts), self._sparse.encode(texts), strict=True)
        return [
            Encoding(d.dense, sparse, d.tokens.vectors, d.count, d.truncated) for d, sparse in pairs
        ]

    def encode_question(self, text: str) -> Encoding:
        """Encode one question, as a passage: both models were trained so."""
        return self.encode_documents([text])[0]

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Token vectors with their character spans."""
        return [encoded.tokens for encoded in self._dense.encode(texts)]

    def count_tokens(self, text: str) -> int:
        """Tokens without special tokens."""
        return self._dense.tokenizer.count(text)


def build(preset: Preset, settings: EncoderSettings) -> CompositeEncoder:
    """Load both models of a preset. Raises: WeightsError."""
    found = [find_weights(model, settings) for model in preset.models]
    silence()
    if settings.threads:
        torch.set_num_threads(settings.threads)
    clock = ForwardClock()
    dense = MiniLm(found[0].path, settings.batch_tokens, clock)
    sparse = Splade(found[1].path, clock)
    info = EncoderInfo(
        preset=preset.name,
        models=tuple(_model_info(m, f) for m, f in zip(preset.models, found, strict=True)),
        dense_dim=dense.width,
        sparse_dim=sparse.width,
        token_dim=dense.width,
        max_tokens=MAX_TOKENS,
    )
    return CompositeEncoder(info, dense, sparse, clock)


def silence() -> None:
    """No progress bars or load reports on the user's terminal; loading takes a second."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call] # transformers is partly typed
    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # as above


def _model_info(model: ModelSource, found: FoundWeights) -> ModelInfo:
    return ModelInfo(model.role, model.name, found.sha256, model.licence, str(found.path))
