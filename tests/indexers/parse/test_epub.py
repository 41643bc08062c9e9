from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from indexers.parse.base import ParseError
from tests.indexers.parse.reading import read_one, sections_of

if TYPE_CHECKING:
    from pathlib import Path

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"
xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Bees</dc:title></metadata>
<manifest><item id="two" href="2.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="ch%201.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="a.css" media-type="text/css"/></manifest>
<spine><itemref idref="one"/><itemref idref="css"/><itemref idref="two"/></spine></package>"""
PAGES = {
    "OEBPS/ch 1.xhtml": """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">
    <head><title>no text</title></head><body><h1>The hive</h1><p>Café <b>bees</b>
    dance.<br/>Twice.</p><table><tr><th>caste</th><td>queen</td></tr></table></body></html>""",
    "OEBPS/2.xhtml": "<html><body><h1>Honey</h1><h2>Use</h2><ul><li>food<li>gift</ul>loose",
}


def book(path: Path, **changes: str) -> Path:
    members = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": PACKAGE, **PAGES, **changes}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_chapters_come_in_reading_order_with_their_sections(tmp_path: Path) -> None:
    document = read_one(book(tmp_path / "a.epub"))
    assert document.title == "The Bees"
    assert document.text == (
        "The hive\n\nCafé bees dance. Twice.\n\ncaste | queen\n\n"
        "Honey\n\nUse\n\nfood\n\ngift\n\nloose"
    )
    assert sections_of(document) == {"The hive": "The hive", "Honey": "Honey", "Use": "Honey > Use"}


def test_a_book_that_is_protected_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", **{"META-INF/rights.xml": "<rights/>"})
    with pytest.raises(ParseError, match="protected against copying"):
        read_one(path)


def test_a_page_nested_without_end_is_read(tmp_path: Path) -> None:
    deep = "<html><body>" + "<div>" * 20_000 + "bottom"
    document = read_one(book(tmp_path / "a.epub", **{"OEBPS/2.xhtml": deep}))
    assert "Café" in document.text


@pytest.mark.parametrize(
    ("member", "text", "reason"),
    [
        ("META-INF/container.xml", "<broken", "container.xml: it is no XML"),
        ("META-INF/container.xml", "<container/>", "names no package"),
        ("OEBPS/book.opf", PACKAGE.replace("2.xhtml", "../../gone.xhtml"), "lacks its"),
    ],
)
def test_a_damaged_book_is_refused(tmp_path: Path, member: str, text: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_one(book(tmp_path / "a.epub", **{member: text}))
