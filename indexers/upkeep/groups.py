"""Documents in groups that are worth a write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rag.types import DocumentRows


def groups(documents: Iterable[DocumentRows], rows: int) -> Iterator[list[DocumentRows]]:
    """Documents in lists of at least so many rows, but for the last."""
    group: list[DocumentRows] = []
    held = 0
    for document in documents:
        group.append(document)
        held += len(document.rows)
        if held >= rows:
            yield group
            group, held = [], 0
    if group:
        yield group
