from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from rag.store.engine_config import FOLDERS, write_config

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["plain", 'quo"te', "back\\slash", "brace{0}", "日本 space"])
def test_every_folder_of_the_engine_lies_in_the_database(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    config = tomllib.loads(write_config(folder).read_text("utf-8"))
    values = [value for section in config.values() for value in section.values()]
    paths = {value for value in values if str(value).startswith("/")}
    assert paths == {str(folder / inside) for inside in FOLDERS}


def test_a_commit_is_flushed_before_it_is_acknowledged(tmp_path: Path) -> None:
    config = tomllib.loads(write_config(tmp_path).read_text("utf-8"))
    assert config["wal"]["wal_flush"] == "flush_at_once"


def test_the_engine_does_not_log_to_standard_output(tmp_path: Path) -> None:
    config = tomllib.loads(write_config(tmp_path).read_text("utf-8"))
    assert config["log"]["log_to_stdout"] is False


def test_the_engine_does_not_merge_indexes_by_itself(tmp_path: Path) -> None:
    config = tomllib.loads(write_config(tmp_path).read_text("utf-8"))
    assert config["storage"]["optimize_interval"] == "0s"
