"""What readers see while documents change: each document whole, in its old form or its new.

The engine shows every row as soon as it is in. So a reader is given a view when it begins,
and what the view hides is dropped from its results; rows are deleted only when all readers
who may still need them are done. Readers never wait, and while nothing changes the view
hides nothing and costs nothing.

It holds within one process. Other clients of a server may see a document in two forms.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.store.catalog import Intent

# Columns that a result must hold for a view to be applied to it.
VIEWED = ("doc_id", "generation")
# A reader that takes longer has lost its server; its old rows need not be kept for it.
LONGEST_READ = 60.0


@dataclass(frozen=True, slots=True)
class View:
    """Rows of the generation `arriving` are hidden, and those of documents in `replaced`
    that are older than the generation given there."""

    arriving: int | None = None
    replaced: Mapping[str, int] = field(default_factory=dict)

    def of(self, result: Mapping[str, list[Any]]) -> Mapping[str, list[Any]]:
        """The rows of an engine's result, by column, that this view shows."""
        if self is EVERYTHING:
            return result
        pairs = zip(*(result[column] for column in VIEWED), strict=True)
        shown = [index for index, pair in enumerate(pairs) if self._shows(*pair)]
        return {column: [values[i] for i in shown] for column, values in result.items()}

    def _shows(self, doc_id: str, generation: int) -> bool:
        return generation != self.arriving and generation >= self.replaced.get(doc_id, 0)


EVERYTHING = View()


class Visibility:
    """The views of a database's collections by uid; safe to use from several threads.

    One writer at a time: `hide`, then insert; `publish`, then delete; `settle`.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._views: dict[str, View] = {}
        self._epoch = 0
        self._readers: Counter[int] = Counter()  # by the epoch in which they began

    @contextmanager
    def reading(self, uid: str) -> Iterator[View]:
        """The view of a collection that holds for the whole of this read."""
        with self._changed:
            epoch, view = self._epoch, self._views.get(uid, EVERYTHING)
            self._readers[epoch] += 1
        try:
            yield view
        finally:
            with self._changed:
                self._readers[epoch] -= 1
                if not self._readers[epoch]:
                    del self._readers[epoch]
                    self._changed.notify_all()

    def hide(self, uid: str, generation: int) -> None:
        """Rows of this generation are about to be inserted: wait for who would see them."""
        with self._changed:
            self._views[uid] = View(arriving=generation)
        self.wait_for_readers()

    def publish(self, intents: Sequence[Intent]) -> None:
        """From now on these documents are seen as they will be; wait for who sees them as
        they were. After that the older rows can go. All intents of one write."""
        if not intents:
            return
        with self._changed:
            replaced = {intent.doc_id: intent.generation for intent in intents}
            self._views[intents[0].uid] = View(replaced=replaced)
        self.wait_for_readers()

    def settle(self, uid: str) -> None:
        """The older rows are gone: every row can be seen."""
        with self._changed:
            self._views.pop(uid, None)

    def wait_for_readers(self) -> None:
        """Block until every read that has begun so far is done, but no longer than
        `LONGEST_READ` seconds."""
        with self._changed:
            self._epoch += 1
            now = self._epoch
            self._changed.wait_for(lambda: not self._before(now), LONGEST_READ)

    def _before(self, epoch: int) -> bool:
        return any(began < epoch for began in self._readers)
