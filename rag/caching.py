"""A cache with a limit on its entries and on their bytes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """What was used least recently goes first. Safe to use from several threads.

    It keeps at most `entries` values, which together weigh at most `size` bytes, as `weigh`
    counts them; a value that alone weighs more is not kept. Either limit 0: nothing is kept.
    """

    def __init__(self, entries: int, size: int, weigh: Callable[[V], int]):
        self._lock = threading.Lock()
        self._entries = entries if size else 0
        self._weigh = weigh
        self._kept: LRUCache[K, V] = LRUCache(size, weigh)
        self.hits = 0
        self.misses = 0

    @property
    def keeps(self) -> bool:
        """Whether it keeps anything at all."""
        return self._entries > 0

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return int(self._kept.currsize)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """The value, or None where it is not kept."""
        with self._lock:
            found: V | None = self._kept.get(key)
            if found is None:
                self.misses += 1
            else:
                self.hits += 1
            return found

    def put(self, key: K, value: V) -> None:
        """Keep a value, for which others may have to go."""
        if not self.keeps or self._weigh(value) > self._kept.maxsize:
            return
        with self._lock:
            self._kept[key] = value
            if len(self._kept) > self._entries:
                self._kept.popitem()
