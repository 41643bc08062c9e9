"""Term weights of a vocabulary as a sparse vector."""

from __future__ import annotations

import torch

from rag.types import SparseVector


def largest_terms(weights: torch.Tensor, limit: int) -> SparseVector:
    """The `limit` largest positive weights (0: all) of float32 [vocabulary], by index."""
    kept = weights if not limit else _only_largest(weights, limit)
    indices = kept.nonzero().squeeze(1)
    return SparseVector(indices.numpy(), kept[indices].numpy())


def own_terms(ids: torch.Tensor, weights: torch.Tensor, limit: int) -> SparseVector:
    """Weights [t] of one text's tokens over their own ids [t]: of each id the largest weight.

    Of these the `limit` largest positive ones are kept (0: all).
    """
    terms, place = torch.unique(ids, return_inverse=True)
    maxima = torch.zeros(len(terms)).scatter_reduce_(0, place, weights, "amax")
    kept = largest_terms(maxima, limit)
    return SparseVector(terms.numpy()[kept.indices], kept.values)


def _only_largest(weights: torch.Tensor, limit: int) -> torch.Tensor:
    top = torch.topk(weights, min(limit, len(weights)))
    return torch.zeros_like(weights).scatter_(0, top.indices, top.values)
