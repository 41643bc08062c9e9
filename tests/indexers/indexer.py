"""Indexing as the tests of the whole way do it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.store.base import HybridQuery
from rag.types import Leg, Rerank

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.store.embedded import EmbeddedStore
    from rag.types import Chunk


class Indexer:
    """Indexes the test's folder into the test's collection."""

    def __init__(
        self, folder: Path, collection: str, store: EmbeddedStore, encoder: Encoder
    ) -> None:
        self.folder = folder
        self.collection = collection
        self.store = store
        self.encoder = encoder

    def __call__(self, *paths: Path | str, **choices: object) -> IndexReport:
        options = IndexOptions(**{"relative_to": self.folder, **choices})  # type: ignore[arg-type]  # any choice
        return index_paths(
            paths or [self.folder], self.collection, self.store, self.encoder, options=options
        )

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.folder / f"{name}.txt").write_text(text)

    def write_records(self, *records: dict[str, object] | str) -> Path:
        path = self.folder / "records.jsonl"
        path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records))
        return path

    def ids(self) -> list[str]:
        return sorted(self.store.documents(self.collection))

    def query(self, word: str) -> HybridQuery:
        encoding = self.encoder.encode_question(word)
        return HybridQuery(
            word, encoding, tuple(Leg), 60, Rerank.NONE, candidates=100, top_k=100, ef=200
        )

    def chunks(self, word: str) -> list[Chunk]:
        found = self.store.search(self.collection, self.query(word))
        return sorted((hit.chunk for hit in found), key=lambda chunk: (chunk.doc_id, chunk.start))


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.added, report.replaced, report.unchanged, report.deleted
