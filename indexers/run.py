"""What the stages of one indexing run share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexers.fingerprint import Recipe
    from indexers.manifest import Manifest
    from indexers.progress import StageClock
    from indexers.report import IndexReport
    from rag.encoders.base import Encoder
    from rag.store.base import Store, StoredDocument


@dataclass(frozen=True, slots=True)
class Run:
    """The tools and the records of a run; `stored` is what was there when it began.

    `token_pooling` is how many token vectors become one.
    """

    collection: str
    store: Store
    encoder: Encoder
    recipe: Recipe
    manifest: Manifest
    stored: Mapping[str, StoredDocument]
    report: IndexReport
    clock: StageClock
    token_pooling: int
