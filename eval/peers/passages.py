"""The passages of a comparison: cut and encoded once, and kept on disk for every peer."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from eval.files import part_of
from eval.progress import silent
from eval.sweep.encoding_arrays import pack_encodings, unpack_encodings
from indexers.chunk import chunk_document
from indexers.pool import pooled
from rag.encoders.embed_text import embed_text
from rag.types import Chunk, Document, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from eval.data.datasets import CorpusDocument
    from eval.progress import StepProgress
    from rag.encoders.base import Encoder
    from rag.settings import Settings
    from rag.types import Encoding

    Batch: TypeAlias = list[tuple[CorpusDocument, list[Chunk]]]

PART_CHUNKS = 512


@dataclass(frozen=True, slots=True)
class Passages:
    """Chunks of whole documents, the text that was encoded for each, and its encoding."""

    chunks: tuple[Chunk, ...]
    texts: tuple[str, ...]
    encodings: tuple[Encoding, ...]

    def __len__(self) -> int:
        """The number of chunks."""
        return len(self.chunks)


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a file of passages without reading its vectors."""

    documents: int
    passages: int
    encode_seconds: float


@dataclass(frozen=True, slots=True)
class PassageFolder:
    """Files of passages, `0000.npz` and on."""

    path: Path

    def files(self) -> list[Path]:
        """The finished files in order."""
        return sorted(self.path.glob("*.npz"))

    def parts(self) -> list[Part]:
        """What the files hold."""
        return list(map(_read_part, self.files()))

    def read(self) -> Iterator[Passages]:
        """All passages, one file at a time."""
        return map(_read_passages, self.files())


def provide_passages(
    folder: PassageFolder,
    documents: Iterable[CorpusDocument],
    encoder: Encoder,
    settings: Settings,
    progress: StepProgress = silent,
) -> list[Part]:
    """Cut and encode as indexing does what is not there yet; a killed run goes on.

    The folder must be that of these documents, encoder and settings. Raises: SourceError for
    a broken line of the corpus.
    """
    parts = folder.parts()
    behind = sum(part.documents for part in parts)
    encoded = sum(part.passages for part in parts)
    batches = _batches(islice(documents, behind, None), encoder, settings)
    for number, batch in enumerate(batches, len(parts)):
        began = perf_counter()
        passages = _encode(batch, encoder, settings)
        part = Part(len(batch), len(passages), perf_counter() - began)
        _write(folder.path / f"{number:04}.npz", passages, part)
        parts.append(part)
        encoded += len(passages)
        progress("encode passages", encoded, encoded)
    return parts


def _batches(
    documents: Iterable[CorpusDocument], encoder: Encoder, settings: Settings
) -> Iterator[Batch]:
    """Whole documents with their chunks, at least PART_CHUNKS together."""
    batch: Batch = []
    for document in documents:
        whole = Document(document.id, document.text, document.title)
        batch.append((document, chunk_document(whole, "", encoder.count_tokens, settings.chunk)))
        if sum(len(chunks) for _, chunks in batch) >= PART_CHUNKS:
            yield batch
            batch = []
    if any(chunks for _, chunks in batch):
        yield batch


def _encode(batch: Batch, encoder: Encoder, settings: Settings) -> Passages:
    chunks = tuple(chunk for _, chunks in batch for chunk in chunks)
    limit = encoder.info.max_tokens
    layout = settings.index.over(Layout())
    texts = tuple(
        embed_text(chunk, encoder.count_tokens, limit, layout.context) for chunk in chunks
    )
    encodings = encoder.encode_documents(texts)
    kept = tuple(pooled(encoding, layout.token_pooling) for encoding in encodings)
    return Passages(chunks, texts, kept)


def _write(path: Path, passages: Passages, part: Part) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with part_of(path).open("wb") as file:
        np.savez(
            file,
            part=_json([asdict(part)]),
            chunks=_json([asdict(chunk) for chunk in passages.chunks]),
            texts=_json(passages.texts),
            **pack_encodings(passages.encodings),
        )
    os.replace(part_of(path), path)


def _read_part(path: Path) -> Part:
    with np.load(path) as arrays:
        return Part(**json.loads(arrays["part"].tobytes())[0])


def _read_passages(path: Path) -> Passages:
    with np.load(path) as arrays:
        return Passages(
            tuple(Chunk(**chunk) for chunk in json.loads(arrays["chunks"].tobytes())),
            tuple(json.loads(arrays["texts"].tobytes())),
            unpack_encodings(arrays),
        )


def _json(value: Sequence[object]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """As bytes: an array of strings would take the longest's room for each."""
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)
