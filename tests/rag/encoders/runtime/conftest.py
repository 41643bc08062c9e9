"""A tiny backbone, and a cache of runtimes that is empty for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rag.encoders.tiny_backbone import write_tiny_backbone

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.runtime.backbone import BackboneSource


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of the test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def source(tmp_path: Path) -> BackboneSource:
    """A backbone of which the first and the last layer's states are wanted."""
    return write_tiny_backbone(tmp_path / "tiny", layers=(0, -1))
