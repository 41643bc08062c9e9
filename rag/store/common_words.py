"""Words that stand in most rows of a large collection, which its full-text leg leaves out.

They tell passages apart hardly at all, and they are what a question costs most to look up.
They can also ruin a ranking: the engine's BM25 does not count the rows that its index still
holds in memory, and for a word of more rows than it counts log(1 + (N - df + ½) / (df + ½)) is
computed with an unsigned N - df, so that "the" outweighs everything else. At least half of the
rows of a large collection are counted, so a word of no more rows than that is safe.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.store.engine import read
from rag.store.schema import FULLTEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rag.store.engine import Engine

LARGE = 5_000  # rows; smaller collections are wholly counted
COMMON = 0.5  # of the rows hold the word
BLOCKS, BLOCK = 40, 25  # the sample: so many blocks of so many rows, spread evenly
GROWTH = 1.5  # a sample holds until the collection has grown, or shrunk, so much
LONGEST_UNSEEN = 30.0  # seconds until another client's writes are looked at


@dataclass(frozen=True, slots=True)
class Sample:
    """What was common in so many rows."""

    rows: int
    words: frozenset[str]

    def holds_for(self, rows: int) -> bool:
        """The collection is about as large as it was, or it is still small."""
        if max(rows, self.rows) < LARGE:
            return True
        return self.rows / GROWTH <= rows <= self.rows * GROWTH


class CommonWords:
    """The common words of tables, sampled on first use; safe to use from several threads."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.monotonic):
        self._engine = engine
        self._now = now
        self._lock = threading.Lock()
        self._samples: dict[str, Sample] = {}
        self._checked: dict[str, float] = {}

    def of(self, table: str, count: Callable[[], int]) -> frozenset[str]:
        """Common words of a table; none of a small one. `count` gives its rows."""
        with self._lock:
            now = self._now()
            if now - self._checked.get(table, -LONGEST_UNSEEN) >= LONGEST_UNSEEN:
                self._check(table, count())
                self._checked[table] = now
            return self._samples[table].words

    def changed(self, table: str) -> None:
        """Rows were written: look at its size again."""
        with self._lock:
            self._checked.pop(table, None)

    def forget(self, table: str) -> None:
        """The table is gone."""
        with self._lock:
            self._checked.pop(table, None)
            self._samples.pop(table, None)

    def _check(self, table: str, rows: int) -> None:
        sample = self._samples.get(table)
        if sample is None or not sample.holds_for(rows):
            self._samples[table] = Sample(rows, self._sampled(table, rows))

    def _sampled(self, table: str, rows: int) -> frozenset[str]:
        if rows < LARGE:
            return frozenset()
        starts = [block * (rows - BLOCK) // (BLOCKS - 1) for block in range(BLOCKS)]
        return common([text for start in starts for text in self._texts(table, start)])

    def _texts(self, table: str, start: int) -> list[str]:
        def find(database: Any) -> Any:
            query = database.get_table(table).output([FULLTEXT])
            return query.offset(start).limit(BLOCK).to_result()[0]

        found: list[str] = read(self._engine, "sample its words", find)[FULLTEXT]
        return found


def common(texts: Iterable[str]) -> frozenset[str]:
    """The words that stand in more than `COMMON` of these texts."""
    rows = [set(text.split()) for text in texts]
    counts = Counter(word for words in rows for word in words)
    return frozenset(word for word, count in counts.items() if count > COMMON * len(rows))
