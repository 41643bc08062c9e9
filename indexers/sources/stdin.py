"""Standard input as a source."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.parse.registry import format_of
from indexers.sources.base import SourceFile
from indexers.sources.spool import MIB, Spool, TooLargeError
from rag.errors import SourceError

if TYPE_CHECKING:
    from indexers.sources.base import SourceOptions
    from indexers.sources.found import Found

STDIN = "-"


class StdinSource:
    """Reads all of it, once."""

    def __init__(self, found: Found, options: SourceOptions) -> None:
        self._found = found
        self._options = options

    def add(self, _: str) -> None:
        """Add what stands there. Raises: SourceError when nothing reads such a name."""
        name, fetch = self._options.stdin_name, self._options.fetch
        known = format_of(Path(name), self._options.parser)
        if known is None:
            raise SourceError(
                f"Nothing reads {name!r:.80}; say by its suffix what stdin holds, as in "
                "--stdin-name notes.md."
            )
        origin = f"stdin:{name}"
        parts = iter(partial(sys.stdin.buffer.read, MIB), b"")
        try:
            path = Spool(fetch.cache, fetch.largest).put(origin, name, {}, parts).path
        except TooLargeError:
            self._found.skip(origin, f"larger than fetch.largest, {fetch.largest} MiB")
        else:
            self._found.add(SourceFile(path, known, path.stat().st_size, origin))
