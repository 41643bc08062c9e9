"""Cross-encoders: question and passage read together, one score a pair."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from rag.encoders.catalogue.architectures import ARCHITECTURES, CROSS_ENCODER
from rag.encoders.pair_model import find_pair_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.base import ModelInfo
    from rag.settings import EncoderSettings
    from rag.types import FloatArray

ROLE = "rerank"


@dataclass(frozen=True, slots=True)
class PairScores:
    """One score a passage, float [n], in the order of the passages; higher is better.

    They are comparable for one question only, and have the model's own scale.
    `question_tokens` is what the model read of the question, without special tokens;
    `truncated` says that this was not all of it. Of passages all is read.
    """

    scores: FloatArray
    question_tokens: int
    truncated: bool


class PairScorer(Protocol):
    """A loaded cross-encoder. Safe to call from several threads."""

    def score(self, question: str, passages: Sequence[str]) -> PairScores:
        """Score each passage for the question."""
        ...


class LoadPairScorer(Protocol):
    """What a class of cross-encoders offers: its constructor."""

    def __call__(self, folder: Path, settings: EncoderSettings) -> PairScorer:
        """Load from a checked folder. Raises: WeightsError for files that cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class CrossEncoder:
    """A cross-encoder, and which model it is."""

    info: ModelInfo
    scorer: PairScorer

    def score(self, question: str, passages: Sequence[str]) -> PairScores:
        """Score each passage for the question."""
        return self.scorer.score(question, passages)


def load_cross_encoder(name: str | None, settings: EncoderSettings) -> CrossEncoder:
    """Find, check and load the cross-encoder that `search.cross_encoder` names.

    `name` is a folder, or "organisation/name@commit" of the hub, whose files are taken from
    the local cache or else downloaded. Device, batch size and offline are those of encoders.

    Raises: SettingsError for no name or one of another kind of model, WeightsError.
    """
    folder, info = find_pair_model(
        name,
        settings,
        role=ROLE,
        setting="search.cross_encoder",
        missing="Reranking by a cross-encoder",
        wrong="no cross-encoder; name a model that was trained to score pairs of texts",
    )
    load: LoadPairScorer = resolve_name(ARCHITECTURES[CROSS_ENCODER].model_class)
    return CrossEncoder(info, load(folder, settings))
