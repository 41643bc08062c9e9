"""The Store over the embedded engine."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from rag.store.drafts import forget_drafts
from rag.store.embedded_engine import EmbeddedEngine
from rag.store.engine_store import EngineStore
from rag.store.index_parts import IndexParts
from rag.store.recovery import recover
from rag.store.schema import table_name
from rag.store.sqlite_catalog import SqliteCatalog

if TYPE_CHECKING:
    from pathlib import Path


class EmbeddedStore(EngineStore):
    """Collections in one folder, in this process. Implements `rag.store.base.Store`."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the database in folder `path`, making it if need be, and recover it.

        Raises: StoreLockedError, StoreError, EngineMissingError.
        """
        engine = EmbeddedEngine.open(path)
        try:
            catalog = SqliteCatalog(engine.path)
            forget_drafts(catalog)
            _expect_deletions(engine, catalog)
            recover(engine, catalog)
        except BaseException:
            engine.close()
            raise
        return cls(engine, catalog, threading.Lock(), engine.path)


def _expect_deletions(engine: EmbeddedEngine, catalog: SqliteCatalog) -> None:
    """Recovery may delete rows of the changes that are open."""
    parts = IndexParts(engine, engine.path)
    for intent in catalog.intents():
        parts.before_deletion(table_name(intent.uid))
