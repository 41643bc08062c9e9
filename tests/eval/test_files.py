"""A file is there whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eval.files import read_json, write_json, writing

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with writing(path) as file:
        file.write("half")
        assert not path.exists()
    assert path.read_text() == "half"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_json(path, {"a": "é"})
    with pytest.raises(ZeroDivisionError), writing(path) as file:
        file.write(str(1 / 0))
    assert read_json(path) == {"a": "é"}
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_is_none(tmp_path: Path) -> None:
    assert read_json(tmp_path / "a.json") is None
