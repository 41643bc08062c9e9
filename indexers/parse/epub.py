"""Books (EPUB): the chapters in reading order."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from indexers.parse.base import ParseError
from indexers.parse.builder import DocumentBuilder
from indexers.parse.markup import add_page
from indexers.parse.xml import load_xml
from indexers.parse.zip_guard import guarded_zip

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading

CONTAINER = "META-INF/container.xml"
PROTECTED = "META-INF/rights.xml"
PAGE_TYPES = ("application/xhtml+xml", "text/html")


def parse_epub(path: Path, reading: Reading) -> Iterator[ParsedDocument]:
    """One document; headings of the chapters begin its sections (EPUB 2 and 3).

    Raises: ParseError when it is protected against copying or damaged.
    """
    builder = DocumentBuilder()
    with guarded_zip(path, reading) as book:
        if PROTECTED in book.namelist():
            raise ParseError("it is protected against copying")
        package = _package_path(book)
        tree = _xml(book, package)
        for name in _chapters(tree):
            member = posixpath.normpath(posixpath.join(posixpath.dirname(package), name))
            add_page(builder, _read(book, member))
        yield builder.build(path.stat().st_size, path.stem, _title(tree))


def _package_path(book: zipfile.ZipFile) -> str:
    root = next(_xml(book, CONTAINER).iter("{*}rootfile"), None)
    if root is None:
        raise ParseError("it is no book: its container names no package")
    return str(root.get("full-path", ""))


def _chapters(package: Any) -> Iterator[str]:
    """Names of the pages in the order of the spine, relative to the package."""
    pages = {
        item.get("id"): unquote(item.get("href", ""))
        for item in package.iter("{*}item")
        if item.get("media-type") in PAGE_TYPES
    }
    for reference in package.iter("{*}itemref"):
        if reference.get("idref") in pages:
            yield pages[reference.get("idref")]


def _title(package: Any) -> str:
    title = next(package.iter("{*}title"), None)
    return "" if title is None else title.text or ""


def _xml(book: zipfile.ZipFile, member: str) -> Any:
    try:
        return load_xml(book.read(member))
    except KeyError as error:
        raise ParseError(f"it lacks its {member}") from error
    except ParseError as error:
        raise ParseError(f"of its {member}: {error}") from error


def _read(book: zipfile.ZipFile, member: str) -> bytes:
    try:
        return book.read(member)
    except KeyError as error:
        raise ParseError(f"it lacks its {member}") from error
