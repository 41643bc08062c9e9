"""How much room each column of a collection takes.

The engine does not tell it: it packs the columns of all tables into shared files. So it is
estimated from the values of the first rows, without indexes and without the engine's own
overhead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.store.schema import DENSE, FULLTEXT, SPARSE, TOKENS
from rag.types import TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rag.store.base import CollectionSpec

SAMPLE_ROWS = 20
SIZED_COLUMNS = ["text", FULLTEXT, DENSE, SPARSE, TOKENS]
BITS: Mapping[TensorStorage, int] = {
    TensorStorage.FLOAT: 32,
    TensorStorage.FLOAT16: 16,
    TensorStorage.BIT: 1,
}
FLOAT_BYTES = 4
TERM_BYTES = 8  # an index and a weight of four bytes each


def estimated_bytes(
    spec: CollectionSpec, sample: Mapping[str, list[Any]], rows: int
) -> dict[str, int]:
    """Bytes by column of a collection of so many rows, from a query for `SIZED_COLUMNS`."""
    sizes: dict[str, Callable[[Any], float]] = {
        "text": _text_bytes,
        FULLTEXT: _text_bytes,
        DENSE: lambda vectors: FLOAT_BYTES * spec.encoder.dense_dim * _vectors(spec, vectors),
        SPARSE: lambda terms: TERM_BYTES * len(terms),
        TOKENS: lambda tensor: _token_bytes(spec) * _token_rows(spec, tensor),
    }
    return {
        column: round(rows * sum(map(sizes[column], values)) / max(1, len(values)))
        for column, values in sample.items()
    }


def _text_bytes(text: str) -> int:
    return len(text.encode())


def _vectors(spec: CollectionSpec, value: Any) -> int:
    return len(value) if spec.layout.unit is Unit.DOCUMENT else 1


def _token_bytes(spec: CollectionSpec) -> float:
    return spec.encoder.token_dim * BITS[spec.layout.tensor_storage] / 8


def _token_rows(spec: CollectionSpec, value: Any) -> int:
    return sum(map(len, value)) if spec.layout.unit is Unit.DOCUMENT else len(value)
