"""What the columns of a synthetic collection take, and what a database takes on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.synthetic.rows import SyntheticCorpus
from rag.store.text_query import index_text
from rag.types import TensorStorage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rag.encoders.base import EncoderInfo
    from rag.types import Row

FLOAT, INDEX = 4, 4
NUMBER_BYTES: Mapping[TensorStorage, float] = {
    TensorStorage.FLOAT: 4,
    TensorStorage.FLOAT16: 2,
    TensorStorage.BIT: 1 / 8,
}
SAMPLED_DOCUMENTS = 20


def column_bytes(encoder: EncoderInfo, rows: int, storage: TensorStorage) -> dict[str, int]:
    """Bytes of the values alone, by column: the mean of a sample, times `rows`."""
    corpus = SyntheticCorpus(encoder)
    sample = [row for n in range(SAMPLED_DOCUMENTS) for row in corpus.document(n).rows]
    sizes = [_row_bytes(row, storage) for row in sample]
    return {name: round(rows * np.mean([size[name] for size in sizes])) for name in sizes[0]}


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _row_bytes(row: Row, storage: TensorStorage) -> dict[str, float]:
    chunk, encoding = row.chunk, row.encoding
    return {
        "text": len(chunk.text.encode()),
        "fulltext": len(index_text(chunk.title, chunk.text).encode()),
        "dense": encoding.dense.size * FLOAT,
        "sparse": len(encoding.sparse.indices) * (FLOAT + INDEX),
        "tokens": encoding.tokens.size * NUMBER_BYTES[storage],
    }
