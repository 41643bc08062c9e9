"""The program of a parsing process: reads the files it is told and sends what they hold.

A process of its own program (not a fork), so that it shares no thread, lock or engine with
the one that started it. It ends when the other side of its pipe is closed.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, TypeAlias

from indexers.parse.batch import Item, parse_batch
from indexers.parse.registry import format_named
from indexers.sources import SourceFile
from rag.settings.parse import MIB

if TYPE_CHECKING:
    from pathlib import Path

    from rag.settings import ParseSettings

Task: TypeAlias = "tuple[Path, str, int]"  # a file's path, format and size
Frame: TypeAlias = list[tuple[int, Item]]  # what files of a batch gave, by their place in it

FRAME_ITEMS = 64
FRAME_CHARACTERS = 2**18
FRAME_SECONDS = 0.5
PATIENCE = 2  # times its limit, before a process ends itself that nobody has ended


@dataclass(slots=True)
class _Sender:
    """Collects what files give, so that small things do not travel alone."""

    connection: Connection
    timeout: float
    frame: Frame = field(default_factory=list)
    characters: int = 0
    since: float = field(default_factory=time.monotonic)

    def add(self, number: int, item: Item) -> None:
        self.frame.append((number, item))
        self.characters += len(getattr(item, "text", ""))
        if self._is_due():
            self.flush()

    def flush(self) -> None:
        if self.frame:
            self.send(self.frame)
        self.frame, self.characters, self.since = [], 0, time.monotonic()

    def send(self, message: object) -> None:
        """Waiting for a slow reader is no fault of the file."""
        faulthandler.cancel_dump_traceback_later()
        self.connection.send(message)
        faulthandler.dump_traceback_later(self.timeout * PATIENCE, exit=True)

    def _is_due(self) -> bool:
        return (
            len(self.frame) >= FRAME_ITEMS
            or self.characters >= FRAME_CHARACTERS
            or time.monotonic() - self.since >= FRAME_SECONDS
        )


def main() -> None:
    """Serve the pipe whose descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us
    connection = Connection(int(sys.argv[1]))
    try:
        _serve(connection)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody needs us any more


def _serve(connection: Connection) -> None:
    settings: ParseSettings = connection.recv()
    connection.send(None)  # everything is imported: from now on, time counts
    while True:
        tasks: list[Task] = connection.recv()
        _limit_memory(settings.memory * MIB)
        _work(tasks, settings, _Sender(connection, settings.timeout))


def _work(tasks: list[Task], settings: ParseSettings, sender: _Sender) -> None:
    files = [SourceFile(path, format_named(name), size) for path, name, size in tasks]
    numbers = {file.path: number for number, file in enumerate(files)}
    faulthandler.dump_traceback_later(settings.timeout * PATIENCE, exit=True)
    for event in parse_batch(files, settings):
        sender.add(numbers[event.file.path], event.item)
    sender.flush()
    sender.send(None)
    faulthandler.cancel_dump_traceback_later()


def _limit_memory(size: int) -> None:
    """Above what the process has now; `MemoryError` is raised beyond."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space() + size
    resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))


def _address_space() -> int:
    import psutil

    return int(psutil.Process(os.getpid()).memory_info().vms)


if __name__ == "__main__":
    main()
