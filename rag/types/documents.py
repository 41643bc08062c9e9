"""Documents, chunks and their encodings: what is indexed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rag.types.choices import ChunkContext, TensorStorage, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types.arrays import FloatArray, IntArray, MetadataValue


def _no_spans() -> IntArray:
    return np.zeros((0, 2), dtype=np.int64)


# Metadata that say where in its document a chunk begins: the path of headings, the page.
SECTION = "section"
PAGE = "page"
SECTION_SEPARATOR = " > "
MOST_POOLING = 4  # token vectors into one; more costs more quality than it saves


@dataclass(frozen=True, slots=True)
class Layout:
    """How a collection keeps its documents; fixed for its life.

    `token_pooling` is how many token vectors become one, 1 to `MOST_POOLING`; `context` is what
    is encoded above each chunk. The defaults are plain rows, as in collections that were made
    before there was a choice.
    """

    unit: Unit = Unit.CHUNK
    tensor_storage: TensorStorage = TensorStorage.FLOAT
    token_pooling: int = 1
    context: ChunkContext = ChunkContext.TITLE_SECTION


@dataclass(frozen=True, slots=True)
class Document:
    """One text to index. `source` names where it came from (a file path)."""

    id: str
    text: str
    title: str = ""
    source: str = ""
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A span of a document: `document.text[start:end] == text` (characters).

    `position` counts from 0 within the document; `id` is a stable hash of
    collection, document id and position.
    """

    id: str
    doc_id: str
    title: str
    text: str
    position: int
    start: int
    end: int
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Learned term weights: ascending unique `indices` and their positive `values`."""

    indices: IntArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Encoding:
    """The three representations of one text.

    `dense` is float32 [d] with unit length, `tokens` float32 [t, k]: a passage's rows have
    unit length; a question's rows may be longer or shorter, by what each token counts for.
    `token_count` is the length of the text in the encoder's tokens, special tokens
    included; `truncated` says that a model did not read all of it (questions only).
    `windows` counts the rows of `tokens` that come from each window of a passage that is
    longer than the model reads at once; one entry, or none: the text was read at once.
    `spans` are the characters of each row of a question's `tokens`, int64 [t, 2]; rows that
    stand for none ([CLS], [MASK], …) cover [0, 0]. Of a passage nobody keeps them.
    """

    dense: FloatArray
    sparse: SparseVector
    tokens: FloatArray
    token_count: int
    truncated: bool = False
    windows: tuple[int, ...] = ()
    spans: IntArray = field(default_factory=_no_spans)


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """Token vectors with the characters they stand for.

    `vectors` is float32 [t, k] with unit rows; row i covers `text[spans[i, 0]:spans[i, 1]]`.
    """

    vectors: FloatArray
    spans: IntArray


@dataclass(frozen=True, slots=True)
class Row:
    """A chunk and its encoding, ready to be written.

    With `pieces` it is a document's row, which the store makes from the rows of its chunks:
    `chunk` is the whole text, `pieces` are the chunks, `encoding.dense` is [n, d] and
    `encoding.windows` counts the token rows of each piece.
    """

    chunk: Chunk
    encoding: Encoding
    pieces: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All rows of one document in one revision; written whole or not at all."""

    doc_id: str
    revision: str
    source: str
    rows: tuple[Row, ...]
