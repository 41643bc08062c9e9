"""A place for a parsing process: fills it, reads from it, and replaces one that is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from indexers.parse.batch import Batch, Failure, ParseEvent
from rag.errors import FailureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexers.parse.worker_process import Frame
    from rag.settings import ParseSettings

PROGRAM = "indexers.parse.worker_process"
STARTUP_SECONDS = 120.0
POLL_SECONDS = 0.1


class Stopped(Exception):  # noqa: N818 - no error: the caller asked for it
    """Nobody wants any more."""


class _Lost(Exception):  # noqa: N818 - carries the reason from where it is seen to the file
    """The process ended or was ended; the message is the reason, for the report."""


@contextmanager
def worker_slots(settings: ParseSettings, stopped: Callable[[], bool]) -> Iterator[list[Worker]]:
    """As many places as `settings.workers`; their processes and files are gone afterwards."""
    with TemporaryDirectory(prefix="trident-parse-") as folder:
        workers = [Worker(settings, folder, stopped) for _ in range(settings.workers)]
        try:
            yield workers
        finally:
            for worker in workers:
                worker.end()


class Worker:
    """One process at a time, started when there is something to do."""

    def __init__(self, settings: ParseSettings, folder: str, stopped: Callable[[], bool]) -> None:
        self._settings = settings
        self._folder = folder
        self._stopped = stopped
        self._waiting: deque[Batch] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._heard = 0.0  # when the process last said something, or began to have work

    @property
    def load(self) -> int:
        """Batches that were sent and not received."""
        return len(self._waiting)

    def send(self, batch: Batch) -> None:
        """Give it a batch; at most two may be waiting, or a full pipe would stop both sides."""
        if self._process is None:
            self._start()
        if not self._waiting:
            self._heard = time.monotonic()
        self._waiting.append(batch)
        with suppress(OSError):  # a process that is dead is noticed by `receive`
            self._pipe.send([(file.path, file.format.name, file.size) for file in batch.files])

    def receive(self) -> Iterator[ParseEvent]:
        """What the batch gives that was sent first. Raises: Stopped, FailureError."""
        batch = self._waiting.popleft()
        try:
            yield from self._events(batch)
        except _Lost as lost:
            others = list(self._waiting)
            self._waiting.clear()
            self.end()
            yield from self._after_loss(batch, str(lost))
            for other in others:
                self.send(other)

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        self._process = None

    def _after_loss(self, batch: Batch, reason: str) -> Iterator[ParseEvent]:
        """A file alone is to blame; of several, each is tried alone."""
        if len(batch.files) == 1:
            yield ParseEvent(batch.files[0], Failure(reason))
            return
        for file in batch.files:
            self.send(Batch((file,)))
            yield from self.receive()

    def _events(self, batch: Batch) -> Iterator[ParseEvent]:
        """Of several files all or nothing, so that they can be tried again."""
        frames = self._frames()
        if len(batch.files) > 1:
            frames = iter(list(frames))
        for frame in frames:
            for number, item in frame:
                yield ParseEvent(batch.files[number], item)

    def _frames(self) -> Iterator[Frame]:
        while True:
            self._wait()
            try:
                frame = self._pipe.recv()
            except (EOFError, OSError) as error:
                raise self._death() from error
            self._heard = time.monotonic()
            if frame is not None:
                yield frame
            elif self._ready:
                return
            self._ready = True

    def _wait(self) -> None:
        """Until the process has said something."""
        limit = self._settings.timeout + (0 if self._ready else STARTUP_SECONDS)
        while not self._pipe.poll(POLL_SECONDS):
            if self._stopped():
                raise Stopped
            if time.monotonic() - self._heard > limit:
                raise _Lost(
                    f"no document was read of it in {self._settings.timeout:g} s (parse.timeout)"
                )

    def _death(self) -> Exception:
        """Why the process is gone; the file is not to blame for one that never began."""
        code = self._process.wait() if self._process else 0
        if not self._ready:
            return FailureError(
                "The process that reads files does not start; "
                f"`{sys.executable} -m {PROGRAM} 0` says why."
            )
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return _Lost(f"it ended the process that read it ({name})")

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        self._ready = False
        command = [sys.executable, "-P", "-W", "ignore", "-m", PROGRAM, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment(),
            )
        with suppress(OSError):
            self._pipe.send(self._settings)

    def _environment(self) -> dict[str, str]:
        """Our module path instead of the working directory, one thread, our own folder."""
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",  # each takes 64 MiB of the address space
            "TMPDIR": self._folder,
        }
