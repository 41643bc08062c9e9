"""Archives and packed files."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
import zstandard

from indexers.parse.base import ParsedDocument, ParseError, Problem
from tests.indexers.parse.reading import read, read_one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEMBERS = {"docs/bees.md": b"# Bees\n\nThey dance.", "a.txt": b"Words.", "bee.png": b"PNG"}


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, members: dict[str, bytes]) -> Path:
    mode = "w:" + {".tar": ""}.get(path.suffix, path.suffix[1:])
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # one of its modes
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.zip", zipped), ("a.tar", tarred), ("a.tar.gz", tarred), ("a.tar.xz", tarred)],
)
def test_every_file_within_is_a_document_by_its_own_parser(
    tmp_path: Path, name: str, write: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    bees, words, image = read(write(tmp_path / name, MEMBERS))
    assert isinstance(bees, ParsedDocument)
    assert isinstance(words, ParsedDocument)
    assert (bees.part, bees.title, bees.id) == ("!/docs/bees.md", "Bees", None)
    assert bees.places[0].section == "Bees"
    assert (words.part, words.text) == ("!/a.txt", "Words.")
    assert image == Problem(None, "no parser for .png", image.size, "!/bee.png", broken=False)


def test_archives_within_archives_are_read(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": b"Deep."})
    outer = tarred(tmp_path / "outer.tar.gz", {"x/inner.zip": inner.read_bytes()})
    assert read_one(outer).part == "!/x/inner.zip!/a.txt"


def test_a_broken_member_costs_only_itself(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.pdf": b"no PDF", "b.txt": b"\0\1", "c.txt": b"fine"})
    first, second, third = read(path)
    assert isinstance(first, Problem)
    assert isinstance(second, Problem)
    assert (first.part, second.part, second.reason) == (
        "!/a.pdf",
        "!/b.txt",
        "it holds binary data, not text",
    )
    assert isinstance(third, ParsedDocument)


def test_what_a_system_adds_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    members = {"__MACOSX/a.txt": b"x", ".git/b.txt": b"x", "c.txt": b"fine"}
    assert read_one(zipped(tmp_path / "a.zip", members)).part == "!/c.txt"


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_a_packed_file_is_read_as_what_it_unpacks_to(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"notes.md.{suffix}"
    path.write_bytes(pack(b"# Bees\n\nThey dance."))
    document = read_one(path)
    assert (document.text, document.part, document.title) == ("# Bees\n\nThey dance.", "", "Bees")


@pytest.mark.parametrize(
    "name", ["a.zip", "a.tar", "a.tar.gz", "a.txt.gz", "a.txt.xz", "a.txt.zst"]
)
@pytest.mark.parametrize("data", [b"nonsense" * 100, b"\x1f\x8b\x08\x00broken", b"PK\x03\x04"])
def test_what_is_damaged_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ParseError, match="it is damaged"):
        read(tmp_path / name)


def test_a_packed_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png.gz").write_bytes(gzip.compress(b"PNG"))
    with pytest.raises(ParseError, match=r"no parser for \.png"):
        read(tmp_path / "a.png.gz")
