"""One packed file (.gz, .bz2, .xz, .zst): read as the file that it unpacks to."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from indexers.parse.base import ParseError
from indexers.parse.members import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading

DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile)


def parse_compressed(path: Path, reading: Reading) -> Iterator[Parsed]:
    """What `notes.txt` of `notes.txt.gz` holds. Raises: ParseError."""
    inside = reading.inside()
    known = inside.format_of(Path(path.stem))
    if known is None:
        raise ParseError(f"no parser for {Path(path.stem).suffix}")
    with TemporaryDirectory() as folder:
        copy = Path(folder, path.stem)
        try:
            with OPENERS[path.suffix.lower()](path) as source:
                unpack(source, copy, inside)
        except (*DAMAGED, OSError) as error:
            raise ParseError(f"it is damaged ({error})") from error
        packed, unpacked = path.stat().st_size, max(copy.stat().st_size, 1)
        for parsed in inside.read(copy, known):
            yield replace(parsed, size=parsed.size * packed // unpacked)


@contextmanager
def _open_zstd(path: Path) -> Iterator[IO[bytes]]:
    try:
        import zstandard
    except ImportError as error:
        raise ParseError(
            "reading .zst needs zstandard: `pip install 'trident-rag[formats]'`"
        ) from error
    try:
        with zstandard.open(path, "rb") as source:
            yield source
    except zstandard.ZstdError as error:
        raise ParseError(f"it is damaged ({error})") from error


# Their types differ, but not what they give for a path.
OPENERS: dict[str, Callable[[Path], Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".zst": _open_zstd,
}
