"""Ignore patterns, standard input, and file systems."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import fsspec
import pytest

from indexers.sources import SourceOptions, find_sources
from rag.errors import SourceError
from rag.settings import FetchSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def options(tmp_path: Path, largest: int = 64) -> SourceOptions:
    return SourceOptions(fetch=FetchSettings(cache=tmp_path / "spool", largest=largest))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for name in ("a.md", "b.txt", "build/c.md", "sub/d.txt", "sub/e.md", "sub/build/f.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")
    return root


@pytest.fixture
def bucket() -> Iterator[fsspec.AbstractFileSystem]:
    filesystem = fsspec.filesystem("memory")
    filesystem.pipe({"/docs/a.md": b"# A", "/docs/sub/b.txt": b"B", "/docs/c.bin": b"C"})
    yield filesystem
    filesystem.rm("/docs", recursive=True)


def names(root: Path, *patterns: str) -> list[str]:
    files = find_sources([root], SourceOptions(ignore=patterns)).files
    return [file.path.relative_to(root).as_posix() for file in files]


def test_given_patterns_mean_what_they_mean_to_git(tree: Path) -> None:
    assert names(tree, "build/") == ["a.md", "b.txt", "sub/d.txt", "sub/e.md"]
    assert names(tree, "/build/", "*.txt", "!d.txt") == [
        "a.md",
        "sub/build/f.md",
        "sub/d.txt",
        "sub/e.md",
    ]


def test_the_deepest_file_of_patterns_decides(tree: Path) -> None:
    (tree / ".tridentignore").write_text("*.md\n# a comment\n")
    (tree / "sub" / ".tridentignore").write_text("!e.md\n")
    assert names(tree) == ["b.txt", "sub/d.txt", "sub/e.md"]
    reasons = {skip.reason for skip in find_sources([tree]).skipped}
    assert reasons == {"hidden", "ignored"}


def test_stdin_is_read_by_the_name_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"# Title\n\ntext"))
    monkeypatch.setattr(sys, "stdin", stdin)
    given = SourceOptions(stdin_name="x.md", fetch=FetchSettings(cache=tmp_path))
    (file,) = find_sources(["-"], given).files
    assert (file.origin, file.format.name) == ("stdin:x.md", "markdown")
    assert file.path.read_bytes() == b"# Title\n\ntext"


def test_a_folder_and_a_glob_of_a_file_system_are_expanded(
    tmp_path: Path, bucket: fsspec.AbstractFileSystem
) -> None:
    sources = find_sources(["memory://docs"], options(tmp_path))
    assert [file.origin for file in sources.files] == [
        "memory:///docs/a.md",
        "memory:///docs/sub/b.txt",
    ]
    assert [skip.reason for skip in sources.skipped] == ["no parser for .bin"]
    (only,) = find_sources(["memory://docs/*.md"], options(tmp_path)).files
    assert only.path.read_bytes() == b"# A"


def test_an_object_is_fetched_again_only_when_it_changed(
    tmp_path: Path, bucket: fsspec.AbstractFileSystem
) -> None:
    (before,) = find_sources(["memory://docs/a.md"], options(tmp_path)).files
    stamp = before.path.stat().st_mtime_ns
    (same,) = find_sources(["memory://docs/a.md"], options(tmp_path)).files
    assert same.path.stat().st_mtime_ns == stamp
    bucket.pipe("/docs/a.md", b"# New")
    (changed,) = find_sources(["memory://docs/a.md"], options(tmp_path)).files
    assert changed.path.read_bytes() == b"# New"


def test_an_object_that_is_too_large_costs_only_itself(
    tmp_path: Path, bucket: fsspec.AbstractFileSystem
) -> None:
    bucket.pipe("/docs/big.txt", b"a" * (2**20 + 1))
    sources = find_sources(["memory://docs"], options(tmp_path, largest=1))
    assert len(sources.files) == 2
    reasons = {skip.source: skip.reason for skip in sources.skipped}
    assert reasons["memory:///docs/big.txt"] == "larger than fetch.largest, 1 MiB"


def test_file_addresses_are_read(tmp_path: Path, tree: Path) -> None:
    (file,) = find_sources([f"file://{tree}/a.md"], options(tmp_path)).files
    assert file.path.read_text() == "text"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://x/y", "Addresses of ftp:// cannot be read"),
        ("memory://nowhere", "matches no object"),
        ("gs://bucket/x.md", "To read gs:// addresses, run `pip install gcsfs`"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    tmp_path: Path, address: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        find_sources([address], options(tmp_path))
