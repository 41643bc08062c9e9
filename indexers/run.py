"""What the stages of one indexing run share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexers.duplicates import Duplicates
    from indexers.engines.base import Engine
    from indexers.fingerprint import Recipe
    from indexers.manifest import Manifest
    from indexers.progress import StageClock
    from indexers.report import IndexReport
    from indexers.target import IndexTarget
    from rag.encoders.base import Encoder
    from rag.settings import ParseSettings
    from rag.store.base import StoredDocument


@dataclass(frozen=True, slots=True)
class Run:
    """The tools and the records of a run; `stored` is what was there when it began.

    `engine` reads and encodes; `encoder` knows its models and counts tokens. `token_pooling`
    is how many token vectors become one; `duplicates` are given where near duplicates are
    left out.
    """

    collection: str
    store: IndexTarget
    encoder: Encoder
    engine: Engine
    recipe: Recipe
    manifest: Manifest
    stored: Mapping[str, StoredDocument]
    report: IndexReport
    clock: StageClock
    token_pooling: int
    parse: ParseSettings
    duplicates: Duplicates | None = None
