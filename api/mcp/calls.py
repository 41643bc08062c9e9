"""A tool's call as a request of the API, and its response as the tool's result."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio
import httpx
from mcp_types import CallToolResult, TextContent

from api.mcp.tools import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.mcp.tools import Tool

LONGEST_LOADING = 120.0  # seconds
PAUSE = 0.5
NOT_READY = "not_ready"
PLACEHOLDER = re.compile(r"{(\w+)}")


async def call(
    client: httpx.AsyncClient, name: str, arguments: Mapping[str, Any]
) -> CallToolResult:
    """What a tool says; what is wrong becomes its result, too, so that a model can mend it."""
    tool = BY_NAME.get(name)
    if tool is None:
        return _error(f"There is no tool {name!r:.80}; there are {', '.join(BY_NAME)}.")
    missing = [each for each in PLACEHOLDER.findall(tool.path) if not arguments.get(each)]
    if missing:
        return _error(f"{name} needs {', '.join(missing)}.")
    try:
        response = await _ready(client, _request(client, tool, arguments))
    except httpx.TransportError as error:
        return _error(
            f"The Trident server at {client.base_url} does not answer "
            f"({type(error).__name__}); start it by `trident serve`, or mend --url."
        )
    return _result(tool, response)


async def _ready(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The response; a server that still loads its models is asked again.

    /readyz tells that from a server that will not become ready, and why.
    """
    deadline = anyio.current_time() + LONGEST_LOADING
    response = await client.send(request)
    while _code(response) == NOT_READY and anyio.current_time() < deadline:
        state = await client.get("/readyz")
        if _code(state) not in {NOT_READY, ""}:
            return state
        await anyio.sleep(PAUSE)
        response = await client.send(request)
    return response


def _request(client: httpx.AsyncClient, tool: Tool, arguments: Mapping[str, Any]) -> httpx.Request:
    in_path = set(PLACEHOLDER.findall(tool.path))
    path = PLACEHOLDER.sub(lambda found: quote(str(arguments[found[1]]), safe=""), tool.path)
    rest = {
        name: value
        for name, value in arguments.items()
        if name not in in_path and value is not None
    }
    if tool.method == "post":
        return client.build_request("POST", path, json=rest)
    return client.build_request("GET", path, params=rest)


def _result(tool: Tool, response: httpx.Response) -> CallToolResult:
    if not response.is_success:
        unexplained = f"The server answered {response.status_code}, and no Trident answers so."
        return _error(str(_problem(response).get("detail", unexplained)))
    found = response.json()
    return CallToolResult(content=[_text(tool.as_text(found))], structured_content=found)


def _code(response: httpx.Response) -> str:
    """Of a problem; empty when it is none."""
    return "" if response.is_success else str(_problem(response).get("code", ""))


def _problem(response: httpx.Response) -> dict[str, Any]:
    """The problem of a response; empty when it is none, as from a proxy."""
    try:
        body = response.json()
    except json.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _error(sentence: str) -> CallToolResult:
    return CallToolResult(content=[_text(sentence)], is_error=True)


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=text)
