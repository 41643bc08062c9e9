"""Encodings as the few large arrays that one file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from rag.types import Encoding, SparseVector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from rag.types import IntArray

    AnyArray: TypeAlias = npt.NDArray[Any]


def pack_encodings(encodings: Sequence[Encoding]) -> dict[str, AnyArray]:
    """At least one encoding, its vectors laid end to end; `windows` is not kept."""
    return {
        "dense": np.stack([encoding.dense for encoding in encodings]),
        "terms": np.array([len(encoding.sparse.indices) for encoding in encodings]),
        "indices": np.concatenate([encoding.sparse.indices for encoding in encodings]),
        "values": np.concatenate([encoding.sparse.values for encoding in encodings]),
        "lengths": np.array([len(encoding.tokens) for encoding in encodings]),
        "tokens": np.concatenate([encoding.tokens for encoding in encodings]),
        "token_counts": np.array([encoding.token_count for encoding in encodings]),
        "truncated": np.array([encoding.truncated for encoding in encodings]),
    }


def unpack_encodings(arrays: Mapping[str, AnyArray]) -> tuple[Encoding, ...]:
    """What `pack_encodings` was given, in its order."""
    terms, lengths = _borders(arrays["terms"]), _borders(arrays["lengths"])
    encodings = zip(
        arrays["dense"],
        map(SparseVector, np.split(arrays["indices"], terms), np.split(arrays["values"], terms)),
        np.split(arrays["tokens"], lengths),
        arrays["token_counts"].tolist(),
        arrays["truncated"].tolist(),
        strict=True,
    )
    return tuple(Encoding(*parts) for parts in encodings)


def _borders(counts: IntArray) -> IntArray:
    """Where, in a concatenation, every piece but the first begins."""
    borders: IntArray = np.cumsum(counts)[:-1]
    return borders
