"""Archives (zip, tar): every file within becomes documents `archive.zip!/path`."""

from __future__ import annotations

import tarfile
import zipfile
from functools import partial
from typing import IO, TYPE_CHECKING, cast

from indexers.parse.base import ParseError
from indexers.parse.members import Member, read_members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.base import Parsed
    from indexers.parse.reading import Reading

ENCRYPTED = 0x1  # of a member's flag bits
LINK_MODE = 0o120000
TYPE_OF_MODE = 0o170000


def parse_zip(path: Path, reading: Reading) -> Iterator[Parsed]:
    """The members of a zip file in their order. Raises: ParseError."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ParseError("it is damaged or no zip file") from error
    with archive:
        yield from read_members(_zip_members(archive), reading)


def parse_tar(path: Path, reading: Reading) -> Iterator[Parsed]:
    """The members of a tar file, packed or not, in their order. Raises: ParseError."""
    try:
        with tarfile.open(path) as archive:
            yield from read_members(_tar_members(archive), reading)
    except (tarfile.TarError, EOFError) as error:
        raise ParseError(f"it is damaged or no tar file ({error})") from error


def _zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        if not info.is_dir():
            opened = partial(archive.open, info)
            yield Member(info.filename, info.compress_size, opened, _zip_refusal(info))


def _zip_refusal(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & ENCRYPTED:
        return "it is encrypted; unpack it first"
    if (info.external_attr >> 16) & TYPE_OF_MODE == LINK_MODE:
        return "it is a link"
    return ""


def _tar_members(archive: tarfile.TarFile) -> Iterator[Member]:
    for info in archive:
        if not info.isdir():
            yield Member(info.name, info.size, partial(_open, archive, info), _tar_refusal(info))
        archive.members.clear()  # type: ignore[attr-defined]  # documented: else it keeps all


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    return cast("IO[bytes]", archive.extractfile(info))


def _tar_refusal(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "it is a link"
    return "" if info.isfile() else "it is no regular file"
