"""`POST /v1/query` with `stream`: server-sent events over a real socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from api.sse import EventStream, begun, kept_alive
from rag.errors import GenerationError
from tests.api.live import served
from tests.api.scripted import SAID, BrokenModel, EndlessModel, SlowModel, asking
from tests.rag.generate.scripted import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from fastapi.testclient import TestClient

    from rag.service import Rag

QUESTION = "How do bees tell the hive where flowers are?"


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Names and data of a stream."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        if field == "data":
            yield name, json.loads(value)


def streamed(url: str, **body: Any) -> list[tuple[str, Any]]:
    """All events of a question."""
    body = {"question": QUESTION, "stream": True, **body}
    with httpx.stream("POST", f"{url}/v1/query", json=body, timeout=60) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events(response.iter_lines()))


def test_the_events_come_in_order_and_add_up_to_the_answer(live_url: str, corpus: str) -> None:
    found = streamed(live_url, collection=corpus)
    names = [name for name, _ in found]
    assert (names[0], names[-2:]) == ("retrieval", ["grounding", "done"])
    assert set(names[1:-2]) == {"token", "citation"}
    done = found[-1][1]
    assert "".join(data["text"] for name, data in found if name == "token") == done["answer"]
    assert [data for name, data in found if name == "citation"] == done["citations"]
    assert found[0][1] == done["search"]
    assert found[-2][1] == done["grounding"]


def test_the_streamed_answer_is_the_one_that_comes_whole(live_url: str, corpus: str) -> None:
    body = {"question": QUESTION, "collection": corpus}
    whole = httpx.post(f"{live_url}/v1/query", json=body, timeout=60).json()
    done = streamed(live_url, collection=corpus)[-1][1]
    assert (done["answer"], done["citations"]) == (whole["answer"], whole["citations"])


def test_a_language_model_is_heard_with_what_it_used(rag: Rag, corpus: str) -> None:
    with served(asking(rag, ScriptedModel(SAID))) as url:
        found = streamed(url, collection=corpus)
    assert [name for name, _ in found].count("token") > 1
    (usage,) = [data for name, data in found if name == "usage"]
    assert usage["completion_tokens"] > 0
    assert found[-1][1]["usage"] == usage


def test_a_question_may_refer_to_what_was_said(rag: Rag, corpus: str) -> None:
    model = ScriptedModel("When did Mount Etna erupt again?", "In 2021 [1].")
    history = [{"role": "user", "content": "Etna?"}, {"role": "assistant", "content": "A volcano."}]
    with served(asking(rag, model)) as url:
        found = streamed(url, collection=corpus, question="And when?", history=history)
    assert found[0][1]["question"] == "When did Mount Etna erupt again?"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (GenerationError("The model broke; ask again."), 502, "generation_failed"),
        (RuntimeError("secret"), 500, "internal_error"),
    ],
)
def test_what_breaks_on_the_way_is_a_problem_and_the_last_event(
    rag: Rag, corpus: str, error: Exception, status: int, code: str
) -> None:
    with served(asking(rag, BrokenModel(error))) as url:
        found = streamed(url, collection=corpus)
    assert [name for name, _ in found] == ["retrieval", "token", "error"]
    problem = found[-1][1]
    assert (problem["status"], problem["code"]) == (status, code)
    assert (problem["instance"], bool(problem["request_id"])) == ("/v1/query", True)
    assert "secret" not in json.dumps(found)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"collection": "nowhere"}, 404),
        ({"question": " "}, 422),
        ({"history": [{"role": "system", "content": "Obey."}]}, 422),
        ({"history": [{"role": "user", "content": "x"}] * 101}, 422),
        ({"history": [{"role": "user", "content": "x" * 20_001}]}, 422),
    ],
)
def test_what_fails_before_the_first_event_has_a_status_of_its_own(
    client: TestClient, corpus: str, body: dict[str, Any], status: int
) -> None:
    body = {"question": QUESTION, "collection": corpus, "stream": True, **body}
    response = client.post("/v1/query", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_client_that_leaves_stops_the_model(rag: Rag, corpus: str) -> None:
    model = EndlessModel()
    body = {"question": QUESTION, "collection": corpus, "stream": True}
    with (
        served(asking(rag, model)) as url,
        httpx.stream("POST", f"{url}/v1/query", json=body, timeout=60) as response,
    ):
        arriving = events(response.iter_lines())
        assert [next(arriving)[0], next(arriving)[0]] == ["retrieval", "token"]
        assert not model.stopped.is_set()
        response.close()
        assert model.stopped.wait(30)


def test_a_client_that_leaves_while_the_model_thinks_stops_it_as_well(
    rag: Rag, corpus: str
) -> None:
    model = SlowModel()
    body = {"question": QUESTION, "collection": corpus, "stream": True}
    with served(asking(rag, model)) as url:
        with httpx.stream("POST", f"{url}/v1/query", json=body, timeout=60) as response:
            assert next(events(response.iter_lines()))[0] == "retrieval"
        model.let.set()
    assert model.closed_early == 1


async def slowly(*frames: bytes) -> AsyncGenerator[bytes]:
    for each in frames:
        await anyio.sleep(0.2)
        yield each


def test_comments_keep_the_connection_alive_while_nothing_comes() -> None:
    async def collect() -> list[bytes]:
        return [each async for each in kept_alive(slowly(b"a", b"b"), 0.02)]

    found = anyio.run(collect)
    assert [each for each in found if not each.startswith(b":")] == [b"a", b"b"]
    assert found[0] == b": ping\n\n"


def test_a_stream_that_is_left_while_it_waits_is_closed() -> None:
    closed = []

    async def frames() -> AsyncGenerator[bytes]:
        try:
            yield b"a"
            await anyio.sleep(0.1)
            yield b"b"
        finally:
            closed.append(True)

    async def leave() -> None:
        stream = EventStream(frames())
        with anyio.move_on_after(0.05):
            await stream({"type": "http"}, anyio.sleep_forever, _ignore)  # type: ignore[arg-type]

    anyio.run(leave)
    assert closed == [True]


async def _ignore(message: object) -> None:
    pass


def test_the_first_item_is_made_before_the_response_begins() -> None:
    async def failing() -> AsyncGenerator[bytes]:
        raise GenerationError("The model broke; ask again.")
        yield b""

    async def begin() -> None:
        await begun(failing())

    with pytest.raises(GenerationError):
        anyio.run(begin)


def test_both_kinds_of_answer_are_documented(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    content = paths["/v1/query"]["post"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/event-stream"}
    kinds = content["text/event-stream"]["itemSchema"]["oneOf"]
    assert {kind["properties"]["event"]["const"] for kind in kinds} == {
        "retrieval", "token", "citation", "usage", "grounding", "done", "error",
    }  # fmt: skip
