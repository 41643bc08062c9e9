"""XML of any vocabulary (feeds, exports): the text of its elements, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexers.parse.base import ParseError
from indexers.parse.builder import DocumentBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import ParsedDocument
    from indexers.parse.reading import Reading


def parse_xml(path: Path, reading: Reading) -> Iterator[ParsedDocument]:  # noqa: ARG001 - as all parsers
    """One document of all text, in order; the title is the first `title` element.

    Raises: ParseError when it is no XML.
    """
    data = path.read_bytes()
    builder = DocumentBuilder()
    tree = load_xml(data)
    for text in tree.xpath("//text()[normalize-space()]"):
        builder.paragraph(text)
    title = next((element.text or "" for element in tree.iter("{*}title")), "")
    yield builder.build(len(data), path.stem, title)


def load_xml(data: bytes) -> Any:
    """A parsed text. No entity is ever resolved, so that none can grow or read a file.

    Raises: ParseError.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"it is no XML ({error.msg})") from error
