"""Names of uploaded files: what becomes of them, since none of them may ever be a path."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PureWindowsPath

from indexers.parse.registry import format_of
from rag.settings import ParserChoice

LONGEST_NAME = 200  # characters
UNNAMED = "unnamed"
MOST_SUFFIXES = 2  # as in .tar.gz
OTHER, SEPARATOR = "C", "Z"  # Unicode's categories of what cannot be seen


def clean_name(given: str) -> str:
    """The last part of a file's name without what cannot be seen; it serves as document id.

    Windows' rules know both kinds of slashes.
    """
    last = PureWindowsPath(given.replace("\0", "")).name
    seen = "".join(map(_visible, unicodedata.normalize("NFC", last)))
    name = " ".join(seen.split()).strip(". ")
    return _shortened(name) or UNNAMED


def known_suffix(name: str, choice: ParserChoice = ParserChoice.BUILTIN) -> str:
    """The last suffixes of a name that a parser reads, in lower case; empty if none is known."""
    known = ""
    for suffix in reversed(Path(name).suffixes[-MOST_SUFFIXES:]):
        if format_of(Path(f"x{suffix}"), choice) is None:
            break
        known = suffix.lower() + known
    return known


def _visible(character: str) -> str:
    category = unicodedata.category(character)[0]
    return {OTHER: "", SEPARATOR: " "}.get(category, character)


def _shortened(name: str) -> str:
    """At most `LONGEST_NAME` characters, with its last suffix."""
    if len(name) <= LONGEST_NAME:
        return name
    suffix = Path(name).suffix[: LONGEST_NAME // 2]
    return name[: LONGEST_NAME - len(suffix)].rstrip(". ") + suffix
