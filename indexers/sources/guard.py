"""Connections to public addresses only, and none that outlasts a deadline.

An address is looked up here and connected to, so that no second look-up can give another one
(DNS rebinding); and for each connection anew, so that a redirect cannot lead inside. Every
read waits no longer than the deadline, so that no server can hold on by dripping.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from rag.settings import FetchSettings

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(httpcore.ConnectError):
    """A name stands for an address that is not on the public internet."""


class DeadlineError(httpcore.TimeoutException):
    """The time for a source is over."""


def is_public(address: str) -> bool:
    """An IP address that anybody may reach, also where it stands inside an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inside:
            return is_public(str(inside))
        if ip in NAT64:
            return False
    return ip.is_global and not ip.is_multicast


def guarded_client(settings: FetchSettings) -> httpx.Client:
    """A client for one source: its deadline begins now. It follows no redirects, uses no proxy."""
    transport = httpx.HTTPTransport(trust_env=False)
    # httpx has no public way to give its pool another network.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False),
        network_backend=_Network(time.monotonic() + settings.timeout, settings.private_addresses),
    )
    headers = {"User-Agent": settings.user_agent, "Accept-Encoding": "identity"}
    return httpx.Client(
        transport=transport, headers=headers, timeout=settings.timeout, trust_env=False
    )


class _Network(httpcore.NetworkBackend):
    def __init__(self, deadline: float, private: bool) -> None:
        self._deadline = deadline
        self._private = private
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._address(host, port)
        wait = _left(self._deadline, timeout)
        stream = self._inner.connect_tcp(address, port, wait, local_address, socket_options)
        return _Stream(stream, self._deadline)

    def _address(self, host: str, port: int) -> str:
        """Of all addresses of the name the first, if each is allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"there is no host {host}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private and not all(map(is_public, addresses)):
            raise PrivateAddressError(f"{host} is not on the public internet")
        return addresses[0]


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait = _left(self._deadline, timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, wait), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise DeadlineError
    return left if timeout is None else min(left, timeout)
