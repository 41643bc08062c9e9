"""What a parser gives: the documents of one file, and the parts of it that are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import SourceError

if TYPE_CHECKING:
    from indexers.parse.reading import Reading
    from rag.types import MetadataValue


class ParseError(SourceError):
    """A whole file cannot be read as documents; the message is the reason, lower case."""


@dataclass(frozen=True, slots=True)
class Place:
    """From the character `start` on, the text stands in this section and on this page.

    `section` is the path of headings, outermost first, joined by " > "; `page` counts
    from 1 (a slide is a page), None where the format has none.
    """

    start: int
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document of a file.

    `id` is None when the file, or the `part` of it ("!/path" of an archive's member), is the
    document. `sections` are the offsets in `text` at which a new section begins, `places`
    say where in the file the text stands, `blocks` are the spans of `text` to keep whole
    (tables, rows); all ascending. `line` is where a record stands in its file (from 1),
    `size` the bytes of the file that it takes.
    """

    text: str
    title: str
    size: int
    id: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    sections: tuple[int, ...] = ()
    line: int | None = None
    places: tuple[Place, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that cannot be used; the others can.

    `line` is that of a record, from 1. Not `broken` is what is left out on purpose: an
    archive's image, say.
    """

    line: int | None
    reason: str
    size: int
    part: str = ""
    broken: bool = True


Parsed: TypeAlias = ParsedDocument | Problem


def structure_of(document: ParsedDocument) -> tuple[object, ...]:
    """What decides, beside the text, how a document is cut: plain values to be hashed."""
    places = tuple((place.start, place.section, place.page) for place in document.places)
    return document.sections, places, document.blocks


Parse: TypeAlias = Callable[[Path, "Reading"], Iterator[Parsed]]


@dataclass(frozen=True, slots=True)
class Format:
    """A family of files and what reads it.

    `parse` raises ParseError when the file is not of this format and OSError when it
    cannot be read. Raise `version` when `parse` gives other documents than before: files
    that were indexed with another version are indexed anew. `mime` are the types that
    name the format where there is no suffix. `modules` are what `parse` imports beyond the
    core, which the distribution's `extra` installs. `streams` says that it reads record by
    record, so that the size of a file does not matter; `simple`, that its time and memory
    are in proportion to the size, whatever the content.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    parse: Parse
    mime: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    extra: str = ""
    streams: bool = False
    simple: bool = False
