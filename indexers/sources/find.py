"""From what a user names to the files to index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from indexers.sources import filesystem, stdin, web
from indexers.sources.base import SourceOptions
from indexers.sources.found import Found
from indexers.sources.local import LocalSource
from rag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from indexers.sources.base import Sources

SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
STDIN_SCHEME, LOCAL_SCHEME = stdin.STDIN, ""


class Source(Protocol):
    """A kind of source."""

    def add(self, given: str) -> None:
        """Add to what was found what this stands for. Raises: SourceError."""
        ...


KINDS: Mapping[str, Callable[[Found, SourceOptions], Source]] = {
    LOCAL_SCHEME: LocalSource,
    STDIN_SCHEME: stdin.StdinSource,
    **dict.fromkeys(web.SCHEMES, web.WebSource),
    **dict.fromkeys(filesystem.SCHEMES, filesystem.FilesystemSource),
}


def find_sources(paths: Iterable[str | Path], options: SourceOptions | None = None) -> Sources:
    """Expand files, folders, globs and addresses; `-` is standard input.

    What cannot be fetched is among the skipped, with the reason.
    Raises: SourceError for a path or a glob that matches nothing, or an unknown scheme.
    """
    options = options or SourceOptions()
    found = Found()
    kinds: dict[object, Source] = {}
    for path in map(str, paths):
        make = KINDS[_scheme(path)]
        kinds.setdefault(make, make(found, options)).add(path)
    return found.sources()


def _scheme(path: str) -> str:
    if path == stdin.STDIN:
        return STDIN_SCHEME
    match = SCHEME.match(path)
    scheme = match[1].lower() if match else LOCAL_SCHEME
    if scheme not in KINDS:
        known = ", ".join(filter(str.isalnum, KINDS))
        raise SourceError(f"Addresses of {scheme}:// cannot be read; these can: {known}.")
    return scheme
