"""Readers, a writer and an administrator at once on the database that the environment
names: `python -m … SECONDS`.

Prints one JSON object: how often each did its work, what readers saw that was not whole,
whether everything is there in the end, and the memory of the process over time.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil

from rag.settings import load_settings
from rag.store import batches
from rag.store.filters import Compare, Comparison
from rag.store.open import open_store
from rag.types import Leg, Rerank
from tests.rag.store.rows import document, encoding, query, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rag.store.base import Hit, Store
    from rag.types import DocumentRows

NAME = "soaked"
READERS = 8
KEPT, CHURNED = 20, 10  # documents that are only replaced; that are also deleted
MOST_CHUNKS = 6
SAMPLE_SECONDS = 0.25
# The engine frees what a dropped table held within a quarter of a minute, not at once.
ADMINISTERED_EVERY = 1.0
AT_ONCE = (Leg.DENSE, Leg.SPARSE)  # the legs that see a row as soon as it is in


@dataclass
class Soak:
    """What the threads share. `revisions` are those that the writer knows to be there."""

    store: Store
    over: threading.Event = field(default_factory=threading.Event)
    done: Counter[str] = field(default_factory=Counter)
    torn: list[str] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    megabytes: list[float] = field(default_factory=list)

    def write(self) -> None:
        """Replace some documents, delete one and write another."""
        number = self.done["write"]
        chosen = random.Random(number).sample(range(KEPT), 3)
        new = KEPT + number % CHURNED
        self.put([*chosen, new], revision=number + 1)
        gone = f"d{KEPT + (number + CHURNED // 2) % CHURNED}"
        if self.revisions.pop(gone, None) is not None:
            assert self.store.delete(NAME, [gone]) == 1

    def put(self, numbers: Iterable[int], revision: int) -> None:
        """Write one revision of several documents in one write."""
        documents = [revised(f"d{number}", revision) for number in numbers]
        self.store.write(NAME, documents)
        self.revisions.update({doc.doc_id: revision for doc in documents})

    def read_one(self) -> None:
        """All chunks of one document must be there, in one revision."""
        number = random.randrange(KEPT + CHURNED)
        doc_id = f"d{number}"
        where = Compare("doc_id", Comparison.EQ, doc_id)
        asked = query("common", legs=AT_ONCE, rerank=Rerank.NONE, where=where, top_k=50)
        texts = sorted(hit.chunk.text for hit in self.store.search(NAME, asked))
        if texts != whole(texts) or (number < KEPT and not texts):
            self.torn.append(f"{doc_id}: {texts}")

    def read_all(self) -> None:
        """No document may appear in two revisions."""
        asked = query("common", encoding(random.randrange(1000)), top_k=50)
        revisions = defaultdict(set)
        for hit in self.store.search(NAME, asked):
            revisions[hit.chunk.doc_id].add(revision_of(hit))
        self.torn += [f"{doc_id}: {seen}" for doc_id, seen in revisions.items() if len(seen) > 1]

    def administer(self) -> None:
        """A collection of its own is made, filled, searched, described and dropped."""
        name = f"other{self.done['administer']}"
        self.store.create_collection(spec(name))
        self.store.write(name, [document("a", "one", "two")])
        assert len(self.store.search(name, query("one"))) == 2
        assert {name, NAME} <= {info.spec.name for info in self.store.collections()}
        assert self.store.describe(name).rows == 2
        self.store.drop_collection(name)
        self.over.wait(ADMINISTERED_EVERY)

    def sample(self) -> None:
        """Note the memory that the process has in use."""
        self.megabytes.append(psutil.Process().memory_info().rss / 2**20)
        self.over.wait(SAMPLE_SECONDS)

    def missing(self) -> list[str]:
        """Documents that are not as the writer left them."""
        self.store.wait_until_searchable(NAME, 60)
        texts: dict[str, list[str]] = defaultdict(list)
        for hit in self.store.search(NAME, query("common", top_k=1000, candidates=1000)):
            texts[hit.chunk.doc_id].append(hit.chunk.text)
        expected = {
            doc_id: [row.chunk.text for row in revised(doc_id, revision).rows]
            for doc_id, revision in self.revisions.items()
        }
        there = self.store.documents(NAME)
        assert self.store.describe(NAME).rows == sum(map(len, expected.values()))
        return [
            doc_id
            for doc_id in expected.keys() | texts.keys() | there.keys()
            if sorted(texts.get(doc_id, [])) != expected.get(doc_id) or doc_id not in there
        ]

    def loop(self, name: str, work: Callable[[], None]) -> None:
        """Do the work until it is over; a failure ends it for all."""
        try:
            while not self.over.is_set():
                work()
                self.done[name] += 1  # each name belongs to threads of one kind: a lower bound
        finally:
            self.over.set()


def revised(doc_id: str, revision: int) -> DocumentRows:
    """A revision has a number of chunks of its own; each says of what it is a part."""
    total = 1 + (revision * 5 + int(doc_id[1:])) % MOST_CHUNKS
    texts = [f"common {revision} {part} of {total}" for part in range(total)]
    return document(doc_id, *texts, revision=str(revision))


def whole(texts: list[str]) -> list[str]:
    """All texts of the revision that the first of these is a part of."""
    if not texts:
        return []
    _, revision, _, _, total = texts[0].split()
    return [f"common {revision} {part} of {total}" for part in range(int(total))]


def revision_of(hit: Hit) -> str:
    return hit.chunk.text.split()[1]


def main(seconds: float) -> dict[str, Any]:
    batches.MAX_ROWS = 3  # several insert calls a write, most of them inside a document
    soak = Soak(open_store(load_settings().store))
    soak.store.create_collection(spec(NAME))
    soak.put(range(KEPT), revision=0)
    works = [soak.write, soak.administer, soak.sample]
    works += [soak.read_one, soak.read_all] * (READERS // 2)
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(soak.loop, work.__name__, work) for work in works]
        soak.over.wait(seconds)
        soak.over.set()
        wait(running)
    result = {
        "errors": [repr(future.exception()) for future in running if future.exception()],
        "done": soak.done,
        "torn": soak.torn[:10],
        "missing": soak.missing(),
        "megabytes": soak.megabytes,
    }
    soak.store.close()
    return result


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]))))
