"""One connection to an Infinity server: the SDK's client, with time limits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from infinity.common import InfinityException, NetworkAddress
from infinity.errors import ErrorCode
from infinity.remote_thrift.client import ThriftInfinityClient
from thrift.Thrift import TException
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport, TTransportException

from rag.errors import StoreError, StoreUnreachableError
from rag.store.sdk import server_sdk

if TYPE_CHECKING:
    from rag.store.address import Address

CONNECT_SECONDS = 5.0
VERSIONS_DIFFER = (ErrorCode.CLIENT_VERSION_MISMATCH, ErrorCode.UNSUPPORTED_VERSION_INDEX)
STARTING = (ErrorCode.INFINITY_IS_STARTING, ErrorCode.INFINITY_IS_INITING)
LOGGER = logging.getLogger(__name__)
# Besides raising it, thrift logs each failed connection as an error.
logging.getLogger("thrift.transport.TSocket").setLevel(logging.CRITICAL)


class ServerClient(ThriftInfinityClient):  # type: ignore[misc] # the SDK has no types
    """The SDK's client that waits a bounded time and never sends a request twice.

    The SDK alone waits for ever, and repeats up to ten times what a broken connection left
    unanswered, inserts included; here only the store decides what is repeated.
    """

    def __init__(self, address: Address, timeout: float):
        self._socket = TSocket(address.host, address.port)
        self._buffered: TBufferedTransport | None = None
        self._socket.setTimeout(1e3 * CONNECT_SECONDS)
        super().__init__(NetworkAddress(address.host, address.port), logger=LOGGER)
        self._socket.setTimeout(1e3 * timeout)

    @property
    def transport(self) -> TBufferedTransport | None:
        """What the SDK reads from and writes to."""
        return self._buffered

    @transport.setter
    def transport(self, made: TBufferedTransport | None) -> None:
        """In place of the SDK's socket, which has no time limit, take the one that has."""
        self._buffered = None if made is None else TBufferedTransport(self._socket)

    def _reconnect(self) -> None:
        """Connect the first time; later calls are the SDK's before it repeats a request."""
        if self._buffered is not None:
            raise TTransportException(message="the connection broke")
        super()._reconnect()

    def close(self) -> None:
        """Hang up, without a farewell that might have to wait. Idempotent."""
        self._is_connected = False
        self._socket.close()


def connect(address: Address, timeout: float) -> ServerClient:
    """A new connection whose answers may take `timeout` seconds each.

    Raises: StoreUnreachableError; StoreError when the server's version does not fit the SDK's.
    """
    try:
        return ServerClient(address, timeout)
    except InfinityException as error:
        raise _refused(address, error) from error
    except TException as error:
        raise StoreUnreachableError(_unanswered(address, error)) from error


def _unanswered(address: Address, error: TException) -> str:
    if getattr(error, "type", None) == TTransportException.NOT_OPEN:
        return f"No Infinity server answers at {address}; start it, or correct TRIDENT_STORE__URI."
    return (
        f"What listens at {address} does not answer as an Infinity server; wait until it has "
        "started, or name its port for SDKs (23817 unless configured) in TRIDENT_STORE__URI."
    )


def _refused(address: Address, error: InfinityException) -> StoreError:
    if error.error_code in VERSIONS_DIFFER:
        sdk = server_sdk()
        return StoreError(
            f"The Infinity server at {address} does not fit {sdk.package} {sdk.version} "
            f"({str(error.error_msg).rstrip('. ')}); install the release of one that fits the "
            "other."
        )
    if error.error_code in STARTING:
        return StoreUnreachableError(f"The Infinity server at {address} is starting; try again.")
    return StoreError(f"The Infinity server at {address} refused: {error.error_msg}.")
