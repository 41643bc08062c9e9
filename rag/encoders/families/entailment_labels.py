"""Which output of a classifier of pairs means support, and which contradiction: data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of all labels of a kind of model, in any order and case."""

    names: frozenset[str]
    support: str
    contradiction: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """The places of two labels in the outputs of a model."""

    support_at: int
    contradiction_at: int | None

    def support(self, probabilities: Sequence[float]) -> float:
        """That the premise supports the hypothesis."""
        return probabilities[self.support_at]

    def contradiction(self, probabilities: Sequence[float]) -> float | None:
        """That the premise says the contrary; None for a model that does not tell."""
        place = self.contradiction_at
        return None if place is None else probabilities[place]


LAYOUTS = (
    # MNLI in any order: cross-encoder/nli-*, MoritzLaurer/DeBERTa-*, facebook/bart-large-mnli.
    Layout(frozenset({"entailment", "neutral", "contradiction"}), "entailment", "contradiction"),
    # MoritzLaurer/*-zeroshot-*, WiNLI and RTE models.
    Layout(frozenset({"entailment", "not_entailment"}), "entailment"),
    # MiniCheck (lytang/MiniCheck-RoBERTa-Large): names as transformers gives them.
    Layout(frozenset({"label_0", "label_1"}), "label_1"),
    Layout(frozenset({"unsupported", "supported"}), "supported"),
    Layout(frozenset({"hallucinated", "consistent"}), "consistent"),
)


def labels_of(names: Sequence[str]) -> Labels | None:
    """Where the labels are among a model's outputs; None for labels of no known layout.

    A single output, as HHEM's, is the probability of support, whatever its name.
    """
    if len(names) == 1:
        return Labels(0, None)
    known = [name.casefold() for name in names]
    layout = next((each for each in LAYOUTS if each.names == set(known)), None)
    if layout is None:
        return None
    other = layout.contradiction
    return Labels(known.index(layout.support), None if other is None else known.index(other))
