from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from indexers.manifest import FILE_NAME, Manifest

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    with Manifest.open(tmp_path, "c") as manifest:
        manifest.record("/a", "f1", ["x", "y"])
        manifest.record("/b", "f2", [])
    with Manifest.open(tmp_path, "c") as manifest:
        assert sorted(manifest.documents("/a", "f1") or []) == ["x", "y"]
        assert manifest.documents("/b", "f2") == []


def test_another_fingerprint_or_collection_is_not_recorded(tmp_path: Path) -> None:
    with Manifest.open(tmp_path, "c") as manifest:
        manifest.record("/a", "f1", ["x"])
        assert manifest.documents("/a", "f2") is None
    with Manifest.open(tmp_path, "d") as manifest:
        assert manifest.documents("/a", "f1") is None


def test_a_later_record_replaces_an_earlier_one(tmp_path: Path) -> None:
    with Manifest.open(tmp_path, "c") as manifest:
        manifest.record("/a", "f1", ["x", "y"])
        manifest.record("/a", "f2", ["y", "z"])
        assert manifest.documents("/a", "f1") is None
        assert sorted(manifest.documents("/a", "f2") or []) == ["y", "z"]


def test_a_forgotten_source_is_not_recorded(tmp_path: Path) -> None:
    with Manifest.open(tmp_path, "c") as manifest:
        manifest.record("/a", "f1", ["x"])
        manifest.forget("/a")
        assert manifest.documents("/a", "f1") is None
        manifest.record("/a", "f1", [])
        assert manifest.documents("/a", "f1") == []


def test_a_damaged_manifest_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    with Manifest.open(tmp_path, "c") as manifest:
        assert manifest.documents("/a", "f1") is None


def test_a_manifest_that_is_in_use_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(sqlite3.OperationalError):
        Manifest.open(tmp_path, "c")


def test_a_stamp_tells_a_file_without_its_content_but_an_empty_one_tells_nothing(
    tmp_path: Path,
) -> None:
    with Manifest.open(tmp_path, "c") as manifest:
        manifest.record("/a", "f1", ["x"], "s1")
        assert manifest.stamped("/a", "s1") == ["x"]
        assert manifest.stamped("/a", "s2") is None
        manifest.stamp("/a", "s2")
        assert manifest.stamped("/a", "s2") == manifest.documents("/a", "f1") == ["x"]
        manifest.record("/b", "f1", ["y"])
        assert manifest.stamped("/b", "") is None


def test_a_manifest_of_an_older_format_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as older:
        older.execute("CREATE TABLE sources (collection TEXT, source TEXT, fingerprint TEXT)")
        older.execute("INSERT INTO sources VALUES ('c', '/a', 'f1')")
        older.commit()
    with Manifest.open(tmp_path, "c") as manifest:
        assert manifest.documents("/a", "f1") is None
        manifest.record("/a", "f1", ["x"], "s1")
        assert manifest.documents("/a", "f1") == ["x"]
