"""llama.cpp in this process with real weights. What the model says is never asserted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from rag.errors import GenerationError, WeightsError
from rag.generate.local import LocalModel
from rag.settings import GeneratorSettings
from rag.types import Finish, Message, Role, Sampling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASK = (Message(Role.USER, "Count: one two three"),)
SHORT = Sampling(temperature=0.0, max_tokens=6, seed=1)


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    opened = LocalModel(GeneratorSettings(model="local", context_tokens=512, threads=1))
    yield opened
    opened.close()


def test_text_arrives_in_pieces_and_the_last_has_usage_and_finish(model: LocalModel) -> None:
    *pieces, last = model.stream(ASK, SHORT)
    assert pieces
    assert all(piece.text and piece.finish is None for piece in pieces)
    assert last.finish is Finish.LENGTH
    assert last.usage is not None
    assert last.usage.completion_tokens == 6
    assert last.usage.prompt_tokens > 0


def test_a_seed_makes_sampling_repeatable(model: LocalModel) -> None:
    warm = Sampling(temperature=1.0, max_tokens=6, seed=3)
    said = ["".join(delta.text for delta in model.stream(ASK, warm)) for _ in range(2)]
    assert said[0] == said[1]


def test_stop_ends_the_text_and_is_not_part_of_it(model: LocalModel) -> None:
    whole = "".join(delta.text for delta in model.stream(ASK, SHORT))
    stop = whole.strip()[-1]
    sampling = Sampling(temperature=0.0, max_tokens=6, seed=1, stop=(stop,))
    assert stop not in "".join(delta.text for delta in model.stream(ASK, sampling))


def test_closing_the_stream_stops_the_model(model: LocalModel) -> None:
    before = threading.active_count()
    deltas = model.stream(ASK, Sampling(temperature=1.0, max_tokens=400, seed=1))
    next(deltas)
    deltas.close()
    *_, last = model.stream(ASK, SHORT)  # waits for the model to be free
    assert last.usage is not None
    assert threading.active_count() <= before + 1


def test_tokens_are_those_of_the_model(model: LocalModel) -> None:
    assert model.count_tokens("") == 0
    assert 1 <= model.count_tokens("hello world") <= 3


def test_the_context_is_that_of_the_settings(model: LocalModel) -> None:
    assert model.context_tokens == 512


def test_a_prompt_beyond_the_context_is_an_error_in_a_sentence(model: LocalModel) -> None:
    with pytest.raises(GenerationError, match=r"^local failed: .*\.$"):
        list(model.stream((Message(Role.USER, "word " * 900),), SHORT))


def test_nobody_else_can_use_the_port_that_it_opens(model: LocalModel) -> None:
    answer = httpx.post(
        f"{model._server.listening_address}/v1/chat/completions",
        json={"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1},
        trust_env=False,
    )
    assert answer.status_code == 401


def test_nothing_is_printed(model: LocalModel, capfd: pytest.CaptureFixture[str]) -> None:
    list(model.stream(ASK, SHORT))
    assert capfd.readouterr().out == ""


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bad.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(WeightsError, match=r"cannot load .*bad\.gguf"):
        LocalModel(GeneratorSettings(model="local", gguf=file))
