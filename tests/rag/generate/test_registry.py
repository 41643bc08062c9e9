"""Generators by name, and what is said where one cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SettingsError, WeightsError
from rag.generate.extractive import ExtractiveGenerator
from rag.generate.registry import load_generator, load_language_model
from rag.settings import GeneratorSettings

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder

SECRET = "sk-very-secret-7f3a"


def test_without_a_setting_answers_are_extractive(encoder: Encoder) -> None:
    assert isinstance(load_generator(GeneratorSettings(), encoder), ExtractiveGenerator)


def test_the_extractive_generator_has_no_language_model() -> None:
    with pytest.raises(SettingsError, match="has no language model"):
        load_language_model(GeneratorSettings())


def test_a_name_without_a_model_is_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match="provider:model"):
        load_language_model(GeneratorSettings(model="gpt"))


@pytest.mark.parametrize("provider", ["ollama", "anthropic", "google_genai"])
def test_a_missing_package_is_named_with_the_command_to_install_it(provider: str) -> None:
    pytest.importorskip("langchain")
    from importlib.util import find_spec

    if find_spec(f"langchain_{provider}"):
        pytest.skip(f"langchain-{provider} is installed here")
    package = provider.replace("_", "-")
    with pytest.raises(SettingsError, match=rf"`pip install langchain-{package}`\.$"):
        load_language_model(GeneratorSettings(model=f"{provider}:some-model"))


def test_an_unknown_provider_is_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match=r"nonsense:x cannot be used"):
        load_language_model(GeneratorSettings(model="nonsense:x"))


def test_a_missing_key_is_said_with_the_variable_that_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        load_language_model(GeneratorSettings(model="openai:gpt-x"))


def test_an_empty_variable_for_the_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    with pytest.raises(SettingsError, match="MY_KEY"):
        load_language_model(GeneratorSettings(model="openai:gpt-x", api_key_env="MY_KEY"))


@pytest.mark.parametrize(
    "wrong", [{"api_key_env": SECRET}, {"base_url": f"http://me:{SECRET}@host/v1"}]
)
def test_a_key_in_the_wrong_setting_is_refused_and_not_repeated(wrong: dict[str, str]) -> None:
    from rag.settings import load_settings

    with pytest.raises(SettingsError) as refused:
        load_settings({"generator": wrong})
    assert SECRET not in str(refused.value)


def test_the_settings_never_hold_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.settings import origins

    monkeypatch.setenv("MY_KEY", SECRET)
    monkeypatch.setenv("TRIDENT_GENERATOR__API_KEY_ENV", "MY_KEY")
    shown = str(origins())
    assert "MY_KEY" in shown
    assert SECRET not in shown
    model = load_language_model(GeneratorSettings(model="openai:gpt-x", api_key_env="MY_KEY"))
    assert SECRET not in repr(vars(model))


def test_a_missing_gguf_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none\.gguf"):
        load_language_model(GeneratorSettings(model="local", gguf=tmp_path / "none.gguf"))
