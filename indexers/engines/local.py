"""The engine of one machine: parsing processes, and the encoder of this process."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from indexers.engines.base import ReadEvent
from indexers.parse.base import ParsedDocument
from indexers.parsing import parse_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from indexers.cutter import Cutter
    from indexers.engines.base import Encoded, Revisions
    from indexers.sources import SourceFile
    from rag.encoders.base import Encoder


class LocalEngine:
    """Leaves cutting to the pipeline, which cuts only what must be written."""

    ahead = 0  # texts are encoded when they are waited for

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def forward_seconds(self) -> float:
        """Wall time so far in the models' forward passes."""
        return self._encoder.forward_seconds

    def read(
        self,
        files: Iterable[SourceFile],
        cutter: Cutter,
        revisions: Revisions,  # noqa: ARG002 - of the protocol: for engines that cut
        stopped: Callable[[], bool],
    ) -> Generator[ReadEvent]:
        """What each file holds, file after file."""
        with closing(parse_sources(files, cutter.recipe.parse, stopped)) as events:
            for event in events:
                match event.item:
                    case ParsedDocument() as parsed:
                        yield ReadEvent(event.file, cutter.identify(parsed, event.file))
                    case other:
                        yield ReadEvent(event.file, other)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode when it is waited for."""
        return partial(self._encoder.encode_documents, texts)
