"""Files within a file, each read by its own parser, within limits."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING

from indexers.parse.base import ParseError, Problem
from indexers.parse.reading import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexers.parse.base import Format, Parsed
    from indexers.parse.reading import Reading

COPIED_AT_ONCE = 2**20
LONGEST_NAME = 100
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError)
HIDDEN = ("__MACOSX", ".")  # what no user put there


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file: its name there, its packed size, and the way to its bytes.

    With a `refusal` it is not opened: a link, a device, an encrypted file.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]
    refusal: str = ""


def read_members(members: Iterable[Member], reading: Reading) -> Iterator[Parsed]:
    """What the members hold; one that cannot be read costs only itself.

    Raises: LimitError when all of it must be refused.
    """
    inside = reading.inside()
    names: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        for member in members:
            inside.budget.take(members=1)
            names[member.name] += 1
            part = f"!/{member.name}" + (f"~{n}" if (n := names[member.name]) > 1 else "")
            try:
                for parsed in _read(member, inside, Path(folder)):
                    yield replace(parsed, part=part + parsed.part)
            except LimitError:
                raise
            except (ParseError, *DAMAGED) as error:
                yield Problem(None, _reason(error), member.size, part)


def unpack(source: IO[bytes], target: Path, reading: Reading) -> None:
    """Copy at most what the budget allows. Raises: LimitError."""
    with target.open("wb") as copy:
        while piece := source.read(COPIED_AT_ONCE):
            reading.budget.take(len(piece))
            copy.write(piece)


def _read(member: Member, inside: Reading, folder: Path) -> Iterator[Parsed]:
    path = PurePosixPath(member.name.replace("\\", "/"))
    if any(part.startswith(HIDDEN) and part != ".." for part in path.parts):
        return
    refusal = _refusal(path) or member.refusal
    if refusal:
        raise ParseError(refusal)
    known = inside.format_of(Path(path.name))
    if known is None:
        yield Problem(None, f"no parser for {path.suffix}", member.size, broken=False)
        return
    yield from _unpacked(member, known, inside, folder / _safe_name(path.name))


def _unpacked(member: Member, known: Format, inside: Reading, copy: Path) -> Iterator[Parsed]:
    try:
        with member.open() as source:
            unpack(source, copy, inside)
        unpacked = max(copy.stat().st_size, 1)
        for parsed in inside.read(copy, known):
            yield replace(parsed, size=parsed.size * member.size // unpacked)
    finally:
        copy.unlink(missing_ok=True)


def _refusal(path: PurePosixPath) -> str:
    """Its name is never used as a path; who gives such a name means harm."""
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its path leads out of the archive"
    return ""


def _safe_name(name: str) -> str:
    """A name for the copy that ends alike, for parsers that show it."""
    kept = "".join(c if c.isalnum() or c in " ._-" else "_" for c in name)
    return kept.encode()[-LONGEST_NAME:].decode(errors="ignore")


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ParseError) else f"it is damaged ({error})"
