"""What clients raise, told apart without knowing the client."""

from __future__ import annotations

import httpx
import pytest

from rag.errors import GenerationError, GenerationTimeoutError
from rag.generate.faults import fault_of

REQUEST = httpx.Request("POST", "http://h/v1")


def answered(code: int) -> httpx.HTTPStatusError:
    return httpx.HTTPStatusError("no", request=REQUEST, response=httpx.Response(code))


def caused_by(cause: Exception) -> Exception:
    error = RuntimeError("wrapped by a client")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 529])
def test_statuses_that_pass_are_transient(code: int) -> None:
    assert fault_of(answered(code)).transient


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_statuses_that_stay_are_not(code: int) -> None:
    assert not fault_of(answered(code)).transient


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.ReadError("x"),
        ConnectionResetError(),
        caused_by(httpx.ConnectError("x")),
    ],
)
def test_broken_connections_are_transient(error: Exception) -> None:
    assert fault_of(error).transient
    assert type(fault_of(error).error("m")) is GenerationError


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout("x"), TimeoutError(), caused_by(TimeoutError())]
)
def test_timeouts_are_an_error_of_their_own(error: Exception) -> None:
    assert isinstance(fault_of(error).error("m"), GenerationTimeoutError)


def test_what_is_not_understood_is_not_tried_again() -> None:
    assert not fault_of(ValueError("odd")).transient
    assert "settings fit together" in str(fault_of(ValueError("odd")).error("m"))
