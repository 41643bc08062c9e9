"""One process at a time on a database folder."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rag.errors import StoreLockedError

if TYPE_CHECKING:
    from pathlib import Path


class StoreLock:
    """An exclusive lock on a folder; the operating system drops it when the process dies."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._owner = folder / "owner.json"
        self._lock = FileLock(folder / "trident.lock", blocking=False)

    def acquire(self) -> None:
        """Take the lock. Raises: StoreLockedError, which names the holder."""
        try:
            self._lock.acquire()
        except Timeout as error:
            raise StoreLockedError(
                f"The database {self._folder} is in use by {self._holder()}; "
                "stop that process, or ask it over HTTP."
            ) from error
        since = datetime.now(UTC).isoformat(timespec="seconds")
        command = " ".join(sys.argv[:2]) or "python"
        owner = {"pid": os.getpid(), "command": command, "since": since}
        self._owner.write_text(json.dumps(owner), "utf-8")

    def release(self) -> None:
        """Give the lock back."""
        self._owner.unlink(missing_ok=True)
        self._lock.release()

    def _holder(self) -> str:
        try:
            owner = json.loads(self._owner.read_text("utf-8"))
            return f"process {owner['pid']} ({owner['command']}, since {owner['since']})"
        except (OSError, ValueError, KeyError):
            return "another process"
