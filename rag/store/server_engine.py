"""The engine as a server, reached through connections of a pool."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from infinity.errors import ErrorCode
from infinity.remote_thrift.db import RemoteDatabase
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential
from thrift.transport.TTransport import TTransportException

from rag.errors import StoreError, StoreUnreachableError
from rag.store.engine import engine_errors
from rag.store.pool import Pool
from rag.store.sdk import server_sdk
from rag.store.server_client import connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.settings import StoreSettings
    from rag.store.address import Address

T = TypeVar("T")
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class ServerEngine:
    """A database on a server. Implements `rag.store.engine.Engine`."""

    def __init__(self, address: Address, settings: StoreSettings):
        self.address = address
        self.sdk = server_sdk()
        self._pool = Pool(
            partial(connect, address, settings.timeout), settings.connections, settings.timeout
        )
        self._retrying = Retrying(
            stop=stop_after_attempt(settings.attempts),
            wait=wait_random_exponential(FIRST_PAUSE, LONGEST_PAUSE),
            retry=retry_if_exception_type(StoreUnreachableError),
            reraise=True,
        )
        self._closed = False

    @classmethod
    def open(cls, address: Address, settings: StoreSettings) -> Self:
        """Connect, and make the database if need be. Raises: StoreUnreachableError, StoreError."""
        engine = cls(address, settings)
        engine.repeat(engine._create_database)
        return engine

    def call(self, action: str, do: Callable[[Any], T]) -> T:
        """Give the SDK's database to `do`, once. Raises: StoreUnreachableError, StoreError."""
        return self._with_client(
            action, lambda client: do(RemoteDatabase(client, self.address.database))
        )

    def repeat(self, do: Callable[[], T]) -> T:
        """Do `do`, and again after growing random pauses while the server is out of reach."""
        return self._retrying(do)

    def close(self) -> None:
        """Hang up; idempotent."""
        self._closed = True
        self._pool.clear()

    def _with_client(self, action: str, do: Callable[[Any], T]) -> T:
        if self._closed:
            raise StoreError(f"The connection to {self.address} is closed; open it again.")
        try:
            with engine_errors(action, self.sdk), self._pool.client((self.sdk.error,)) as client:
                return self._answered(action, client, do)
        except StoreUnreachableError:
            self._pool.clear()
            raise

    def _answered(self, action: str, client: Any, do: Callable[[Any], T]) -> T:
        try:
            return do(client)
        except TTransportException as error:
            # The SDK answers a broken connection by connecting anew, which we refuse it.
            reason = error.__context__ or error
            raise StoreUnreachableError(
                f"The connection to {self.address} broke during an attempt to {action} "
                f"({reason}); see whether the server runs, and try again."
            ) from error

    def _create_database(self) -> None:
        """Make it only where it is missing: a follower of a cluster cannot be written to."""
        name, conflict = self.address.database, self.sdk.conflict_type.Ignore

        def create(client: Any) -> None:
            if client.get_database(name).error_code == ErrorCode.OK:
                return
            answer = client.create_database(name, conflict)
            if answer.error_code != ErrorCode.OK:
                raise self.sdk.error(answer.error_code, answer.error_msg)

        self._with_client(f"make the database {name}", create)
