"""One client of a server changes a database at a time.

A table can be made only once, so making one is taking a lock. A client that dies keeps it:
when the same holder has been there for too long, the next one takes over. Should the holder
only be slow, its commit finds its intents ended by the other, and fails.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, Self

from rag.store.drafts import ABANDONED, forget_drafts
from rag.store.engine import read
from rag.store.recovery import drop, recover

if TYPE_CHECKING:
    from types import TracebackType

    from rag.store.catalog import Catalog
    from rag.store.engine import Engine

LOCK = "writer_lock"
COLUMNS = {"token": {"type": "varchar"}, "holder": {"type": "varchar"}}
TABLE_EXISTS, NO_TABLE = 3017, 3022  # the engine's error codes
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0


class WriterLock:
    """A context manager, held by one thread of one client; enter it again after leaving.

    Whoever enters ends what a dead holder left open.
    """

    def __init__(self, engine: Engine, catalog: Catalog, patience: float):
        self._engine = engine
        self._catalog = catalog
        self._patience = patience
        self._thread = threading.Lock()
        self._token = ""
        self._recovered = False

    def __enter__(self) -> Self:
        self._thread.acquire()
        try:
            self._wait()
            self._recover()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        try:
            if self._holder() == self._token:
                drop(self._engine, LOCK)
        finally:
            self._thread.release()

    def _wait(self) -> None:
        """Take the lock, from its holder when that has not changed for `patience` seconds."""
        self._token = uuid.uuid4().hex
        holder, since, pause = None, time.monotonic(), FIRST_PAUSE
        while not self._take():
            seen = self._holder()
            if seen != holder:
                holder, since = seen, time.monotonic()
            elif time.monotonic() - since > self._patience:
                drop(self._engine, LOCK)
                continue
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _take(self) -> bool:
        sdk = self._engine.sdk
        me = f"{socket.gethostname()} pid {os.getpid()}"

        def take(database: Any) -> bool:
            try:
                table = database.create_table(LOCK, COLUMNS, sdk.conflict_type.Error)
            except sdk.error as error:
                if getattr(error, "error_code", None) == TABLE_EXISTS:
                    return False
                raise
            table.insert([{"token": self._token, "holder": me}])
            return True

        return self._engine.call("lock it for writing", take)

    def _holder(self) -> str:
        """The holder's token; empty when there is none, or none yet."""
        sdk = self._engine.sdk

        def look(database: Any) -> str:
            try:
                found = database.get_table(LOCK).output(["token"]).to_result()[0]
            except sdk.error as error:
                if getattr(error, "error_code", None) == NO_TABLE:
                    return ""
                raise
            return str(found["token"][0]) if found["token"] else ""

        return read(self._engine, "see who writes", look)

    def _recover(self) -> None:
        if not self._recovered:
            forget_drafts(self._catalog, ABANDONED)
        if not self._recovered or self._catalog.intents():
            recover(self._engine, self._catalog)
            self._recovered = True
