"""Flag over environment over file over default; unknown keys are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.errors import SettingsError
from rag.settings import load_settings, origins

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "trident.toml"


def test_flags_win_over_environment_over_file_over_default(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text("[search]\ntop_k = 2\ncandidates = 20\nef = 21\n")
    monkeypatch.setenv("TRIDENT_SEARCH__TOP_K", "3")
    monkeypatch.setenv("TRIDENT_SEARCH__CANDIDATES", "30")
    search = load_settings({"search": {"top_k": 4}}).search
    assert (search.top_k, search.candidates, search.ef, search.rank_constant) == (4, 30, 21, 60)


def test_origins_name_where_each_value_comes_from(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml.write_text("[search]\nef = 21\n")
    monkeypatch.setenv("TRIDENT_SEARCH__CANDIDATES", "30")
    found = origins({"search": {"top_k": 4}})
    assert found["search.top_k"] == (4, "flag")
    assert found["search.candidates"] == (30, "environment")
    assert found["search.ef"] == (21, "trident.toml")
    assert found["search.rank_constant"] == (60, "default")


def test_a_flag_that_was_not_given_changes_nothing(toml: Path) -> None:
    assert load_settings({"search": {"top_k": None}, "collection": None}) == load_settings()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[search]\ntopk = 3\n", "search.topk"),
        ("[serach]\ntop_k = 3\n", "serach"),
        ("[search]\ntop_k = 0\n", "search.top_k"),
        ("[search]\nlegs = ['colbert']\n", "search.legs"),
        ("[search\n", "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_the_key_named(toml: Path, content: str, named: str) -> None:
    toml.write_text(content)
    with pytest.raises(SettingsError, match=named):
        load_settings()


@pytest.mark.parametrize("variable", ["TRIDENT_SERACH__TOP_K", "TRIDENT_SEARCH__TOPK"])
def test_an_unknown_variable_is_refused(
    toml: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "3")
    with pytest.raises(SettingsError, match=r"(?i)" + variable.rpartition("__")[2]):
        load_settings()


def test_a_named_file_that_is_not_there_is_refused(
    toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIDENT_CONFIG", "elsewhere.toml")
    with pytest.raises(SettingsError, match=r"elsewhere\.toml"):
        load_settings()
