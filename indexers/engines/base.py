"""What the pipeline asks of whoever reads and encodes for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from indexers.cutter import ReadDocument
from indexers.parse.base import Problem
from indexers.parse.batch import Done, Failure

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from indexers.cutter import Cutter
    from indexers.sources import SourceFile
    from rag.types import Encoding

ReadItem: TypeAlias = ReadDocument | Problem | Done | Failure
# Of a source: the documents that the store has of it, and their revisions.
Revisions: TypeAlias = Callable[[str], Mapping[str, str]]
# Waits for what was asked for.
Encoded: TypeAlias = "Callable[[], Sequence[Encoding]]"


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One thing that a file gave; `Done` or `Failure` is the last."""

    file: SourceFile
    item: ReadItem


class Engine(Protocol):
    """Reads in one thread of the pipeline, encodes in another; decides and writes nothing.

    What it gives does not depend on how many work for it, nor on their pace: files in their
    order, and the same vectors for the same texts.
    """

    @property
    def ahead(self) -> int:
        """So many calls of `encode` may be made before the first one is waited for."""
        ...

    @property
    def forward_seconds(self) -> float:
        """Wall time so far in the models' forward passes; of several workers their mean."""
        ...

    def read(
        self,
        files: Iterable[SourceFile],
        cutter: Cutter,
        revisions: Revisions,
        stopped: Callable[[], bool],
    ) -> Generator[ReadEvent]:
        """What each file holds, file after file; a file that cannot be read costs only itself.

        Files are taken a bounded number ahead. Nothing more is given once `stopped` says so.
        """
        ...

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Have passages encoded; call what is returned for the encodings, in order."""
        ...
