"""Files, folders and globs of this machine."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.parse.registry import format_of
from indexers.sources.base import SourceFile
from indexers.sources.ignore import Ignored
from rag.errors import SourceError
from rag.store.open import is_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.sources.base import SourceOptions
    from indexers.sources.found import Found


class LocalSource:
    """Expands files, folders (with all below them) and globs.

    Hidden files and folders below a given path are skipped, those that a pattern names too,
    and so is a link to a folder that was visited already: that is what ends a loop.
    """

    def __init__(self, found: Found, options: SourceOptions) -> None:
        self._found = found
        self._options = options
        self._folders: set[Path] = set()

    def add(self, given: str) -> None:
        """Add what the path or the pattern stands for. Raises: SourceError if that is nothing."""
        path = os.path.abspath(os.path.expanduser(given))
        if os.path.lexists(path):
            self._found.roots.append(Path(path))
            self._visit(Path(path), self._given(Path(path)))
        else:
            self._add_all(path, _matches(path))

    def _given(self, path: Path) -> Ignored:
        return Ignored.given(path if path.is_dir() else path.parent, self._options.ignore)

    def _add_all(self, pattern: str, matches: Sequence[str]) -> None:
        # ** also stands for no folder
        self._found.patterns += {pattern, pattern.replace("**/", "")}
        for path in map(Path, matches):
            ignored = self._given(path.parent)
            if path in ignored:
                self._found.skip(path, "ignored")
            else:
                self._visit(path, self._given(path))

    def _visit(self, path: Path, ignored: Ignored) -> None:
        try:
            self._visit_readable(path, ignored)
        except OSError as error:
            self._found.skip(path, f"cannot be read: {error.strerror}")

    def _visit_readable(self, path: Path, ignored: Ignored) -> None:
        if path.is_dir():
            self._visit_folder(path, ignored)
        elif path.is_file():
            self._visit_file(path)
        else:
            self._found.skip(path, "broken link" if path.is_symlink() else "not a regular file")

    def _visit_folder(self, folder: Path, ignored: Ignored) -> None:
        real = folder.resolve()
        if real in self._folders:
            if folder.is_symlink():
                self._found.skip(folder, "link to a folder that is indexed already")
            return
        self._folders.add(real)
        if is_database(folder):
            self._found.skip(folder, "a database of Trident")
            return
        ignored = ignored.within(folder)
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                self._found.skip(path, "hidden")
            elif path in ignored:
                self._found.skip(path, "ignored")
            else:
                self._visit(path, ignored)

    def _visit_file(self, path: Path) -> None:
        known = format_of(path, self._options.parser)
        if known is None:
            self._found.skip(path, f"no parser for {path.suffix}")
        elif not _is_unicode(path):
            self._found.skip(ascii(str(path)), "its name is not UTF-8")
        else:
            self._found.add(SourceFile(path, known, path.stat().st_size))


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
