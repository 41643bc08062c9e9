"""A call becomes a request, and whatever comes back a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from api.mcp import calls

if TYPE_CHECKING:
    from mcp_types import CallToolResult

Handler = Callable[[httpx.Request], httpx.Response]
DOCUMENTS: dict[str, Any] = {"documents": [], "next_cursor": None}


def called(handler: Handler, name: str, arguments: dict[str, Any]) -> CallToolResult:
    async def run() -> CallToolResult:
        transport = httpx.MockTransport(handler)
        async with httpx.AsyncClient(transport=transport, base_url="http://trident") as client:
            return await calls.call(client, name, arguments)

    return anyio.run(run)


def said(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


def test_a_collection_cannot_leave_its_place_in_the_path() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=DOCUMENTS)

    called(answer, "list_documents", {"collection": "../../x?y#z", "limit": 3})
    assert seen[0].url.raw_path == (b"/v1/collections/..%2F..%2Fx%3Fy%23z/documents?limit=3")


def test_a_problem_becomes_its_one_sentence() -> None:
    def refuse(_request: httpx.Request) -> httpx.Response:
        problem = {"code": "collection_not_found", "detail": "There is no collection 'x'."}
        return httpx.Response(404, json=problem)

    result = called(refuse, "search", {"question": "volcano"})
    assert result.is_error
    assert said(result) == "There is no collection 'x'."


def test_an_answer_of_something_else_is_told_apart() -> None:
    result = called(lambda _: httpx.Response(502, text="<html>"), "search", {"question": "x"})
    assert result.is_error
    assert said(result) == "The server answered 502, and no Trident answers so."


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    def break_off(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    result = called(break_off, "search", {"question": "volcano"})
    assert result.is_error
    assert "http://trident does not answer" in said(result)
    assert "trident serve" in said(result)


def test_a_server_that_loads_its_models_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "PAUSE", 0.01)
    answers = [httpx.Response(503, json={"code": "not_ready"})] * 2
    answers.append(httpx.Response(200, json={"collections": []}))

    def load(request: httpx.Request) -> httpx.Response:
        return answers[0] if request.url.path == "/readyz" else answers.pop(0)

    result = called(load, "list_collections", {})
    assert not result.is_error
    assert result.structured_content == {"collections": []}


def test_a_server_that_will_not_be_ready_says_why() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/readyz":
            problem = {"code": "weights_missing", "detail": "The weights are gone."}
            return httpx.Response(503, json=problem)
        return httpx.Response(503, json={"code": "not_ready", "detail": "Wait."})

    assert said(called(fail, "list_collections", {})) == "The weights are gone."


def test_a_server_that_has_too_much_to_do_is_not_asked_again() -> None:
    busy = httpx.Response(503, json={"code": "overloaded", "detail": "Retry in a moment."})
    assert said(called(lambda _: busy, "list_collections", {})) == "Retry in a moment."


def test_an_unknown_tool_and_a_missing_part_of_the_path_are_told() -> None:
    unreachable: Handler = lambda _: pytest.fail("nothing may be sent")  # noqa: E731 - a stub
    assert "there are search, ask" in said(called(unreachable, "serach", {}))
    assert said(called(unreachable, "list_documents", {})) == "list_documents needs collection."
