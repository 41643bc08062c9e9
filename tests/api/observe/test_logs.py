"""The lines of the log: what happened, in whose course, and no text of anybody's."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bound_contextvars

from api.observe.logs import formatter
from rag.errors import StoreError
from rag.service import Rag

if TYPE_CHECKING:
    import pytest
    from fastapi.testclient import TestClient


def line(message: str, *values: object, error: BaseException | None = None, **extra: Any) -> str:
    """What the JSON log has of an event."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.getLogger("trident.test").makeRecord(
        "trident.test", logging.WARNING, "file.py", 1, message, values, info, extra=extra
    )
    return formatter("json").format(record)


def raised(error: Exception, cause: Exception | None = None) -> BaseException:
    try:
        raise error from cause
    except type(error):
        found = sys.exc_info()[1]
        assert found is not None
        return found


def test_a_line_is_one_json_object() -> None:
    event = json.loads(line("%s of %d", "one", 2, status=200))
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "one of 2",
        "status": 200,
        "level": "warning",
        "logger": "trident.test",
    }


def test_a_line_has_the_id_of_the_request_in_whose_course_it_came() -> None:
    with bound_contextvars(request_id="r1"):
        assert json.loads(line("x"))["request_id"] == "r1"
    assert "request_id" not in json.loads(line("x"))


def test_an_error_is_told_by_kind_and_place_since_its_words_may_quote_a_document() -> None:
    error = raised(ValueError("cannot read 'my secret diary'"))
    told = line("failed", error=error)
    assert "secret" not in told
    assert "ValueError" in told
    assert "test_logs.py" in told


def test_our_own_sentences_are_told_and_what_caused_them_by_kind() -> None:
    cause = raised(KeyError("diary"))
    assert isinstance(cause, Exception)
    told = line("failed", error=raised(StoreError("The disk is full."), cause))
    assert "The disk is full." in told
    assert "KeyError" in told
    assert "diary" not in told


def test_lines_for_people_say_the_same() -> None:
    record = logging.makeLogRecord({"msg": "ready", "levelname": "INFO", "name": "trident.api"})
    assert "ready" in formatter("console").format(record)


def test_each_request_is_one_line(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "trident.access"):
        client.post("/v1/search", json={"question": ""}, headers={"X-Request-ID": "r2"})
        client.get("/nowhere?question=secret")
    known, unknown = (vars(record) for record in caplog.records if record.name == "trident.access")
    assert (known["method"], known["route"], known["status"]) == ("POST", "/v1/search", 422)
    assert known["key"] == "anyone"
    assert known["ms"] >= 0
    assert (unknown["route"], unknown["status"]) == ("unmatched", 404)
    assert "secret" not in str(unknown)


def test_what_a_thread_logs_has_the_request_s_id(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def search(_rag: Rag, _question: str, **_options: object) -> None:
        lines.append(line("in a thread"))
        raise StoreError("enough")

    monkeypatch.setattr(Rag, "search", search)
    headers, body = {"X-Request-ID": "r3", "Cache-Control": "no-cache"}, {"question": "thread?"}
    monkeypatch.setattr("rag.store.embedded.EmbeddedStore.version", lambda *_: "1")
    client.post("/v1/search", json=body, headers=headers)
    assert [json.loads(one)["request_id"] for one in lines] == ["r3"]
