"""Zip files that are documents (office files, EPUB): checked before a library unpacks them."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexers.parse.base import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexers.parse.reading import Reading

OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # of old office files, and of new ones that are encrypted


@contextmanager
def guarded_zip(path: Path, reading: Reading) -> Iterator[zipfile.ZipFile]:
    """The open archive, when what it says it holds is within limits.

    The sizes that it states are enough: `zipfile` never gives more of a member than that.
    Raises: ParseError, LimitError.
    """
    with path.open("rb") as file:
        if file.read(len(OLE_MAGIC)) == OLE_MAGIC:
            raise ParseError("it is encrypted or of an old format; save it anew without either")
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ParseError("it is damaged or no file of this kind") from error
    with archive:
        members = archive.infolist()
        reading.budget.take(sum(member.file_size for member in members), len(members))
        yield archive


def check_zip(path: Path, reading: Reading) -> None:
    """As `guarded_zip`, for libraries that open the file by themselves."""
    with guarded_zip(path, reading):
        pass
