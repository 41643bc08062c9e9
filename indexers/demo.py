"""The demo corpus: the Python language reference that every CPython carries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The reference underlines its headings: chapter, section, subsection.
HEADING_MARKS = {"*": "#", "=": "##", "-": "###", "~": "####", "^": "#####"}
UNDERLINED_HEADING = re.compile(r"^(\S.*)\n([*=\-~^])\2{2,}$", re.MULTILINE)
# Three spaces are code in the reference; Markdown wants four.
CODE_LINE = re.compile(r"^(?=   )", re.MULTILINE)


def write_demo_corpus(folder: Path) -> list[Path]:
    """Write one Markdown file a topic of `pydoc_data.topics`; gives the files by name.

    Files that are there with the same text are left alone. A topic that repeats another
    one under a second name is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(folder / f"{name}.md", to_markdown(text))
        for name, text in _distinct_topics().items()
    ]


def to_markdown(text: str) -> str:
    """Underlined headings as #, code indented by four."""
    indented = CODE_LINE.sub(" ", text)
    return UNDERLINED_HEADING.sub(lambda m: f"{HEADING_MARKS[m[2]]} {m[1]}", indented)


def _distinct_topics() -> Mapping[str, str]:
    from pydoc_data.topics import topics

    # Of two names for one text the last wins: "if", not "else".
    names = {text: name for name, text in sorted(topics.items())}
    return {name: text for text, name in sorted(names.items(), key=lambda item: item[1])}


def _write(path: Path, text: str) -> Path:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
