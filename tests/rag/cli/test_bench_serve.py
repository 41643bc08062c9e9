"""`trident bench serve` refuses what it cannot measure; tests/eval/serve holds runs."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from rag.cli.main import app
from rag.errors import InputError


@pytest.mark.parametrize("clients", ["", "0", "1,x", "1,,4", "300"])
def test_numbers_of_clients_are_whole_and_bounded(clients: str) -> None:
    error = CliRunner().invoke(app, ["bench", "serve", "--clients", clients]).exception
    assert isinstance(error, InputError)
    assert "give 1 to 256" in str(error)


def test_one_load_is_measured_at_a_time() -> None:
    error = CliRunner().invoke(app, ["bench", "serve", "--mixed", "--chaos"]).exception
    assert isinstance(error, InputError)
    assert "one at a time" in str(error)


def test_seconds_are_bounded() -> None:
    assert CliRunner().invoke(app, ["bench", "serve", "--seconds", "1e9"]).exit_code == 2
