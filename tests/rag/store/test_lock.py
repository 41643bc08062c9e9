from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from rag.errors import StoreLockedError
from rag.store.lock import OWNER_NAME, StoreLock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("owner", ["", "[]", "{}", '{"pid": 1'])
def test_an_unreadable_owner_file_still_gives_a_sentence(tmp_path: Path, owner: str) -> None:
    lock = StoreLock.acquire(tmp_path)
    (tmp_path / OWNER_NAME).write_text(owner)
    with pytest.raises(StoreLockedError, match="another process"):
        StoreLock.acquire(tmp_path)
    lock.release()


def test_a_lock_can_be_released_from_another_thread_and_twice(tmp_path: Path) -> None:
    lock = StoreLock.acquire(tmp_path)
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    lock.release()
    assert not (tmp_path / OWNER_NAME).exists()
    StoreLock.acquire(tmp_path).release()
