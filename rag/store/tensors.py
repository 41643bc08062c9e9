"""Token vectors as the engine keeps them, and questions and scores that fit.

What is kept as bits is scored as a float question times {0, 1}: the question is rotated
and scaled to match, and a constant is taken off the scores, so that they estimate MaxSim of
the vectors whatever the storage (`rerankers.binarize`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.types import TensorStorage
from rerankers.binarize import bit_offset, bit_question, to_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.store.base import CollectionSpec, Hit, HybridQuery
    from rag.types import FloatArray, Layout

# Part of the format: collections of bits can be read with this rotation only.
ROTATION_SEED = 0


def stored_tokens(layout: Layout, tokens: FloatArray) -> FloatArray:
    """Document tokens [t, k] as they are inserted."""
    return to_bits(tokens, ROTATION_SEED) if _bits(layout) else tokens


def fitted_query(spec: CollectionSpec, query: HybridQuery) -> HybridQuery:
    """The query with its tokens as the engine must see them; they are always floats."""
    if not _bits(spec.layout):
        return query
    tokens = bit_question(query.encoding.tokens, ROTATION_SEED)
    return replace(query, encoding=replace(query.encoding, tokens=tokens))


def fitted_scores(spec: CollectionSpec, query: HybridQuery, hits: Sequence[Hit]) -> list[Hit]:
    """MaxSim of the vectors from the engine's scores; `query` as it was before it was fitted."""
    if not _bits(spec.layout):
        return list(hits)
    offset = bit_offset(bit_question(query.encoding.tokens, ROTATION_SEED))
    return [replace(hit, score=hit.score - offset) for hit in hits]


def _bits(layout: Layout) -> bool:
    return layout.tensor_storage is TensorStorage.BIT
