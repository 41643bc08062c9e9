"""Files that travel arrive with their names and bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.distributed import carried
from indexers.distributed.carried import placed
from indexers.sources import find_sources

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def get(block: bytes) -> bytes:
    return block


def put(block: bytes) -> bytes:
    return block


def test_a_file_arrives_in_a_folder_of_its_own_and_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "BLOCK", 4)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"# {name} and more")
    files = find_sources([tmp_path]).files
    sent = [carried.carried(file, put) for file in files]
    assert [file.source for file in sent] == list(files)
    with placed(sent, get) as there:
        assert [file.path.read_text() for file in there] == ["# one and more", "# two and more"]
        assert [file.path.name for file in there] == ["a.md", "a.md"]
        assert {file.path for file in there}.isdisjoint(file.path for file in files)
    assert not any(file.path.exists() for file in there)


def test_a_file_that_is_gone_or_none_is_looked_for_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A")
    (file,) = find_sources([tmp_path]).files
    file.path.unlink()
    with placed([carried.carried(file, put)], get) as there:
        assert there == [file]
