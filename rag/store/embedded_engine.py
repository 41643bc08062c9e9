"""The embedded engine: one database a process, opened, reached and closed here."""

from __future__ import annotations

import atexit
import gc
import threading
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from rag.errors import StoreError
from rag.store.engine import engine_errors
from rag.store.engine_config import write_config
from rag.store.lock import StoreLock
from rag.store.quiet import stdout_to
from rag.store.sdk import embedded_sdk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rag.store.sdk import Sdk

T = TypeVar("T")
BANNER_NAME = "engine-stdout.log"
DATABASE = "default_db"


class EmbeddedEngine:
    """The process's one open database. Implements `rag.store.engine.Engine`."""

    _guard: ClassVar[threading.Lock] = threading.Lock()
    _opened: ClassVar[EmbeddedEngine | None] = None

    def __init__(self, path: Path, sdk: Sdk, lock: StoreLock, connection: Any):
        self.path = path
        self.sdk = sdk
        self._lock = lock
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or make the database in folder `path`.

        Raises: StoreLockedError (another process has it), StoreError (this process has a
        database open, or the engine fails), EngineMissingError.
        """
        path = path.expanduser().absolute()
        with cls._guard:
            if EmbeddedEngine._opened is not None:
                raise StoreError(
                    f"This process has the database {EmbeddedEngine._opened.path} open and can "
                    f"open only one; close it before opening {path}."
                )
            sdk = embedded_sdk()
            engine = cls(path, sdk, *_connect(path, sdk))
            EmbeddedEngine._opened = engine
        atexit.register(engine.close)
        return engine

    def call(self, action: str, do: Callable[[Any], T]) -> T:
        """Give the SDK's database to `do`. Raises: StoreError."""
        if self._connection is None:
            raise StoreError(f"The database {self.path} is closed; open it again to use it.")
        with engine_errors(action, self.sdk):
            return do(self._connection.get_database(DATABASE))

    def repeat(self, do: Callable[[], T]) -> T:
        """Do `do`: there is no connection that could break."""
        return do()

    def close(self) -> None:
        """Disconnect and unlock; idempotent. A process that skips this may abort at exit."""
        with EmbeddedEngine._guard:
            if self._connection is None:
                return
            with stdout_to(self.path / BANNER_NAME):
                self._connection.disconnect()
            self._connection = None
            gc.collect()  # native objects alive at exit are reported as leaks on stderr
            self._lock.release()
            EmbeddedEngine._opened = None
        atexit.unregister(self.close)


def _connect(path: Path, sdk: Sdk) -> tuple[StoreLock, Any]:
    from infinity_embedded import connect

    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {path} cannot be made: {error.strerror}.") from error
    lock = StoreLock.acquire(path)
    try:
        config = write_config(path)
        with stdout_to(path / BANNER_NAME), engine_errors(f"open {path}", sdk):
            return lock, connect(str(path), str(config))
    except BaseException:
        lock.release()
        raise
