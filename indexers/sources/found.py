"""What has been found so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.report import Skip
from indexers.sources.base import Scope, Sources

if TYPE_CHECKING:
    from pathlib import Path

    from indexers.sources.base import SourceFile


class Found:
    """Collects files and what is passed over, each once."""

    def __init__(self) -> None:
        self._files: dict[Path, SourceFile] = {}  # by real path: links do not make two documents
        self._skipped: dict[str, str] = {}
        self.roots: list[Path] = []
        self.patterns: list[str] = []

    def add(self, file: SourceFile) -> None:
        """A file to index."""
        self._files.setdefault(file.path.resolve(), file)

    def skip(self, source: str | Path, reason: str) -> None:
        """Something that is not indexed."""
        self._skipped[str(source)] = reason

    def sources(self) -> Sources:
        """All of it."""
        return Sources(
            files=tuple(self._files.values()),
            skipped=tuple(Skip(*skipped) for skipped in self._skipped.items()),
            scope=Scope(tuple(self.roots), tuple(self.patterns)),
        )
