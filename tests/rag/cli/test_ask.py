"""`trident ask` with a language model, end to end. What a model says is never asserted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.corpus import TEXTS
from tests.rag.cli.command import trident, trident_json

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("cli_ask")

QUESTION = "Where is the most active volcano?"
SMALL = {
    "TRIDENT_GENERATOR__MAX_TOKENS": "12",
    "TRIDENT_GENERATOR__CONTEXT_TOKENS": "1024",
    "TRIDENT_GENERATOR__THREADS": "1",
    "TRIDENT_ANSWER__PASSAGES": "1",
}
SECRET = "sk-very-secret-7f3a"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one document."""
    file = tmp_path_factory.mktemp("documents") / "volcano.md"
    file.write_text(TEXTS["volcano"])
    store = tmp_path_factory.mktemp("store")
    trident_json("index", str(file), store=store)
    return store


def test_a_model_is_chosen_by_a_flag_and_its_answer_is_printed(store: Path) -> None:
    done = trident("ask", QUESTION, "--model", "local", store=store, variables=SMALL)
    assert done.stdout.strip()


def test_as_json_the_answer_tells_model_usage_and_notices(store: Path) -> None:
    arguments = ("ask", QUESTION, "--model", "local", "--json")
    answer = json.loads(trident(*arguments, store=store, variables=SMALL).stdout)
    assert answer["text"]
    assert answer["model"] == "local"
    assert 0 < answer["usage"]["completion_tokens"] <= 12
    assert isinstance(answer["notices"], list)


def test_without_a_flag_the_answer_is_extractive_and_streamed_whole(store: Path) -> None:
    done = trident("ask", QUESTION, store=store)
    first, source, *_ = done.stdout.splitlines()
    assert first.startswith("Mount Etna is the most active volcano in Europe. [1]")
    assert source.startswith("  [1] ")


def test_a_missing_package_gets_the_command_that_installs_it(store: Path) -> None:
    done = trident("ask", QUESTION, "--model", "anthropic:claude-x", store=store, code=2)
    assert "pip install langchain-anthropic" in done.stderr


def test_a_key_is_in_no_output(store: Path) -> None:
    variables = {
        "MY_KEY": SECRET,
        "TRIDENT_GENERATOR__API_KEY_ENV": "MY_KEY",
        "TRIDENT_GENERATOR__BASE_URL": "http://127.0.0.1:9/v1",
        "TRIDENT_GENERATOR__ATTEMPTS": "1",
    }
    shown = trident("config", "show", "--origins", store=store, variables=variables)
    asked = trident(
        "ask", QUESTION, "--model", "openai:m", store=store, code=1, variables=variables
    )
    assert "generator.api_key_env = MY_KEY" in shown.stdout
    assert "cannot be reached" in asked.stderr
    assert SECRET not in shown.stdout + shown.stderr + asked.stdout + asked.stderr
