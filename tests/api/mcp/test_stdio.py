"""`trident mcp` as a client of the official SDK sees it, over a real database."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from eval.serve.server_process import running
from tests.corpus import TEXTS
from tests.rag.cli.command import TRIDENT, trident

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mcp_types import CallToolResult

pytestmark = pytest.mark.xdist_group("server")
Session = Callable[[Client], Awaitable[None]]
COLLECTION = "test"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text)
    store = tmp_path_factory.mktemp("store")
    trident("index", str(folder), "-c", COLLECTION, store=store)
    return store


def environment(store: Path) -> dict[str, str]:
    return {
        **os.environ,
        "TRIDENT_STORE__PATH": str(store),
        "TRIDENT_COLLECTION": COLLECTION,
        "TRIDENT_ENCODER__RUNTIME": "torch",
    }


def converse(session: Session, variables: Mapping[str, str], *flags: str) -> None:
    """Hold a session with a process of `trident mcp`."""
    command = StdioServerParameters(command=TRIDENT, args=["mcp", *flags], env=dict(variables))

    async def run() -> None:
        async with Client(command, read_timeout_seconds=300) as client:
            await session(client)

    anyio.run(run)


def said(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


async def asks_everything(client: Client) -> None:
    """What a user can do, which is the same over a database and over a server."""
    listed = await client.list_tools()
    names = [tool.name for tool in listed.tools]
    assert names == ["search", "ask", "ground", "list_collections", "list_documents"]
    await searches(client)
    await answers(client)
    await lists(client)
    await is_told_what_is_wrong(client)


async def searches(client: Client) -> None:
    found = await client.call_tool("search", {"question": "active volcano", "top_k": 2})
    assert not found.is_error, said(found)
    assert len(found.structured_content["passages"]) == 2
    assert found.structured_content["passages"][0]["doc_id"].endswith("volcano.txt")
    assert "Mount Etna is the most active volcano" in said(found)


async def answers(client: Client) -> None:
    answered = await client.call_tool("ask", {"question": "When did Mount Etna erupt?"})
    assert "2021" in answered.structured_content["answer"]
    assert said(answered).startswith(answered.structured_content["answer"])
    claim = {"answer": "Etna erupted in 1669.", "context": [TEXTS["volcano"]]}
    checked = await client.call_tool("ground", claim)
    assert checked.structured_content["grounded"] is False


async def lists(client: Client) -> None:
    collections = await client.call_tool("list_collections", {})
    assert collections.structured_content["collections"][0]["documents"] == len(TEXTS)
    page = {"collection": COLLECTION, "limit": 3}
    first = (await client.call_tool("list_documents", page)).structured_content
    assert len(first["documents"]) == 3
    page["cursor"] = first["next_cursor"]
    second = (await client.call_tool("list_documents", page)).structured_content
    assert not {d["id"] for d in first["documents"]} & {d["id"] for d in second["documents"]}


async def is_told_what_is_wrong(client: Client) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "There is no collection 'nowhere'": {"question": "x", "collection": "nowhere"},
        "/top_k": {"question": "x", "top_k": 0},
        "/question": {},
    }
    for sentence, arguments in wrong.items():
        result = await client.call_tool("search", arguments)
        assert result.is_error
        assert sentence in said(result)
        assert "\n" not in said(result)


def test_all_tools_answer_over_a_database(store: Path) -> None:
    converse(asks_everything, environment(store))


def test_all_tools_answer_through_a_running_server(store: Path, tmp_path: Path) -> None:
    with running(store, environment(store)) as server:
        converse(asks_everything, environment(tmp_path), "--url", server.url)
        locked = trident("mcp", store=store, code=1)
        assert "trident mcp --url http" in locked.stderr
        assert locked.stderr.count("\n") == 1
