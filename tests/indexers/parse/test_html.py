from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.html import parse_html

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html><head><title>Bees &amp; flowers</title><script>var x = 1</script></head>
<body><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><article>
<h1>Bees &amp; flowers</h1><p>Honey bees dance to tell the hive where the flowers are, and the
dance gives the direction and the distance of the place.</p>
<h2>The queen</h2><p>A queen lays up to two thousand eggs a day in the summer months.</p>
</article><footer>Copyright, imprint, cookies</footer></body></html>"""


def parse(folder: Path, page: str) -> ParsedDocument:
    path = folder / "page.html"
    path.write_text(page)
    (document,) = parse_html(path)
    assert isinstance(document, ParsedDocument)
    return document


def test_the_main_content_is_kept_and_the_rest_is_not(tmp_path: Path) -> None:
    document = parse(tmp_path, PAGE)
    assert document.title == "Bees & flowers"
    assert "where the flowers are" in " ".join(document.text.split())
    assert "two thousand eggs" in document.text
    assert not any(word in document.text for word in ("Shop", "cookies", "var x"))


def test_headings_begin_sections(tmp_path: Path) -> None:
    document = parse(tmp_path, PAGE)
    headings = [document.text[start:].split("\n")[0] for start in document.sections]
    assert headings[-1] == "## The queen"


def test_a_fragment_is_a_page_too(tmp_path: Path) -> None:
    document = parse(tmp_path, "<p>A tiny page</p><script>var x</script>")
    assert document.text.strip() == "A tiny page"
    assert document.title == "A tiny page"


def test_a_page_without_main_content_gives_all_its_words(tmp_path: Path) -> None:
    document = parse(tmp_path, "<html><body><nav>menu <a href=x>one</a></nav></body></html>")
    assert document.text.split() == ["menu", "one"]


def test_a_malformed_page_is_read_as_well_as_it_goes(tmp_path: Path) -> None:
    document = parse(tmp_path, "<math><script></script><h1>Sums</math><p>and products")
    assert "products" in document.text


def test_an_empty_page_has_no_text(tmp_path: Path) -> None:
    assert not parse(tmp_path, "<html><body></body></html>").text.strip()
