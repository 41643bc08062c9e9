"""How many requests a client may send in a while."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

from cachetools import LRUCache
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.refusals import RateLimitedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limits import RateLimitItem

# Of which the server remembers anything; beyond, those that were silent longest are forgotten.
MOST_CLIENTS = 10_000


class RateLimit:
    """A moving window for each client: at most so many requests in any span of its length.

    `rate` is such as 600/minute. It holds for one process.
    """

    def __init__(self, rate: str, most_clients: int = MOST_CLIENTS):
        self._rate = parse(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._clients = _Clients(self._limiter, self._rate, most_clients)

    def hit(self, client: str) -> Mapping[str, str]:
        """Count a request; gives headers that tell the client where it stands.

        Raises: RateLimitedError.
        """
        self._clients[client] = None
        allowed = self._limiter.hit(self._rate, client)
        window = self._limiter.get_window_stats(self._rate, client)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        headers = _headers(self._rate, window.remaining, seconds)
        if not allowed:
            raise RateLimitedError(self._rate, seconds, headers)
        return headers


class _Clients(LRUCache[str, None]):
    """Those that the limiter knows; whoever falls out is forgotten there, too."""

    def __init__(self, limiter: MovingWindowRateLimiter, rate: RateLimitItem, most: int):
        super().__init__(most)
        self._limiter = limiter
        self._rate = rate

    def popitem(self) -> tuple[str, None]:
        """Drop the one that was silent longest."""
        client, _ = super().popitem()
        self._limiter.clear(self._rate, client)
        return client, None


def client_of(address: str) -> str:
    """Whom an address stands for: an IPv6 host has all addresses of its /64 network."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip)


def _headers(rate: RateLimitItem, remaining: int, seconds: int) -> dict[str, str]:
    """The fields of the IETF's draft "RateLimit header fields for HTTP" (httpapi, 10)."""
    return {
        "RateLimit-Policy": f'"default";q={rate.amount};w={rate.get_expiry()}',
        "RateLimit": f'"default";r={remaining};t={seconds}',
    }
