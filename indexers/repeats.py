"""Whether a document of a run repeats one that is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from indexers.duplicates import signature_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexers.duplicates import Duplicates, Match
    from rag.store.base import StoredDocument
    from rag.types import Document


class RepeatCheck:
    """Compares each document with those before it in the run, and with those stored.

    Without `duplicates` nothing is compared, and nothing repeats another.
    """

    def __init__(self, duplicates: Duplicates | None, stored: Mapping[str, StoredDocument]) -> None:
        self._duplicates = duplicates
        self._stored = stored
        self._new: set[str] = set()  # documents of this run

    def knows(self, document: StoredDocument) -> bool:
        """A stored document can be compared with, without parsing it again."""
        if self._duplicates is None:
            return True
        return self._duplicates.knows(document.doc_id, document.revision)

    def check(self, document: Document, revision: str, unchanged: bool) -> Match | None:
        """What a document repeats; else it is remembered. One that is stored stays."""
        if self._duplicates is None:
            return None
        signature = signature_of(document.text)
        match = None if unchanged else self._duplicates.find(document.id, signature, self._counts)
        if match is None:
            self._duplicates.add(document.id, revision, signature)
            self._new.add(document.id)
        return match

    def _counts(self, doc_id: str, revision: str) -> bool:
        """The document is in this run, or in the store as its signature says and not gone."""
        if doc_id in self._new:
            return True
        stored = self._stored.get(doc_id)
        return stored is not None and stored.revision == revision and not is_gone(stored.source)


def is_gone(source: str) -> bool:
    """The file is not there any more, so that its documents may have moved."""
    path = Path(source)
    return path.is_absolute() and not path.exists()
