"""What runs on the cluster: one process with the models and a process that parses."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from indexers.cutter import ReadDocument
from indexers.distributed.carried import placed
from indexers.parse.base import ParsedDocument
from indexers.parse.batch import Batch
from indexers.parse.worker import worker_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from indexers.cutter import Cutter
    from indexers.distributed.carried import CarriedFile
    from indexers.engines.base import ReadItem
    from indexers.parse.batch import Item
    from rag.encoders.base import Encoder
    from rag.settings import ParseSettings
    from rag.types import Encoding

    # What files of an order gave, by their place in it.
    Frame: TypeAlias = list[tuple[int, ReadItem]]

FRAME_ITEMS = 64
FRAME_CHARACTERS = 2**18


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """Files to read, how to cut them, and for each the revisions that need not be cut."""

    files: tuple[CarriedFile, ...]
    cutter: Cutter
    revisions: tuple[Mapping[str, str], ...]


class IndexWorker:
    """The class of the actors. It reads and encodes at the same time, one call of each.

    The same call gives the same result, so that Ray may do it again after a worker was lost.
    Models are loaded by the first call, so that what is wrong with them is that call's error.
    """

    def __init__(self, make_encoder: Callable[[], Encoder], parse: ParseSettings) -> None:
        self._make_encoder = make_encoder
        self._open = ExitStack()
        alone = parse.model_copy(update={"workers": 1})
        [self._parser] = self._open.enter_context(worker_slots(alone, lambda: False))

    @cached_property
    def _encoder(self) -> Encoder:
        return self._make_encoder()

    def identity(self) -> str:
        """Which models this worker has."""
        return self._encoder.info.identity

    def encode(self, texts: Sequence[str]) -> tuple[list[Encoding], float]:
        """Encodings of passages, and the seconds that the models took for them."""
        before = self._encoder.forward_seconds
        encodings = self._encoder.encode_documents(texts)
        return encodings, self._encoder.forward_seconds - before

    def read(self, order: ReadOrder) -> Iterator[Frame]:
        """What the files hold, in frames, file after file."""
        import ray

        with placed(order.files, ray.get) as files:
            numbers = {file.path: number for number, file in enumerate(files)}
            self._parser.send(Batch(tuple(files)))
            events = ((numbers[event.file.path], event.item) for event in self._parser.receive())
            yield from _frames((number, self._cut(order, number, item)) for number, item in events)

    def read_whole(self, order: ReadOrder) -> list[Frame]:
        """All frames at once, for connections that cannot stream."""
        return list(self.read(order))

    def close(self) -> None:
        """End the parsing process and remove its files."""
        self._open.close()

    def _cut(self, order: ReadOrder, number: int, item: Item) -> ReadItem:
        if not isinstance(item, ParsedDocument):
            return item
        read = order.cutter.identify(item, order.files[number].source)
        if order.revisions[number].get(read.document.id) == read.revision:
            return read
        return replace(read, cut=order.cutter.cut(read, self._encoder))


def _frames(items: Iterable[tuple[int, ReadItem]]) -> Iterator[Frame]:
    """Small things do not travel alone, nor large ones together."""
    frame: Frame = []
    characters = 0
    for number, item in items:
        frame.append((number, item))
        characters += len(item.document.text) if isinstance(item, ReadDocument) else 0
        if len(frame) >= FRAME_ITEMS or characters >= FRAME_CHARACTERS:
            yield frame
            frame, characters = [], 0
    if frame:
        yield frame
