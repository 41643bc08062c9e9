"""The embedded engine: one database a process, opened, reached and closed here."""

from __future__ import annotations

import atexit
import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

from rag.errors import EngineMissingError, StoreError
from rag.store.engine_config import write_config
from rag.store.lock import StoreLock
from rag.store.quiet import stdout_to
from rag.store.sqlglot_repair import repair_sqlglot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BANNER_NAME = "engine-stdout.log"
DATABASE = "default_db"


class Engine:
    """The process's one open database. Make it with `open`; reads are thread-safe."""

    _guard: ClassVar[threading.Lock] = threading.Lock()
    _opened: ClassVar[Engine | None] = None

    def __init__(self, path: Path, lock: StoreLock, connection: Any):
        self.path = path
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
            if Engine._opened is not None:
                raise StoreError(
                    f"This process has the database {Engine._opened.path} open and can open only "
                    f"one; close it before opening {path}."
                )
            engine = cls(path, *_connect(path))
            Engine._opened = engine
        atexit.register(engine.close)
        return engine

    def table(self, name: str) -> Any:
        """A fresh handle of a table: handles collect one query and must not be shared."""
        return self.database.get_table(name)

    def count(self, table: str, where: str) -> int:
        """Rows of a table for which the SQL condition `where` holds."""
        with engine_errors("count rows"):
            result = self.table(table).output(["count(*)"]).filter(where).to_result()[0]
        (counts,) = result.values()
        return int(counts[0])

    @property
    def database(self) -> Any:
        """The database that holds all tables. Raises: StoreError when closed."""
        if self._connection is None:
            raise StoreError(f"The database {self.path} is closed; open it again to use it.")
        return self._connection.get_database(DATABASE)

    def close(self) -> None:
        """Disconnect and unlock; idempotent. A process that skips this may abort at exit."""
        with Engine._guard:
            if self._connection is None:
                return
            with stdout_to(self.path / BANNER_NAME):
                self._connection.disconnect()
            self._connection = None
            gc.collect()  # native objects alive at exit are reported as leaks on stderr
            self._lock.release()
            Engine._opened = None
        atexit.unregister(self.close)


@contextmanager
def engine_errors(action: str) -> Iterator[None]:
    """Turn what the SDK raises during `action` into a StoreError.

    Besides its own exception the SDK lets ValueError (an unknown error code), RuntimeError
    (from native code) and AttributeError (an insert that failed three times) escape.
    """
    from infinity_embedded.common import InfinityException

    try:
        yield
    except (InfinityException, ValueError, RuntimeError, AttributeError) as error:
        reason = str(getattr(error, "error_message", None) or error).split("@src")[0].rstrip(". ")
        raise StoreError(f"The database engine failed to {action}: {reason}.") from error


def _connect(path: Path) -> tuple[StoreLock, Any]:
    connect = _sdk_connect()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {path} cannot be made: {error.strerror}.") from error
    lock = StoreLock.acquire(path)
    try:
        config = write_config(path)
        with stdout_to(path / BANNER_NAME), engine_errors(f"open {path}"):
            return lock, connect(str(path), str(config))
    except BaseException:
        lock.release()
        raise


def _sdk_connect() -> Any:
    try:
        import infinity_embedded
    except ImportError as error:
        raise EngineMissingError(
            "The embedded database engine is not installed; it exists for Linux on x86-64 only, "
            "where `make install` installs it."
        ) from error
    repair_sqlglot()
    return infinity_embedded.connect
