"""What a client says of servers that are missing, silent, or not what they should be."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from infinity.errors import ErrorCode
from infinity.remote_thrift.client import ThriftInfinityClient
from infinity.remote_thrift.infinity_thrift_rpc.ttypes import CommonResponse

from rag.errors import StoreError, StoreUnreachableError
from rag.store import server_client
from rag.store.address import Address
from rag.store.server_client import connect
from tests.rag.store.server.service import CLIENT_VERSION, Service, Socket, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


class Recorder(Service):
    """A server without an engine that keeps the requests it got."""

    def __init__(self, answer: CommonResponse) -> None:
        super().__init__(None)  # type: ignore[arg-type] # nothing here comes to the engine
        self.answer = answer
        self.requests: list[Any] = []

    def Connect(self, request: Any) -> CommonResponse:  # noqa: N802 - a name of the protocol
        self.requests.append(request)
        return self.answer


def served(service: Service) -> Address:
    listening = Socket("127.0.0.1", 0)
    listening.listen()
    threading.Thread(target=serve, args=(service, listening), daemon=True).start()
    return Address("127.0.0.1", listening.bound_port, "trident")


@contextmanager
def listener(answer: bytes | None) -> Iterator[Address]:
    """A port that gives `answer` to whoever connects, or nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply() -> None:
            connection, _ = server.accept()
            if answer is not None:
                connection.recv(100)
                connection.sendall(answer)
                connection.close()
            else:
                held.append(connection)

        held: list[socket.socket] = []
        threading.Thread(target=reply, daemon=True).start()
        yield Address("127.0.0.1", server.getsockname()[1], "trident")


def test_where_nobody_listens_a_sentence_names_the_place_and_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(StoreUnreachableError) as raised:
        connect(Address("127.0.0.1", port, "trident"), 1)
    assert str(raised.value) == (
        f"No Infinity server answers at 127.0.0.1:{port}; start it, or correct TRIDENT_STORE__URI."
    )


def test_a_silent_port_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_client, "CONNECT_SECONDS", 0.05)
    with listener(None) as address, pytest.raises(StoreUnreachableError, match="does not"):
        connect(address, 1)


def test_another_kind_of_server_is_told_apart() -> None:
    with (
        listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as address,
        pytest.raises(StoreUnreachableError, match="does not answer as an Infinity server"),
    ):
        connect(address, 1)


def test_versions_that_do_not_fit_are_both_named() -> None:
    said = "Expected version index: 0.6.0, connecting version: 0.7.4"
    answer = CommonResponse(ErrorCode.CLIENT_VERSION_MISMATCH, said)
    with pytest.raises(StoreError, match=r"Expected version index: 0\.6\.0") as raised:
        connect(served(Recorder(answer)), 1)
    assert f"does not fit infinity-sdk {version('infinity-sdk')}" in str(raised.value)
    assert not isinstance(raised.value, StoreUnreachableError)


def test_a_server_that_is_starting_is_out_of_reach_for_now() -> None:
    answer = CommonResponse(ErrorCode.INFINITY_IS_STARTING, "Infinity is starting")
    with pytest.raises(StoreUnreachableError, match="is starting"):
        connect(served(Recorder(answer)), 1)


def test_we_say_the_version_that_the_sdk_says() -> None:
    from infinity.common import NetworkAddress

    service = Recorder(CommonResponse(ErrorCode.OK, "", 1))
    address = served(service)
    connect(address, 1).close()
    ThriftInfinityClient(NetworkAddress(address.host, address.port))._is_connected = False
    assert [request.client_version for request in service.requests] == [CLIENT_VERSION] * 2
