"""Workers as the pipeline sees them while they encode."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import ray

from indexers.distributed.calls import ENCODING
from indexers.distributed.results import result
from rag.types import SparseVector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexers.engines.base import Encoded
    from rag.types import Encoding


@dataclass(slots=True)
class _Place:
    """A worker, and its calls that had not ended when last looked at."""

    actor: Any
    calls: list[Any] = field(default_factory=list)

    def load(self) -> int:
        if self.calls:
            _, self.calls = ray.wait(self.calls, num_returns=len(self.calls), timeout=0)
        return len(self.calls)


class RemoteEncoding:
    """Sends each call to the worker with the least to do."""

    def __init__(self, actors: Sequence[Any]) -> None:
        self._places = [_Place(actor) for actor in actors]
        self.forward_seconds = 0.0  # of all workers

    def submit(self, texts: Sequence[str]) -> Encoded:
        """Begin to encode; call what is returned to wait for it."""
        place = min(self._places, key=_Place.load)
        reference = place.actor.encode.options(concurrency_group=ENCODING).remote(list(texts))
        place.calls.append(reference)
        return partial(self._wait, reference)

    def _wait(self, reference: Any) -> list[Encoding]:
        encodings, seconds = result(reference)
        self.forward_seconds += seconds
        return [_own(encoding) for encoding in encodings]


def _own(encoding: Encoding) -> Encoding:
    """With arrays of its own: Ray's are views that keep its object store full."""
    sparse = SparseVector(encoding.sparse.indices.copy(), encoding.sparse.values.copy())
    return replace(
        encoding, dense=encoding.dense.copy(), sparse=sparse, tokens=encoding.tokens.copy()
    )
