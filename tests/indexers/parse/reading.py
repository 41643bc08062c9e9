"""How the tests of parsers read a file: as the pipeline does, in this process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from indexers.parse.base import ParsedDocument
from indexers.parse.reading import Reading
from indexers.parse.registry import format_of
from rag.settings import ParseSettings

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.parse.base import Parsed


def read(path: Path, **settings: object) -> list[Parsed]:
    """All that a file holds, with these parse settings."""
    parse = ParseSettings(**settings)  # type: ignore[arg-type]  # any of its fields
    find = partial(format_of, choice=parse.parser)
    known = find(path)
    assert known, path
    return list(Reading.begin(parse, find, path.stat().st_size).read(path, known))


def read_one(path: Path, **settings: object) -> ParsedDocument:
    """The only document of a file."""
    (document,) = read(path, **settings)
    assert isinstance(document, ParsedDocument)
    return document


def sections_of(document: ParsedDocument) -> dict[str, str]:
    """The path of each section, by the first line of it."""
    return {document.text[place.start :].split("\n")[0]: place.section for place in document.places}
