"""What a parser gives: the documents of one file, and the parts of it that are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rag.errors import SourceError

if TYPE_CHECKING:
    from rag.types import MetadataValue


class ParseError(SourceError):
    """A whole file cannot be read as documents; the message is the reason, lower case."""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """One document of a file.

    `id` is None when the file is the document. `sections` are the offsets in `text`
    at which a new section begins, ascending. `line` is where a record stands in its
    file (from 1), `size` the bytes of the file that it takes.
    """

    text: str
    title: str
    size: int
    id: str | None = None
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    sections: tuple[int, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that cannot be used; the others of the file can. `line` counts from 1."""

    line: int
    reason: str
    size: int


Parsed: TypeAlias = ParsedDocument | Problem
Parse: TypeAlias = Callable[[Path], Iterator[Parsed]]


@dataclass(frozen=True, slots=True)
class Format:
    """A family of files and what reads it.

    `parse` raises ParseError when the file is not of this format and OSError when it
    cannot be read. Raise `version` when `parse` gives other documents than before: files
    that were indexed with another version are indexed anew.
    """

    name: str
    version: int
    suffixes: tuple[str, ...]
    parse: Parse
