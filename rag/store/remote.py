"""The Store over an Infinity server or the nodes of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rag.store.address import Address
from rag.store.engine_store import EngineStore
from rag.store.server_catalog import ServerCatalog
from rag.store.server_engine import ServerEngine
from rag.store.state_dir import state_dir
from rag.store.writer_lock import WriterLock

if TYPE_CHECKING:
    from rag.settings import StoreSettings


class RemoteStore(EngineStore):
    """Collections on a server, shared with its other clients. Implements `rag.store.base.Store`."""

    @classmethod
    def open(cls, settings: StoreSettings) -> Self:
        """Connect to the server at `settings.uri`; the first client makes the database.

        Small state of this client alone, such as which files it indexed, is kept under
        `settings.path`. Raises: StoreUnreachableError, StoreError.
        """
        address = Address.parse(settings.uri or "")
        engine = ServerEngine.open(address, settings)
        try:
            catalog = ServerCatalog.open(engine)
            state = state_dir(settings)
            state.mkdir(parents=True, exist_ok=True)
        except BaseException:
            engine.close()
            raise
        return cls(engine, catalog, WriterLock(engine, catalog, settings.writer_timeout), state)

    def merge_indexes(self, collection: str, *, always: bool = False) -> bool:  # noqa: ARG002 - the protocol's
        """Nothing: a server merges its indexes by itself, as often as its configuration says."""
        self._find(collection)
        return False

    def dead_rows(self, collection: str) -> int:
        """None: a server does not tell, and rewrites tables with deleted rows by itself."""
        self._find(collection)
        return 0
