"""What the load sends, and what it takes for an error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from eval.serve import requests
from eval.serve.clients import RequestError
from eval.serve.requests import Requests, kind_of
from eval.synthetic.rows import SyntheticCorpus, question_text
from rag.encoders.base import EncoderInfo

if TYPE_CHECKING:
    from eval.serve.clients import Send

Handler = Callable[[httpx.Request], httpx.Response]


def sent_to(handler: Handler, send: Send, number: int = 0) -> str:
    async def run() -> str:
        transport = httpx.MockTransport(handler)
        async with httpx.AsyncClient(transport=transport, base_url="http://trident") as http:
            return await send(http, number)

    return asyncio.run(run())


def test_no_question_is_asked_twice() -> None:
    bodies: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"passages": [{}]})

    for number in range(20):
        assert sent_to(answer, Requests("c").search, number) == "search"
    assert len({body["question"] for body in bodies}) == 20
    assert {body["collection"] for body in bodies} == {"c"}


def test_a_search_that_finds_nothing_is_an_error_where_there_is_something() -> None:
    def nothing(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"passages": []})

    with pytest.raises(RequestError, match="200 without passages"):
        sent_to(nothing, Requests("c").search)
    assert sent_to(nothing, Requests("c", may_be_empty=True).search) == "search"


def test_an_upload_is_done_when_its_job_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "JOB_PAUSE", 0.0)
    states = ["queued", "running", "succeeded"]

    def take(request: httpx.Request) -> httpx.Response:
        assert request.method == ("POST" if len(states) == 3 else "GET")
        return httpx.Response(200, json={"id": "j", "state": states.pop(0)})

    assert sent_to(take, Requests("c").upload) == "upload"
    assert not states


def test_a_job_that_failed_is_an_error() -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(202, json={"id": "j", "state": "failed"})

    with pytest.raises(RequestError, match="job failed"):
        sent_to(fail, Requests("c").upload)


def test_errors_are_told_apart_by_the_code_of_their_problem() -> None:
    problem = httpx.Response(
        503,
        content=json.dumps({"code": "overloaded"}),
        headers={"content-type": "application/problem+json"},
    )
    assert kind_of(problem) == "503 overloaded"
    assert kind_of(httpx.Response(502, text="<html>")) == "502"


def test_the_words_of_a_question_are_those_of_the_synthetic_corpus() -> None:
    corpus = SyntheticCorpus(EncoderInfo("widths", (), 8, 1000, 8, 10))
    assert [question_text(n) for n in range(5)] == [corpus.question(n)[0] for n in range(5)]
