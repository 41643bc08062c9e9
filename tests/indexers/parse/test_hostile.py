"""Files that are made to do harm: each is refused, and nothing else is touched."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

from indexers.parse.base import ParsedDocument, ParseError, Problem
from tests.indexers.parse.reading import read
from tests.indexers.parse.test_archive import tarred, zipped
from tests.indexers.parse.test_epub import CONTAINER, PACKAGE, PAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ALWAYS_UNPACKED = 2**20  # however small the archive; less than it is, so that tests are quick
ZEROS = b"0" * 2 * ALWAYS_UNPACKED
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
SPY = '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/hostname">]>'


@pytest.fixture(autouse=True)
def _small_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.parse.reading.ALWAYS_UNPACKED", ALWAYS_UNPACKED)


def office_bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", ZEROS)
    return path


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.zip", lambda path: zipped(path, {"a.txt": ZEROS})),
        ("a.tar.gz", lambda path: tarred(path, {"a.txt": ZEROS})),
        ("a.txt.gz", lambda path: path.write_bytes(gzip.compress(ZEROS)) and path),
        ("a.docx", office_bomb),
        ("a.pptx", office_bomb),
        ("a.xlsx", office_bomb),
        ("a.epub", office_bomb),
    ],
)
def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused(
    tmp_path: Path, name: str, write: Callable[[Path], Path]
) -> None:
    with pytest.raises(ParseError, match=r"unpacks to more.*parse\.highest_ratio"):
        read(write(tmp_path / name))


def test_files_within_archives_within_it_share_one_limit(tmp_path: Path) -> None:
    inner = zipped(
        tmp_path / "inner.zip", {f"{n}.txt": ZEROS[: ALWAYS_UNPACKED * 3 // 8] for n in range(2)}
    )
    members = {f"{n}.zip": inner.read_bytes() for n in range(2)}
    found = []
    with pytest.raises(ParseError, match="unpacks to more"):
        found += read(zipped(tmp_path / "outer.zip", members))
    assert not found


def test_a_file_of_too_many_files_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.txt": b"x" for n in range(20)})
    with pytest.raises(ParseError, match=r"more files than may be \(parse\.most_members\)"):
        read(path, most_members=10)


def test_archives_nested_too_deeply_are_not_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path / "0.zip", {"a.txt": b"deep"})
    for depth in range(1, 4):
        path = zipped(tmp_path / f"{depth}.zip", {f"{depth}.zip": path.read_bytes()})
    (problem,) = read(path)
    assert isinstance(problem, Problem)
    assert "parse.deepest_nesting" in problem.reason
    (document,) = read(path, deepest_nesting=4)
    assert isinstance(document, ParsedDocument)


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/evil.txt", "a/../../evil.txt", "C:/evil.txt"]
)
@pytest.mark.parametrize(("archive", "write"), [("a.zip", zipped), ("a.tar", tarred)])
def test_a_path_that_leads_out_of_its_archive_is_refused(
    tmp_path: Path, name: str, archive: str, write: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    problem, fine = read(write(folder / archive, {name: b"harm", "fine.txt": b"fine"}))
    assert isinstance(problem, Problem)
    assert problem.reason == "its path leads out of the archive"
    assert isinstance(fine, ParsedDocument)
    assert not [path for path in tmp_path.rglob("*") if "evil" in path.name]


def test_links_and_devices_in_archives_are_not_followed(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind.decode()}.txt")
            info.type = kind
            info.linkname = "/etc/passwd"
            archive.addfile(info)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    reasons = [item.reason for item in read(tmp_path / "a.tar") if isinstance(item, Problem)]
    assert reasons == ["it is a link"] * 2 + ["it is no regular file"] * 2
    (problem,) = read(tmp_path / "a.zip")
    assert isinstance(problem, Problem)
    assert problem.reason == "it is a link"


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"a.txt": b"secret"}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    (problem,) = read(tmp_path / "a.zip")
    assert isinstance(problem, Problem)
    assert "encrypted" in problem.reason


def with_doctype(path: Path, member: str, doctype: str, place: str) -> Path:
    """The same office file with entities, one of them used at `place`."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[member].decode()
    declaration, found, rest = text.partition("?>")
    text = f"{declaration}?>{doctype}{rest}" if found else f"{doctype}{text}"
    parts[member] = text.replace(place, "&l11;", 1).encode()
    return zipped(path, parts)


def word_file(path: Path, doctype: str) -> Path:
    document = docx.Document()
    document.add_paragraph("PLACE")
    document.save(str(path))
    return with_doctype(path, "word/document.xml", doctype, "PLACE")


def excel_file(path: Path, doctype: str) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["PLACE"])  # type: ignore[union-attr]  # a new book has a sheet
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        member = next(n for n in archive.namelist() if b"PLACE" in archive.read(n))
    return with_doctype(path, member, doctype, "PLACE")


def book_file(path: Path, doctype: str) -> Path:
    package = doctype + PACKAGE.replace("The Bees", "&l11;")
    with zipfile.ZipFile(path, "w") as archive:
        parts = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package, **PAGES}
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def page_file(path: Path, doctype: str) -> Path:
    page = "<html><body><article><p>&l11; and words of a page</p></article></body></html>"
    path.write_text(f'<?xml version="1.0"?>{doctype}{page}')
    return path


def feed_file(path: Path, doctype: str) -> Path:
    path.write_text(f"{doctype}<rss><channel><title>Feed</title><item>&l11;</item></channel></rss>")
    return path


@pytest.mark.parametrize("doctype", [BOMB, SPY], ids=["bomb", "spy"])
@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.docx", word_file),
        ("a.xlsx", excel_file),
        ("a.epub", book_file),
        ("a.html", page_file),
        ("feed.xml", feed_file),
        ("a.xhtml", page_file),
    ],
)
def test_entities_neither_grow_nor_read_files(
    tmp_path: Path, name: str, write: Callable[[Path, str], Path], doctype: str
) -> None:
    """Refused, or read without what the entity stands for."""
    path = write(tmp_path / name, doctype)
    with open("/etc/hostname", encoding="utf-8") as file:
        host = file.read().strip()
    try:
        items = read(path)
    except ParseError:
        return
    for item in items:
        assert isinstance(item, ParsedDocument)
        assert "lollol" not in item.text + item.title
        assert host not in item.text + item.title


def test_a_file_above_the_limit_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(500 * 2**20)
    with pytest.raises(ParseError, match=r"500 MiB, more than the 256.*parse\.largest_file"):
        read(tmp_path / "a.txt")


def test_a_sheet_that_claims_to_be_endless_costs_what_it_holds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["one"])  # type: ignore[union-attr]  # a new book has a sheet
    data = io.BytesIO()
    book.save(data)
    with zipfile.ZipFile(data) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1"', b'ref="A1:XFD1048576"')
    (document,) = read(zipped(tmp_path / "a.xlsx", parts))
    assert isinstance(document, ParsedDocument)
    assert document.text.endswith("one")
