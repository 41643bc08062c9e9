"""What the heads are before training: principal components and document frequencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import normalize

from rag.encoders.families.heads.layers import Heads

if TYPE_CHECKING:
    from indexers.training.states import States
    from indexers.training.upper import UpperLayers

SAMPLE = 400  # passages of which the components are taken
LARGEST_PRIOR = 2.0
IMPORTANCE_SHARE = 0.15


@torch.no_grad()
def initial_heads(
    words: torch.Tensor, token_dim: int, upper: UpperLayers, passages: States
) -> Heads:
    """Heads whose token vectors are principal components of words and states together.

    `words` are those of `layers.word_table`. The prior of a question's term is its inverse
    document frequency, of largest value 2.
    """
    heads = Heads(words, token_dim)
    frequency = _inverse_document_frequency(passages, len(words))
    heads.question_prior.copy_(frequency)
    heads.importance_prior.copy_(IMPORTANCE_SHARE * frequency)
    sample = np.linspace(0, len(passages) - 1, min(SAMPLE, len(passages))).astype(int)
    encoded = upper.encode(passages.batch(sample.tolist()))
    seen = torch.cat([words[encoded.ids], normalize(encoded.states, dim=-1)], dim=-1)
    _, _, components = torch.linalg.svd(seen, full_matrices=False)
    heads.projection.copy_(components[:token_dim].T)
    return heads


def _inverse_document_frequency(passages: States, vocabulary: int) -> torch.Tensor:
    """ln(1 + (N - n + .5) / (n + .5)) of each token, as in BM25, scaled to LARGEST_PRIOR."""
    count = np.zeros(vocabulary)
    for start, stop in zip(passages.offsets[:-1], passages.offsets[1:], strict=True):
        count[np.unique(passages.ids[start:stop])] += 1
    weights = np.log1p((len(passages) - count + 0.5) / (count + 0.5))
    return torch.from_numpy(LARGEST_PRIOR * weights / weights.max()).float()
