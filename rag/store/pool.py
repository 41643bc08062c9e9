"""Connections to a server, each used by one thread at a time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import StoreUnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.store.server_client import ServerClient


class Pool:
    """At most `size` connections; made when needed, kept while they work.

    The SDK's client lets threads write into one socket at once, so its own pool and its
    clients must not be shared without this.
    """

    def __init__(self, connect: Callable[[], ServerClient], size: int, patience: float):
        self._connect = connect
        self._free = threading.BoundedSemaphore(size)
        self._size = size
        self._patience = patience
        self._idle: list[ServerClient] = []  # appending and popping are atomic

    @contextmanager
    def client(self, harmless: tuple[type[Exception], ...]) -> Iterator[ServerClient]:
        """A connection, given back at the end, or closed when the body leaves it unsound.

        Only errors of type `harmless` leave a connection sound: after any other, even an
        interrupt, an answer may still be under way. Raises: StoreUnreachableError.
        """
        if not self._free.acquire(timeout=self._patience):
            raise StoreUnreachableError(
                f"All {self._size} connections to the server have been busy for "
                f"{self._patience:g} seconds; raise TRIDENT_STORE__CONNECTIONS."
            )
        try:
            yield from self._use(harmless)
        finally:
            self._free.release()

    def clear(self) -> None:
        """Close what is idle: when one connection broke, the others did, too."""
        while self._idle:
            self._idle.pop().close()

    def _use(self, harmless: tuple[type[Exception], ...]) -> Iterator[ServerClient]:
        client = self._idle.pop() if self._idle else self._connect()
        sound = False
        try:
            yield client
            sound = True
        except harmless:
            sound = True
            raise
        finally:
            if sound:
                self._idle.append(client)
            else:
                client.close()
