"""One life of the process that test_kill.py kills: `python -m … FIRST LAST`, on the
database that the environment names.

Prints one JSON object a line: first what is in the database, after its recovery, then
each write as soon as the store has acknowledged it.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rag.errors import CollectionNotFoundError
from rag.settings import load_settings
from rag.store import batches
from rag.store.open import open_store
from rag.types import Leg, Rerank
from tests.rag.store.rows import document, query, spec

if TYPE_CHECKING:
    from rag.store.base import Store

NAME = "killed"
CHUNKS = 4
DOCUMENTS = 30
MOST_ROWS = 10 * DOCUMENTS


def main(first: int, last: int) -> None:
    batches.MAX_ROWS = 5  # several insert calls a write, none of them at a document's border
    store = open_store(load_settings().store)
    say(found=audit(store))
    for revision in range(first, last):
        written = [f"d{(3 * revision + i) % DOCUMENTS}" for i in range(3)]
        store.write(NAME, [revised(doc_id, revision) for doc_id in written])
        say(written=written, revision=revision)
        removed = f"d{(3 * revision + 20) % DOCUMENTS}"
        if store.delete(NAME, [removed]):
            say(removed=removed)
    store.close()


def revised(doc_id: str, revision: int) -> Any:
    """A revision has a number of chunks of its own, each with the revision in its text."""
    texts = [f"common revision{revision}"] * (1 + (revision + CHUNKS) % CHUNKS)
    return document(doc_id, *texts, revision=str(revision))


def audit(store: Store) -> dict[str, list[str]]:
    """The chunk texts of each document; all legs must agree on which chunks there are."""
    try:
        store.describe(NAME)
    except CollectionNotFoundError:
        store.create_collection(spec(NAME))
        return {}
    store.delete(NAME, ["nobody"])  # on a server, the next writer ends what a dead one left
    info = store.describe(NAME)
    store.wait_until_searchable(NAME, 60)
    asked = query("common", candidates=MOST_ROWS, top_k=MOST_ROWS, rerank=Rerank.TENSOR)
    hits = store.search(NAME, asked)
    ids = sorted(hit.chunk.id for hit in hits)
    rankings = store.leg_rankings(NAME, asked)
    assert sorted(rankings[Leg.FULLTEXT]) == sorted(rankings[Leg.DENSE]) == ids
    assert len(ids) == info.rows
    texts: dict[str, list[str]] = defaultdict(list)
    for hit in hits:
        texts[hit.chunk.doc_id].append(hit.chunk.text)
    stored = store.documents(NAME)
    assert {doc_id: len(found) for doc_id, found in texts.items()} == {
        doc_id: known.rows for doc_id, known in stored.items()
    }
    assert all(
        found == [f"common revision{stored[doc_id].revision}"] * len(found)
        for doc_id, found in texts.items()
    )
    return texts


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
