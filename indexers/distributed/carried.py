"""Files on their way to a worker, which may be on a machine that does not have them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from indexers.parse.registry import format_named
from indexers.sources import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Reference: TypeAlias = Any  # to bytes in Ray's object store
    Put: TypeAlias = Callable[[bytes], Reference]
    Get: TypeAlias = Callable[[Reference], bytes]

BLOCK = 16 * 2**20  # bytes that are in memory at once


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A `SourceFile` that can be sent; without `blocks` it is read where its path says."""

    path: Path
    format: str
    size: int
    origin: str
    stem: str
    blocks: tuple[Reference, ...] | None = None

    @property
    def source(self) -> SourceFile:
        """The file as the pipeline knows it."""
        return SourceFile(self.path, format_named(self.format), self.size, self.origin, self.stem)


def named(file: SourceFile) -> CarriedFile:
    """For a worker on this machine."""
    return CarriedFile(file.path, file.format.name, file.size, file.origin, file.stem)


def carried(file: SourceFile, put: Put) -> CarriedFile:
    """With its bytes, for a worker anywhere.

    A file that cannot be read, or is no regular one, goes without: the worker does not find
    it either, and says so.
    """
    blocks = _blocks(file.path, put) if file.path.is_file() else None
    return CarriedFile(file.path, file.format.name, file.size, file.origin, file.stem, blocks)


@contextmanager
def placed(files: Sequence[CarriedFile], get: Get) -> Iterator[list[SourceFile]]:
    """The files as this machine can read them, under their own names."""
    with TemporaryDirectory(prefix="trident-carried-") as folder:
        yield [_placed(file, Path(folder, str(number)), get) for number, file in enumerate(files)]


def _blocks(path: Path, put: Put) -> tuple[Reference, ...] | None:
    try:
        with path.open("rb") as file:
            return tuple(put(block) for block in iter(partial(file.read, BLOCK), b""))
    except OSError:
        return None


def _placed(file: CarriedFile, folder: Path, get: Get) -> SourceFile:
    if file.blocks is None:
        return file.source
    folder.mkdir()
    path = folder / file.path.name
    with path.open("wb") as copy:
        for block in file.blocks:
            copy.write(get(block))
    return SourceFile(path, format_named(file.format), file.size, file.origin, file.stem)
