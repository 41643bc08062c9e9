"""One life of the process that tests/indexers/test_kill.py kills: audit, then index.

Run as `python -m tests.indexers.kill_run STORE DOCUMENTS`; prints one JSON object a line.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from indexers.options import IndexOptions
from indexers.pipeline import index_paths
from rag.settings import ChunkSettings
from rag.store.base import HybridQuery
from rag.store.embedded import EmbeddedStore
from rag.types import Leg, Rerank
from tests.indexers.tiny_encoder import TinyEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.store.base import Hit
    from rag.types import DocumentRows

COLLECTION = "killed"
COMMON_WORD = "common"  # every chunk has it, so that every leg finds every row
CHUNK = ChunkSettings(size=16, overlap=0)
MOST_ROWS = 1000


class TellingStore(EmbeddedStore):
    """Says which documents are done as soon as it has confirmed them."""

    def write(self, collection: str, documents: Sequence[DocumentRows]) -> None:
        super().write(collection, documents)
        say(done=[document.doc_id for document in documents])


def main(store_path: Path, documents: Path) -> None:
    encoder = TinyEncoder()
    store = TellingStore.open(store_path)
    say(audit=audit(store, encoder))
    report = index_paths(
        [documents],
        COLLECTION,
        store,
        encoder,
        options=IndexOptions(chunk=CHUNK, relative_to=documents, batch_chunks=6),
    )
    say(report=report.to_dict())
    store.close()


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def audit(store: EmbeddedStore, encoder: TinyEncoder) -> dict[str, list[str]]:
    """The texts of each document's chunks, once all columns of all rows are checked."""
    if COLLECTION not in {info.spec.name for info in store.collections()}:
        return {}
    store.wait_until_searchable(COLLECTION, 30)
    query = HybridQuery(
        text=COMMON_WORD,
        encoding=encoder.encode_question(COMMON_WORD),
        legs=tuple(Leg),
        rank_constant=60,
        rerank=Rerank.TENSOR,
        candidates=MOST_ROWS,
        top_k=MOST_ROWS,
        ef=MOST_ROWS,
    )
    hits = store.search(COLLECTION, query) if store.documents(COLLECTION) else []
    check_legs(store, query, hits)
    check_tensors(hits, encoder)
    return by_document(store, hits)


def check_legs(store: EmbeddedStore, query: HybridQuery, hits: list[Hit]) -> None:
    """Each leg sees each row once, and there are no other rows."""
    ids = sorted(hit.chunk.id for hit in hits)
    assert store.describe(COLLECTION).rows == len(ids)
    if not ids:
        return
    for leg, found in store.leg_rankings(COLLECTION, query).items():
        assert sorted(found) == ids, f"{leg} finds {len(found)} of {len(ids)}"


def check_tensors(hits: list[Hit], encoder: TinyEncoder) -> None:
    """The stored token vectors are those of the stored text."""
    (word,) = encoder.encode_question(COMMON_WORD).tokens
    for hit in hits:
        (encoding,) = encoder.encode_documents([hit.chunk.text])
        np.testing.assert_allclose(hit.score, (encoding.tokens @ word).max(), atol=1e-5)


def by_document(store: EmbeddedStore, hits: list[Hit]) -> dict[str, list[str]]:
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for hit in hits:
        texts[hit.chunk.doc_id][hit.chunk.position] = hit.chunk.text
    stored = store.documents(COLLECTION)
    assert {d: len(chunks) for d, chunks in texts.items()} == {d: s.rows for d, s in stored.items()}
    return {d: [chunks[i] for i in range(len(chunks))] for d, chunks in texts.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
