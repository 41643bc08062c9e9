"""Which engine is opened, and what is said without Ray."""

from __future__ import annotations

import pytest

from indexers.distributed import open as opening
from indexers.engines.local import LocalEngine
from indexers.engines.registry import ENGINES, open_engine
from rag.errors import SettingsError
from rag.settings import EngineChoice, IndexSettings, Settings
from tests.indexers.tiny_encoder import TinyEncoder


def test_there_is_an_engine_for_every_choice_and_the_local_one_is_the_default() -> None:
    assert ENGINES.keys() == set(EngineChoice)
    with open_engine(Settings(), TinyEncoder()) as engine:
        assert isinstance(engine, LocalEngine)


def test_without_ray_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "find_spec", lambda _: None)
    settings = Settings(index=IndexSettings(engine=EngineChoice.RAY))
    with (
        pytest.raises(SettingsError, match=r"run `pip install 'trident-rag\[ray\]'`"),
        open_engine(settings, TinyEncoder()),
    ):
        pass
