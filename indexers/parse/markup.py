"""All text of an HTML page block by block, where every part of it is content (books, mail)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import html as lxml_html
from lxml.etree import ParserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexers.parse.builder import DocumentBuilder

HEADING = re.compile(r"h([1-6])\Z")
BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt"),
    *("figcaption", "figure", "footer", "header", "hr", "html", "li", "main", "nav"),
    *("ol", "p", "pre", "section", "ul"),
}
UNSEEN = {"head", "script", "style", "template", "noscript", "svg", "math", "iframe", "object"}


def add_page(builder: DocumentBuilder, page: bytes) -> None:
    """Add headings, paragraphs and tables of a page. Entities are never expanded."""
    parser = lxml_html.HTMLParser(encoding=_declared(page), remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(page, parser=parser)
    except ParserError:  # an empty page
        return
    _Walk(builder).element(tree)


def _declared(page: bytes) -> str | None:
    """XHTML is UTF-8 unless it says otherwise; the HTML parser would take it for Latin-1."""
    try:
        page.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


class _Walk:
    """Gathers running text until a block begins or ends."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._words: list[str] = []

    def element(self, root: Any) -> None:
        """Iteratively: pages are nested more deeply than Python's stack allows."""
        waiting: list[Iterator[Any]] = [iter([root])]
        closing: list[Any] = [None]
        while waiting:
            child = next(waiting[-1], None)
            if child is None:
                waiting.pop()
                self._close(closing.pop())
            elif self._open(child):
                waiting.append(iter(child))
                closing.append(child)

    def _open(self, element: Any) -> bool:
        """True when its children are still to be walked."""
        tag = element.tag
        heading = HEADING.match(tag)
        if tag in UNSEEN or heading or tag == "table":
            self._flush_before(heading or tag == "table")
            self._whole(element, heading)
            self._words.append(element.tail or "")
            return False
        if tag in BLOCKS:
            self._flush()
        self._words.append("\n" if tag == "br" else element.text or "")
        if tag == "br":
            self._words.append(element.text or "")
        return True

    def _whole(self, element: Any, heading: re.Match[str] | None) -> None:
        if heading:
            self._builder.heading(int(heading[1]), element.text_content())
        elif element.tag == "table":
            self._builder.table(
                [cell.text_content() for cell in row.xpath("./td|./th")]
                for row in element.iter("tr")
            )

    def _close(self, element: Any) -> None:
        if element is None or element.tag in BLOCKS:
            self._flush()
        if element is not None:
            self._words.append(element.tail or "")

    def _flush_before(self, is_block: object) -> None:
        if is_block:
            self._flush()

    def _flush(self) -> None:
        lines = "".join(self._words).split("\n\n")
        self._words.clear()
        self._builder.paragraph("\n".join(" ".join(line.split()) for line in lines))
