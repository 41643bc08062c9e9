"""One life of a database whose indexes have parts: `python -m … FOLDER STEP...`.

Prints one JSON object: what each step gave. The engine writes a part out when 8,192 rows are
in memory, so two batches of more than that leave two parts.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.store.embedded import EmbeddedStore
from rag.types import DocumentRows, Leg, Rerank
from tests.rag.store.rows import encoding, query, row, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME = "parts"
ROWS_A_DOCUMENT = 100
BATCH = 90  # documents: a little more than one part
PART_SECONDS = 4
PROBES = range(0, BATCH * ROWS_A_DOCUMENT, 450)


def fill(store: EmbeddedStore) -> None:
    """Two batches, with time for the engine to write a part out after each."""
    store.create_collection(spec(NAME))
    for first in (0, BATCH):
        store.write(NAME, [_document(number) for number in range(first, first + BATCH)])
        store.wait_until_searchable(NAME, 60)
        time.sleep(PART_SECONDS)


def merge(store: EmbeddedStore) -> bool:
    return store.merge_indexes(NAME)


def merge_again(store: EmbeddedStore) -> bool:
    return store.merge_indexes(NAME)


def merge_while_searching(store: EmbeddedStore) -> dict[str, int]:
    """Searches that ran beside the merge, and those of them that missed their row."""
    done, searches, missed = threading.Event(), 0, 0
    merging = threading.Thread(target=lambda: (store.merge_indexes(NAME), done.set()))
    merging.start()
    while not done.is_set():
        searches += 1
        missed += not _finds_itself(store, PROBES[searches % len(PROBES)])
    merging.join()
    return {"searches": searches, "missed": missed}


def merge_and_die(store: EmbeddedStore) -> None:
    """The process ends in the middle of it."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
    store.merge_indexes(NAME)
    time.sleep(1)


def delete(store: EmbeddedStore) -> int:
    return store.delete(NAME, [f"d{number}" for number in range(20, 30)])


def delete_last(store: EmbeddedStore) -> int:
    return store.delete(NAME, [f"d{2 * BATCH - 1}"])


def audit(store: EmbeddedStore) -> dict[str, Any]:
    """By leg: ids that were found twice, and those found though their document is gone."""
    there = store.documents(NAME)
    twice, gone = dict.fromkeys(LEGS, 0), dict.fromkeys(LEGS, 0)
    for number in PROBES:
        for leg, ids in store.leg_rankings(NAME, _asked(number)).items():
            twice[leg.value] += len(ids) - len(set(ids))
            gone[leg.value] += sum(id_.split("#")[0] not in there for id_ in ids)
    missed = [
        n for n in PROBES if f"d{n // ROWS_A_DOCUMENT}" in there and not _finds_itself(store, n)
    ]
    return {"twice": twice, "gone": gone, "missed": missed, "rows": store.describe(NAME).rows}


LEGS = (Leg.DENSE.value, Leg.SPARSE.value)
STEPS: Mapping[str, Callable[[EmbeddedStore], Any]] = {
    step.__name__: step
    for step in (
        fill,
        merge,
        merge_again,
        merge_while_searching,
        merge_and_die,
        delete,
        delete_last,
        audit,
    )
}


def _document(number: int) -> DocumentRows:
    first = number * ROWS_A_DOCUMENT
    rows = (row(f"d{number}", i, encoded=encoding(first + i)) for i in range(ROWS_A_DOCUMENT))
    return DocumentRows(f"d{number}", "1", "", tuple(rows))


def _asked(number: int) -> Any:
    return query(
        encoded=encoding(number), legs=(Leg.DENSE, Leg.SPARSE), rerank=Rerank.NONE, candidates=100
    )


def _finds_itself(store: EmbeddedStore, number: int) -> bool:
    """Both legs find the row that the question equals."""
    wanted = f"d{number // ROWS_A_DOCUMENT}#{number % ROWS_A_DOCUMENT}"
    return all(wanted in ids for ids in store.leg_rankings(NAME, _asked(number)).values())


def main(folder: str, *steps: str) -> None:
    store = EmbeddedStore.open(Path(folder))
    try:
        results = {step: STEPS[step](store) for step in steps}
    finally:
        store.close()
    print(json.dumps(results), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
