"""Where uploads lie until they are indexed, on disk before the client is answered.

A folder a job, with files that we name: neither a client's name nor anything else of a request
is part of a path.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pydantic import BaseModel, ConfigDict

from api.jobs.names import known_suffix
from indexers.parse.base import Format
from indexers.parse.registry import format_named
from indexers.sources import Scope, SourceFile, Sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

CONTENTS = "contents.json"
BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Given:
    """Something to be kept: its clean name, what reads it, and where its bytes come from."""

    name: str
    format: Format
    content: BinaryIO


class Item(BaseModel):
    """A file of the spool, and what it was called."""

    model_config = ConfigDict(frozen=True)

    file: str
    name: str
    stem: str
    format: str


class Contents(BaseModel):
    """What a job is to index. `ids` are those of documents that came in a request's JSON: the
    lines of its one file."""

    model_config = ConfigDict(frozen=True)

    items: list[Item]
    ids: list[str] = []


class Spool:
    """A folder with one folder for each job that has not ended."""

    def __init__(self, folder: Path):
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def keep(self, job_id: str, given: Sequence[Given], ids: Sequence[str] = ()) -> None:
        """Write all of it and wait until the disk has it; nothing stays if that fails.

        Raises: OSError.
        """
        folder = self._folder / job_id
        folder.mkdir()
        try:
            items = [_write(folder, f"{job_id}-{n}", each) for n, each in enumerate(given, 1)]
            contents = Contents(items=items, ids=list(ids)).model_dump_json()
            _write_synced(folder / CONTENTS, iter([contents.encode()]))
            _sync_folder(folder)
            _sync_folder(self._folder)
        except BaseException:
            self.remove(job_id)
            raise

    def contents(self, job_id: str) -> Contents:
        """What was kept for a job. Raises: OSError."""
        return Contents.model_validate_json((self._folder / job_id / CONTENTS).read_bytes())

    def sources(self, job_id: str, contents: Contents) -> Sources:
        """The same as the pipeline takes it. Raises: OSError."""
        folder = self._folder / job_id
        return Sources(tuple(_source(folder, item) for item in contents.items), (), Scope())

    def remove(self, job_id: str) -> None:
        """Forget what was kept for a job."""
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def remove_all_but(self, job_ids: Collection[str]) -> None:
        """Forget what no job needs: of requests that ended before their job was noted."""
        for folder in self._folder.iterdir():
            if folder.name not in job_ids:
                self.remove(folder.name)


def _write(folder: Path, token: str, given: Given) -> Item:
    """The token holds the job's id: no parser gives a title with it but from the file's name."""
    suffix = known_suffix(given.name)
    stem = given.name[: len(given.name) - len(suffix)]
    file = f"{token}{suffix or given.format.suffixes[0]}"
    _write_synced(folder / file, iter(lambda: given.content.read(BLOCK), b""))
    return Item(file=file, name=given.name, stem=stem, format=given.format.name)


def _source(folder: Path, item: Item) -> SourceFile:
    path = folder / item.file
    return SourceFile(path, format_named(item.format), path.stat().st_size, item.name, item.stem)


def _write_synced(path: Path, blocks: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        file.writelines(blocks)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """So that its entries survive, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
