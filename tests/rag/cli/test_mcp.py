"""`trident mcp` before it serves; tests/api/mcp holds conversations with it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from rag.cli import mcp
from rag.cli.main import app
from rag.errors import FailureError, InputError


def test_without_the_sdk_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mcp, "find_spec", lambda name: None if name == "mcp" else find_spec(name))
    error = CliRunner().invoke(app, ["mcp"]).exception
    assert isinstance(error, FailureError)
    assert "pip install 'trident-rag[mcp]'" in str(error)


@pytest.mark.parametrize("url", ["localhost:8100", "ftp://localhost", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    error = CliRunner().invoke(app, ["mcp", "--url", url]).exception
    assert isinstance(error, InputError)
    assert "write http://127.0.0.1:8100" in str(error)
