"""Models of LangChain's providers: the real OpenAI client against a server that may fail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from rag.errors import GenerationError, GenerationTimeoutError
from rag.generate import retry
from rag.generate.langchain_model import LangchainModel
from rag.settings import GeneratorSettings
from rag.types import Delta, Finish, Message, Role, Sampling, Usage
from tests.rag.generate.openai_server import (
    WORDS,
    cut,
    endless,
    serving,
    silent,
    status,
    whole,
    without_usage,
)

if TYPE_CHECKING:
    from tests.rag.generate.openai_server import OpenAIServer

KEY = "sk-very-secret-7f3a"
MESSAGES = (Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "Do bees dance?"))
SAMPLING = Sampling(temperature=0.5, max_tokens=9, stop=("END",), seed=7)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    monkeypatch.setattr(retry, "FIRST_PAUSE", 0.01)


def model(server: OpenAIServer, **changes: object) -> LangchainModel:
    given = {
        "model": "openai:m",
        "base_url": server.url,
        "api_key_env": "MY_KEY",
        "timeout": 0.5,
        "attempts": 3,
        **changes,
    }
    return LangchainModel(GeneratorSettings.model_validate(given))


def test_text_arrives_in_pieces_and_the_last_has_usage_and_finish() -> None:
    with serving(whole) as server:
        *pieces, last = model(server).stream(MESSAGES, SAMPLING)
    assert [piece.text for piece in pieces] == list(WORDS)
    assert all(piece.finish is None for piece in pieces)
    assert last == Delta("", Usage(11, 3), Finish.STOP)


def test_messages_and_options_reach_the_server() -> None:
    with serving(whole) as server:
        list(model(server).stream(MESSAGES, SAMPLING))
    (request,) = server.requests
    sent = [(message["role"], message["content"]) for message in request["messages"]]
    assert sent == [("system", "Be brief."), ("user", "Do bees dance?")]
    assert request["model"] == "m"
    assert (request["temperature"], request["seed"], request["stop"]) == (0.5, 7, ["END"])
    assert 9 in (request.get("max_tokens"), request.get("max_completion_tokens"))
    assert server.keys == [f"Bearer {KEY}"]


def test_usage_that_a_server_does_not_tell_is_estimated_and_says_so() -> None:
    with serving(without_usage) as server:
        *_, last = model(server).stream(MESSAGES, SAMPLING)
    assert last.finish is Finish.LENGTH
    assert last.usage is not None
    assert last.usage.estimated
    assert last.usage.prompt_tokens >= 5


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_transient_failure_is_tried_again(code: int) -> None:
    with serving(status(code), status(code), whole) as server:
        deltas = list(model(server).stream(MESSAGES, SAMPLING))
    assert "".join(delta.text for delta in deltas) == "".join(WORDS)
    assert len(server.requests) == 3


def test_tries_are_bounded() -> None:
    refused = pytest.raises(GenerationError, match="HTTP status 503")
    with serving(*[status(503)] * 5) as server, refused:
        list(model(server, attempts=2).stream(MESSAGES, SAMPLING))
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("code", "hint"), [(401, "valid key"), (404, "base_url"), (400, "context_tokens")]
)
def test_a_lasting_failure_is_not_tried_again_and_says_what_to_do(code: int, hint: str) -> None:
    with serving(status(code), whole) as server, pytest.raises(GenerationError, match=hint):
        list(model(server).stream(MESSAGES, SAMPLING))
    assert len(server.requests) == 1


def test_a_stream_cut_in_the_middle_is_an_error_and_nothing_is_said_twice() -> None:
    with serving(cut, whole) as server:
        deltas = model(server).stream(MESSAGES, SAMPLING)
        assert next(deltas).text == WORDS[0]
        with pytest.raises(GenerationError, match="connection broke"):
            next(deltas)
    assert len(server.requests) == 1


def test_a_silent_server_is_given_up() -> None:
    with serving(silent) as server:
        deltas = model(server).stream(MESSAGES, SAMPLING)
        assert next(deltas).text == WORDS[0]
        with pytest.raises(GenerationTimeoutError, match=r"generator\.timeout"):
            next(deltas)


def test_closing_the_stream_hangs_up() -> None:
    with serving(endless) as server:
        deltas = model(server).stream(MESSAGES, SAMPLING)
        next(deltas)
        deltas.close()
        assert server.gone.wait(5)


def test_a_server_that_is_not_there_is_named_in_a_sentence() -> None:
    with serving() as server:
        pass
    with pytest.raises(GenerationError, match="cannot be reached"):
        list(model(server, attempts=1).stream(MESSAGES, SAMPLING))


def test_what_a_server_says_of_the_key_reaches_neither_error_nor_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    import traceback

    caplog.set_level(logging.DEBUG)
    says = status(401, f"Incorrect API key provided: {KEY}")
    with serving(says) as server, pytest.raises(GenerationError) as refused:
        list(model(server).stream(MESSAGES, SAMPLING))
    ours = [record for record in caplog.records if record.name.startswith("rag")]
    assert KEY not in "".join(traceback.format_exception(refused.value))
    assert KEY not in "".join(record.getMessage() for record in ours)


def test_tokens_are_estimated_on_the_high_side() -> None:
    with serving() as server:
        estimate = model(server).count_tokens
    english = "The waggle dance gives direction and distance to the other honey bees."
    assert estimate(english) >= 13  # words and full stop
    assert estimate("東京は日本の首都です") >= 10


def test_the_context_is_that_of_the_settings_else_a_bounded_one() -> None:
    with serving() as server:
        assert model(server, context_tokens=999).context_tokens == 999
        assert model(server).context_tokens >= 4096
