"""A process that is killed in the middle of a rebuild, and one that looks what is left.

Run as `python -m tests.indexers.upkeep.kill_run STORE filling|publishing|published|look`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.upkeep.rebuild import rebuild_collection
from rag.store.embedded import EmbeddedStore
from rag.store.schema import TABLE_PREFIX
from rag.types import Layout
from tests.indexers.upkeep.test_files import fill
from tests.rag.store.rows import query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.store.base import StoredDocument

NAME = "kept"


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingStore(EmbeddedStore):
    """Dies before or in the middle of publishing."""

    when = ""

    def publish(
        self, draft: str, name: str, replaces: Mapping[str, StoredDocument] | None = None
    ) -> None:
        if self.when == "publishing":
            die()
        super().publish(draft, name, replaces)

    def _drop(self, uid: str) -> None:
        if self.when == "published":
            die()
        super()._drop(uid)


def rebuild(path: Path, when: str) -> None:
    store = DyingStore.open(path)
    fill(store, NAME, Layout())
    store.delete(NAME, ["d3"])
    store.write(NAME, [])
    from tests.rag.store.rows import document

    store.write(NAME, [document("d3", "text 3 0")])
    store.when = when
    rebuild_collection(store, NAME, progress=die if when == "filling" else lambda _: None)


def look(path: Path) -> None:
    store = EmbeddedStore.open(path)
    store.wait_until_searchable(NAME, 30)
    tables = store._engine.call("list", lambda database: database.list_tables().table_names)
    state = {
        "names": [info.spec.name for info in store._catalog.collections()],
        "documents": len(store.documents(NAME)),
        "hits": len(store.search(NAME, query("text", candidates=1000, top_k=1000))),
        "expected": store.describe(NAME).rows,
        "tables": sum(table.startswith(TABLE_PREFIX) for table in tables),
        "intents": len(store._catalog.intents()),
    }
    store.close()
    print(json.dumps(state))


if __name__ == "__main__":
    folder, what = sys.argv[1:]
    look(Path(folder)) if what == "look" else rebuild(Path(folder), what)
