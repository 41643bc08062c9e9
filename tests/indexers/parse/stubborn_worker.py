"""The program of a parsing process that also knows files which hang, die, and eat memory."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

from indexers.parse import registry
from indexers.parse.base import Format, ParsedDocument
from indexers.parse.worker_process import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.reading import Reading


def _misbehave(path: Path, _reading: Reading) -> Iterator[ParsedDocument]:
    words = path.read_text()
    if words == "hang":
        time.sleep(600)
    if words == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if words == "eat":
        words = "x" * 2**31
    if words == "surprise":
        raise KeyError("no such thing")
    yield ParsedDocument(words, path.stem, len(words))
    if words == "begin and die":
        os._exit(7)


ODD = Format("odd", 1, (".odd",), _misbehave)
SIMPLE_ODD = Format("simple odd", 1, (".sodd",), _misbehave, simple=True)

if __name__ == "__main__":
    for odd in (ODD, SIMPLE_ODD):
        registry._BY_NAME[odd.name] = odd
    main()
