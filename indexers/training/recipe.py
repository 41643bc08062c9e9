"""All that decides what a training run gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """Numbers of a run; the defaults made the heads that Trident ships.

    Layers below `first_layer` stay as they are, so that what they give is computed once;
    the others get an adapter of `rank`. A batch holds `batch` questions, each with its
    passage and `negatives` mined ones. A share `pseudo` of the batches asks questions that
    were cropped from text. `anchor` weighs how near the dense vectors must stay to those of
    the unchanged model. Lengths are in tokens.
    """

    seed: int = 0
    steps: int = 800
    batch: int = 32
    negatives: int = 1
    first_layer: int = 3
    rank: int = 16
    token_dim: int = 128
    adapter_rate: float = 5e-4
    head_rate: float = 1e-3
    prior_rate: float = 5e-3
    warm_up: int = 50
    pseudo: float = 0.3
    anchor: float = 3.0
    temperature: float = 0.05
    dense_share: float = 0.5
    question_tokens: int = 48
    passage_tokens: int = 128
    held_out: float = 0.1
    mined: int = 30
