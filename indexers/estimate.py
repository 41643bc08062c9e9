"""What indexing would take, told before it begins."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from indexers.chunk import check_overlap, chunk_document
from indexers.parse.base import ParsedDocument
from indexers.parsing import parse_sources
from indexers.sources import find_sources
from rag.encoders.embed_text import embed_text
from rag.store.base import CollectionSpec
from rag.store.schema import DENSE, FULLTEXT, SPARSE, TOKENS
from rag.store.sizes import estimated_bytes
from rag.store.text_query import index_text
from rag.types import Document, Layout, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from indexers.options import IndexOptions
    from indexers.sources import Sources
    from rag.encoders.base import Encoder
    from rag.types import Chunk

T = TypeVar("T")

SAMPLE_FILES = 64
SAMPLE_DOCUMENTS = 500
SAMPLE_CHUNKS = 32  # are encoded, to see how long that takes
SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Estimate:
    """What indexing all files anew would take, whatever is indexed already.

    Figures are those of a sample times `files_bytes` over `sampled_bytes`; `exact` says that
    the sample is everything. `column_bytes` are without indexes. `hours` is the time of
    encoding, which is nearly all of it.
    """

    files: int
    files_bytes: int
    sampled_bytes: int
    exact: bool
    documents: int
    chunks: int
    tokens: int
    column_bytes: dict[str, int]
    chunks_per_second: float
    hours: float

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return asdict(self)


@dataclass(slots=True)
class _Sample:
    """What was looked at: source bytes, documents, and the chunks that they make."""

    size: int = 0
    documents: int = 0
    chunks: list[Chunk] = field(default_factory=list)


def estimate(paths: Iterable[str | Path], encoder: Encoder, options: IndexOptions) -> Estimate:
    """Parse and chunk a sample of the files, encode a few of its chunks; nothing is written.

    The sample is spread evenly over the files. Raises: SourceError, SettingsError.
    """
    check_overlap(options.chunk)
    sources = find_sources(paths, options.sources)
    sample = _sample(sources, encoder, options)
    factor = sources.total_size / sample.size if sample.size else 0.0
    chunks = round(factor * len(sample.chunks))
    some = list(_spread(sample.chunks, SAMPLE_CHUNKS))
    rate, columns = _encoded(some, encoder, options, chunks)
    return Estimate(
        files=len(sources.files),
        files_bytes=sources.total_size,
        sampled_bytes=sample.size,
        exact=sample.size == sources.total_size,
        documents=round(factor * sample.documents),
        chunks=chunks,
        tokens=round(factor * sum(encoder.count_tokens(c.text) for c in sample.chunks)),
        column_bytes=columns,
        chunks_per_second=rate,
        hours=chunks / rate / SECONDS_AN_HOUR if rate else 0.0,
    )


def _sample(sources: Sources, encoder: Encoder, options: IndexOptions) -> _Sample:
    sample = _Sample()
    files = _spread(sources.files, SAMPLE_FILES)
    with closing(parse_sources(files, options.parse)) as events:
        parsed = (event.item for event in events if isinstance(event.item, ParsedDocument))
        for document in islice(parsed, SAMPLE_DOCUMENTS):
            sample.size += document.size
            sample.documents += 1
            sample.chunks += _chunks(document, encoder, options)
    return sample


def _chunks(parsed: ParsedDocument, encoder: Encoder, options: IndexOptions) -> list[Chunk]:
    document = Document("", parsed.text, parsed.title, "", parsed.metadata)
    return chunk_document(
        document,
        "",
        encoder.count_tokens,
        options.chunk,
        parsed.sections,
        parsed.places,
        parsed.blocks,
    )


def _encoded(
    chunks: Sequence[Chunk], encoder: Encoder, options: IndexOptions, rows: int
) -> tuple[float, dict[str, int]]:
    """Chunks encoded a second, and the bytes of each column of a collection of `rows`."""
    if not chunks:
        return 0.0, {}
    limit, wanted = encoder.info.max_tokens, options.layout.over(Layout())
    texts = [embed_text(chunk, encoder.count_tokens, limit, wanted.context) for chunk in chunks]
    encoder.encode_documents(texts[:1])  # the first forward pass also sets the models up
    began = time.perf_counter()
    encodings = encoder.encode_documents(texts)
    rate = len(texts) / (time.perf_counter() - began)
    values: dict[str, list[Any]] = {
        "text": [chunk.text for chunk in chunks],
        FULLTEXT: [index_text(chunk.title, chunk.text) for chunk in chunks],
        DENSE: [encoding.dense for encoding in encodings],
        SPARSE: [encoding.sparse.indices for encoding in encodings],
        TOKENS: [encoding.tokens for encoding in encodings],
    }
    # A document's row holds what the rows of its chunks do: `unit` changes nothing here.
    layout = replace(wanted, unit=Unit.CHUNK)
    spec = CollectionSpec("estimate", encoder.info, layout=layout)
    return rate, estimated_bytes(spec, values, rows)


def _spread(items: Sequence[T], most: int) -> Iterator[T]:
    """At most so many, evenly over all, the first among them."""
    step = max(1, -(-len(items) // most))
    return islice(items, 0, None, step)
