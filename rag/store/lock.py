"""One process at a time may have a database open."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from rag.errors import StoreLockedError

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME = "lock"
OWNER_NAME = "lock-owner.json"


class StoreLock:
    """An exclusive lock of a folder, held by the operating system for this process.

    It goes when the process goes, however that ends; the owner file beside it only says
    who to blame and may be stale.
    """

    def __init__(self, lock: FileLock, owner: Path):
        self._lock = lock
        self._owner = owner

    @classmethod
    def acquire(cls, folder: Path) -> Self:
        """Lock `folder` at once. Raises: StoreLockedError that names the holder."""
        owner = folder / OWNER_NAME
        # Not bound to a thread: a server opens and closes its store in different ones.
        lock = FileLock(folder / LOCK_NAME, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreLockedError(
                f"The database {folder} is open in another process ({_holder(owner)}); "
                "close that, or set TRIDENT_STORE__PATH to another folder."
            ) from error
        owner.write_text(json.dumps(_me()), encoding="utf-8")
        return cls(lock, owner)

    def release(self) -> None:
        """Give the folder free; idempotent."""
        if self._lock.is_locked:
            self._owner.unlink(missing_ok=True)
            self._lock.release()


def _me() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "command": " ".join(sys.argv)[:200],
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _holder(owner: Path) -> str:
    try:
        me = json.loads(owner.read_text(encoding="utf-8"))
        return f"pid {me['pid']}, `{me['command']}`, since {me['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not said which"
