"""A folder belongs to one experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.sweep.workspace import Workspace
from rag.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_experiment_may_come_again_and_another_is_told_what_differs(
    tmp_path: Path,
) -> None:
    workspace = Workspace(tmp_path / "out")
    workspace.claim({"data": "1", "chunks": {"size": 192}, "ef": 200})
    workspace.claim({"data": "1", "chunks": {"size": 192}, "ef": 200})
    with pytest.raises(InputError, match="another chunks and ef; choose another folder"):
        workspace.claim({"data": "1", "chunks": {"size": 128}, "ef": 100})
