"""What indexing reads: files, wherever they came from."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.settings.fetch import FetchSettings
from rag.settings.parse import ParserChoice

if TYPE_CHECKING:
    from indexers.parse.base import Format
    from indexers.report import Skip


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to index: absolute path, what reads it, and its length in bytes.

    `origin` is where a file that was fetched came from; empty for a file of the user's.
    `stem` is what the file was called where it came from, if that is told nowhere in `path`.
    """

    path: Path
    format: Format
    size: int
    origin: str = ""
    stem: str = ""

    @property
    def name(self) -> str:
        """What the store knows the source by."""
        return self.origin or str(self.path)

    def titled(self, title: str) -> str:
        """A title as a parser gave it, which may be the file's name, after `stem` instead."""
        return title.replace(self.path.name.partition(".")[0], self.stem) if self.stem else title


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user's paths cover, whether or not it exists (any more)."""

    folders: tuple[Path, ...] = ()
    patterns: tuple[str, ...] = ()

    def covers(self, source: str) -> bool:
        """A file of that absolute path would have been looked at."""
        path = Path(source)
        return any(path.is_relative_to(folder) for folder in self.folders) or any(
            fnmatch.fnmatchcase(source, pattern) for pattern in self.patterns
        )


@dataclass(frozen=True, slots=True)
class Sources:
    """Files in the order of the paths, each once; what was passed over; what was covered."""

    files: tuple[SourceFile, ...]
    skipped: tuple[Skip, ...]
    scope: Scope

    @property
    def total_size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How sources are found: patterns to leave out, as in a .gitignore, and limits to fetching.

    `stdin_name` tells by its suffix how to read what `-` stands for.
    """

    parser: ParserChoice = ParserChoice.BUILTIN
    ignore: tuple[str, ...] = ()
    stdin_name: str = "stdin.txt"
    fetch: FetchSettings = field(default_factory=FetchSettings)
