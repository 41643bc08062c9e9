"""Errors of these routes are in OpenAI's form, whatever refuses the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest

from api.invalid import FieldProblem
from api.openai.errors import OpenAIErrorResponse
from api.problems import Problem
from tests.api.auth.guarded import guarded_app
from tests.api.live import served_app

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

    from rag.service import Rag

JSON = {"Content-Type": "application/json"}
CHAT = "/v1/chat/completions"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", CHAT, {"content": "{", "headers": JSON}, 400, "malformed_json"),
        ("POST", CHAT, {"content": "{}"}, 400, "unsupported_media_type"),
        ("POST", CHAT, {"json": {}}, 400, "invalid_request"),
        ("POST", CHAT, {"content": b" " * 1_000_001, "headers": JSON}, 413, "too_large"),
        ("GET", CHAT, {}, 405, "method_not_allowed"),
        ("GET", "/v1/chat/nothing", {}, 404, "not_found"),
        ("GET", "/v1/models/nothing", {}, 404, "model_not_found"),
    ],
)
def test_all_that_can_go_wrong_has_one_form(
    client: TestClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    response = client.request(method, path, **sent)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert response.headers["x-request-id"]


def test_other_routes_keep_theirs(client: TestClient) -> None:
    response = client.post("/v1/search", content="{", headers=JSON)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_key_that_is_not_valid_is_an_authentication_error(rag: Rag, tmp_path: Path) -> None:
    with (
        guarded_app(rag, tmp_path) as guarded,
        served_app(guarded.client.app) as url,  # type: ignore[arg-type]  # it is a FastAPI
    ):
        good, bad = (
            openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
            for key in (guarded.key(), "wrong")
        )
        assert good.models.list().data
        with pytest.raises(openai.AuthenticationError) as raised:
            bad.models.list()
    assert raised.value.code == "invalid_api_key"


def test_too_many_requests_are_a_rate_limit_error_that_says_when_to_retry(
    rag: Rag, tmp_path: Path
) -> None:
    with (
        guarded_app(rag, tmp_path, rate_limit="1/hour") as guarded,
        served_app(guarded.client.app) as url,  # type: ignore[arg-type]  # it is a FastAPI
    ):
        client = openai.OpenAI(base_url=f"{url}/v1", api_key=guarded.key(), max_retries=0)
        client.models.list()
        with pytest.raises(openai.RateLimitError) as raised:
            client.models.list()
    assert raised.value.code == "rate_limit_exceeded"
    assert int(raised.value.response.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("pointer", "param"),
    [
        ("/messages/0/content/12/text", "messages[0].content[12].text"),
        ("/input", "input"),
        ("", None),
    ],
)
def test_a_pointer_becomes_the_name_of_a_parameter(pointer: str, param: str | None) -> None:
    problem = Problem(
        title="Unprocessable Content",
        status=422,
        detail="x.",
        code="invalid_request",
        request_id="1",
        instance="/v1/embeddings",
        errors=[FieldProblem(pointer=pointer, detail="x")],
    )
    assert OpenAIErrorResponse.of(problem).error.param == param
