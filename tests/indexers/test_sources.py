from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexers.sources import Sources, find_sources
from rag.errors import SourceError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "sub/c.html", "sub/deep/d.jsonl", ".hidden.txt", ".git/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    return tmp_path


def names(sources: Sources, folder: Path) -> list[str]:
    return [file.path.relative_to(folder).as_posix() for file in sources.files]


def reasons(sources: Sources, folder: Path) -> dict[str, str]:
    return {Path(s.source).relative_to(folder).as_posix(): s.reason for s in sources.skipped}


def test_a_folder_gives_all_files_below_it_in_order_and_says_what_it_skips(tree: Path) -> None:
    sources = find_sources([tree])
    assert names(sources, tree) == ["a.md", "b.txt", "sub/c.html", "sub/deep/d.jsonl"]
    assert reasons(sources, tree) == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "image.png": "no parser for .png",
    }


def test_a_database_of_trident_is_not_read_as_documents(tree: Path) -> None:
    for name in ("catalog.sqlite", "engine.toml", "notes.txt"):
        (tree / "sub" / name).write_text("x")
    sources = find_sources([tree])
    assert names(sources, tree) == ["a.md", "b.txt"]
    assert reasons(sources, tree)["sub"] == "a database of Trident"


def test_paths_keep_their_order_and_every_file_comes_once(tree: Path) -> None:
    sources = find_sources([tree / "sub", tree / "b.txt", tree, f"{tree}/*.txt"])
    assert names(sources, tree) == ["sub/c.html", "sub/deep/d.jsonl", "b.txt", "a.md"]


def test_a_hidden_file_that_is_named_is_taken(tree: Path) -> None:
    assert names(find_sources([tree / ".hidden.txt"]), tree) == [".hidden.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.md", ["a.md"]),
        ("**/*.html", ["sub/c.html"]),
        ("s*", ["sub/c.html", "sub/deep/d.jsonl"]),
        ("**/[cd].*", ["sub/c.html", "sub/deep/d.jsonl"]),
    ],
)
def test_globs_are_expanded(tree: Path, pattern: str, found: list[str]) -> None:
    assert names(find_sources([f"{tree}/{pattern}"]), tree) == found


def test_a_file_whose_name_looks_like_a_glob_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("x")
    assert names(find_sources([tmp_path / "a[1].txt"]), tmp_path) == ["a[1].txt"]


def test_relative_paths_become_absolute(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "sub")
    assert names(find_sources(["../a.md"]), tree) == ["a.md"]


@pytest.mark.parametrize("missing", ["nowhere", "*.pdf"])
def test_a_path_that_matches_nothing_is_an_error_that_names_it(tree: Path, missing: str) -> None:
    with pytest.raises(SourceError) as caught:
        find_sources([tree, tree / missing])
    assert str(tree / missing) in str(caught.value)


def test_loops_of_links_end(tree: Path) -> None:
    (tree / "sub" / "loop").symlink_to(tree)
    sources = find_sources([tree])
    assert len(sources.files) == 4
    assert reasons(sources, tree)["sub/loop"] == "link to a folder that is indexed already"


def test_a_link_to_a_file_is_not_a_second_document(tree: Path) -> None:
    (tree / "z.txt").symlink_to(tree / "b.txt")
    assert names(find_sources([tree]), tree).count("z.txt") == 0


def test_what_is_no_file_is_skipped_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    assert reasons(find_sources([tmp_path]), tmp_path) == {
        "broken.txt": "broken link",
        "pipe.txt": "not a regular file",
    }


def test_a_name_that_is_not_utf_8_is_skipped(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("x")
    sources = find_sources([tmp_path])
    assert not sources.files
    assert [skip.reason for skip in sources.skipped] == ["its name is not UTF-8"]
    assert sources.skipped[0].source.encode()


def test_the_scope_covers_what_would_be_found_if_it_were_there(tree: Path) -> None:
    scope = find_sources([tree / "sub", tree / "a.md", f"{tree}/**/*.txt"]).scope
    assert scope.covers(f"{tree}/sub/gone.md")
    assert scope.covers(f"{tree}/a.md")
    assert scope.covers(f"{tree}/gone.txt")
    assert scope.covers(f"{tree}/x/y/gone.txt")
    assert not scope.covers(f"{tree}/other.md")
    assert not scope.covers(f"{tree}/subway/gone.md")
