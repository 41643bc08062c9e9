"""Which parser reads which file: the one place that knows suffixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.parse.base import Format
from indexers.parse.html import parse_html
from indexers.parse.jsonl import parse_jsonl
from indexers.parse.markdown import parse_markdown
from indexers.parse.text import parse_text

if TYPE_CHECKING:
    from pathlib import Path

# No suffix counts as text: README, LICENSE, CHANGELOG. What is binary is refused on reading.
FORMATS = (
    Format("text", 1, ("", ".txt", ".text", ".rst"), parse_text),
    Format("markdown", 1, (".md", ".markdown"), parse_markdown),
    Format("html", 1, (".html", ".htm", ".xhtml"), parse_html),
    Format("jsonl", 1, (".jsonl", ".ndjson"), parse_jsonl),
)
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}


def format_of(path: Path) -> Format | None:
    """The format of a file by its suffix (in any case), or None."""
    return _BY_SUFFIX.get(path.suffix.lower())
