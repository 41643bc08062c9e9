"""Models that say whether one text follows from another: natural language inference."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol

from rag.encoders.catalogue.architectures import FAMILIES
from rag.encoders.pair_model import find_pair_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.encoders.base import ModelInfo
    from rag.settings import EncoderSettings

ROLE = "entailment"
MODEL_CLASS = FAMILIES + "entailment:EntailmentModel"


@dataclass(frozen=True, slots=True)
class Entailment:
    """Probabilities that a premise supports a hypothesis, and that it says the contrary.

    `contradicted` is None for a model that does not tell contradiction from mere silence.
    `windows` is in how many pieces the premise was read; all of it was. `truncated`: of the
    hypothesis only the beginning was read, `hypothesis_tokens` tokens.
    """

    supported: float
    contradicted: float | None
    windows: int
    hypothesis_tokens: int
    truncated: bool


class EntailmentScorer(Protocol):
    """A loaded model. Safe to call from several threads."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Entailment]:
        """One result for each (premise, hypothesis), in order."""
        ...


class LoadEntailmentScorer(Protocol):
    """What a class of such models offers: its constructor."""

    def __call__(self, folder: Path, settings: EncoderSettings) -> EntailmentScorer:
        """Load from a checked folder. Raises: WeightsError for files that cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class EntailmentJudge:
    """A scorer, and which model it is."""

    info: ModelInfo
    scorer: EntailmentScorer


def load_entailment(name: str | None, settings: EncoderSettings) -> EntailmentJudge:
    """Find, check and load the model that `ground.nli` names; see `load_cross_encoder`.

    Raises: SettingsError for no name or one of another kind of model, WeightsError.
    """
    folder, info = find_pair_model(
        name,
        settings,
        role=ROLE,
        setting="ground.nli",
        missing="The checker nli",
        wrong="no model that classifies pairs of texts; name one that was trained for natural "
        "language inference",
    )
    load: LoadEntailmentScorer = resolve_name(MODEL_CLASS)
    return EntailmentJudge(info, load(folder, settings))
