"""From the paths a user names to the files to index."""

from __future__ import annotations

import fnmatch
import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.parse.registry import format_of
from indexers.report import Skip
from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexers.parse.base import Format


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to index: absolute path, what reads it, and its length in bytes."""

    path: Path
    format: Format
    size: int


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


def find_sources(paths: Iterable[str | Path]) -> Sources:
    """Expand files, folders (with all below them) and globs.

    Hidden files and folders below a given path are skipped, and so is a link to a folder
    that was visited already: that is what ends a loop.

    Raises: SourceError for a path or a glob that matches nothing.
    """
    search = _Search()
    for path in paths:
        search.add(os.path.abspath(os.path.expanduser(path)))
    return search.result()


class _Search:
    def __init__(self) -> None:
        self._files: dict[Path, SourceFile] = {}  # by real path: links do not make two documents
        self._folders: set[Path] = set()
        self._skipped: dict[Path, str] = {}
        self._roots: list[Path] = []
        self._patterns: list[str] = []

    def add(self, path: str) -> None:
        if os.path.lexists(path):
            self._roots.append(Path(path))
            self._visit(Path(path))
        else:
            self._add_all(path, _matches(path))

    def result(self) -> Sources:
        return Sources(
            files=tuple(self._files.values()),
            skipped=tuple(Skip(str(path), reason) for path, reason in self._skipped.items()),
            scope=Scope(tuple(self._roots), tuple(self._patterns)),
        )

    def _add_all(self, pattern: str, matches: Sequence[str]) -> None:
        self._patterns += {pattern, pattern.replace("**/", "")}  # ** also stands for no folder
        for match in matches:
            self._visit(Path(match))

    def _visit(self, path: Path) -> None:
        try:
            self._visit_readable(path)
        except OSError as error:
            self._skipped[path] = f"cannot be read: {error.strerror}"

    def _visit_readable(self, path: Path) -> None:
        if path.is_dir():
            self._visit_folder(path)
        elif path.is_file():
            self._visit_file(path)
        else:
            self._skipped[path] = "broken link" if path.is_symlink() else "not a regular file"

    def _visit_folder(self, folder: Path) -> None:
        real = folder.resolve()
        if real in self._folders:
            if folder.is_symlink():
                self._skipped[folder] = "link to a folder that is indexed already"
            return
        self._folders.add(real)
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                self._skipped[path] = "hidden"
            else:
                self._visit(path)

    def _visit_file(self, path: Path) -> None:
        known = format_of(path)
        if known is None:
            self._skipped[path] = f"no parser for {path.suffix}"
        elif not _is_unicode(path):
            self._skipped[Path(ascii(str(path)))] = "its name is not UTF-8"
        else:
            self._files.setdefault(path.resolve(), SourceFile(path, known, path.stat().st_size))


def _matches(pattern: str) -> list[str]:
    found = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []
    if not found:
        raise SourceError(f"{pattern} matches no file or folder; check the path.")
    return found


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
