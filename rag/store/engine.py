"""The embedded engine: one a process, silent, on one locked folder."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, ClassVar

from rag.errors import EngineMissingError, StoreError
from rag.store import sqlglot_repair
from rag.store.lock import StoreLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASE = "default_db"
CONFIG = """\
[general]
version = "0.6.0"
time_zone = "utc-8"

[network]
server_address = "127.0.0.1"

[log]
log_filename = "engine.log"
log_dir = "{folder}/log"
log_to_stdout = false
log_file_max_size = "16MB"
log_file_rotate_count = 2
log_level = "warning"

[storage]
persistence_dir = "{folder}/persistence"
data_dir = "{folder}/data"
snapshot_dir = "{folder}/snapshot"

[buffer]
temp_dir = "{folder}/tmp"

[wal]
wal_dir = "{folder}/wal"

[resource]
resource_dir = "{folder}/resource"
"""


class Engine:
    """The connection to the engine on a folder. Close it: leaving it open aborts the process."""

    _guard: ClassVar[threading.Lock] = threading.Lock()
    _open_folder: ClassVar[Path | None] = None

    def __init__(self, folder: Path):
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = StoreLock(self.folder)
        self._connection: Any = None
        with self._guard:
            self._refuse_second()
            self._lock.acquire()
            try:
                self._connection = _connect(self.folder)
            except BaseException:
                self._lock.release()
                raise
            Engine._open_folder = self.folder
        atexit.register(self.close)

    @property
    def version(self) -> str:
        """The version of the engine's package."""
        return version("infinity-embedded-sdk")

    @property
    def database(self) -> Any:
        """The SDK's database object."""
        if self._connection is None:
            raise StoreError(f"The database {self.folder} is closed; open it again.")
        return self._connection.get_database(DATABASE)

    def table(self, name: str) -> Any:
        """A fresh handle: the SDK keeps the query under construction in it."""
        return self.database.get_table(name)

    def close(self) -> None:
        """Shut the engine down; idempotent."""
        with self._guard:
            if self._connection is None:
                return
            connection, self._connection = self._connection, None
            with _silent_stdout():
                connection.disconnect()
            Engine._open_folder = None
            self._lock.release()
        atexit.unregister(self.close)

    def _refuse_second(self) -> None:
        if Engine._open_folder is not None:
            raise StoreError(
                f"This process has the database {Engine._open_folder} open, and the embedded "
                "engine serves one database a process; close that one first."
            )


def _connect(folder: Path) -> Any:
    try:
        import infinity_embedded
    except ImportError as error:
        raise EngineMissingError(
            "The embedded Infinity engine is not installed; it exists for Linux on x86-64: "
            "run `make install` there."
        ) from error
    sqlglot_repair.apply()
    config = folder / "engine.toml"
    config.write_text(CONFIG.format(folder=folder), "utf-8")
    with _silent_stdout():
        return infinity_embedded.connect(str(folder), str(config))


@contextlib.contextmanager
def _silent_stdout() -> Iterator[None]:
    """The engine prints a banner from C++; stdout belongs to the user's results."""
    sys.stdout.flush()
    kept = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(null)
        os.close(kept)
