"""Where the test collections are that are too large, or not ours, to lie in the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.settings.load import EVAL_DATA_VARIABLE

REPOSITORY = Path(__file__).parents[2]


def data_path(name: str) -> Path:
    """A test collection's folder, or a file; the test is skipped when it is not there."""
    path = Path(os.environ.get(EVAL_DATA_VARIABLE, REPOSITORY.parent / "shared" / "data")) / name
    if not path.exists():
        pytest.skip(f"there is no {path}; {EVAL_DATA_VARIABLE} names the folder of {name}")
    return path
