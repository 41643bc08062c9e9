"""Index files: find, parse, chunk, encode, write, and wait until all can be found."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from indexers.chunk import check_overlap
from indexers.collection import open_collection
from indexers.duplicates import Duplicates
from indexers.engines.local import LocalEngine
from indexers.fingerprint import Recipe
from indexers.interrupt import Interrupt, deferred_interrupt
from indexers.loop import IndexLoop
from indexers.manifest import Manifest
from indexers.options import IndexOptions
from indexers.progress import ProgressMeter, StageClock
from indexers.report import IndexReport
from indexers.run import Run
from indexers.sources import find_sources
from rag.encoders.embed_text import SPECIAL_TOKENS
from rag.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from indexers.engines.base import Engine
    from indexers.progress import ProgressListener
    from indexers.sources import Sources
    from indexers.target import IndexTarget
    from rag.encoders.base import Encoder
    from rag.settings import ChunkSettings
    from rag.store.base import CollectionInfo


def index_paths(
    paths: Iterable[str | Path],
    collection: str,
    store: IndexTarget,
    encoder: Encoder,
    *,
    options: IndexOptions | None = None,
    progress: ProgressListener | None = None,
    engine: Engine | None = None,
) -> IndexReport:
    """Bring a collection in line with files, folders and globs; it is made when absent.

    Unchanged documents are not written again. What cannot be indexed costs only itself
    and is in the report with the reason. When this returns, every leg of a search sees
    every row. Ctrl-C ends the run after the batch in work; the report says so. `engine` reads
    and encodes; without one, this process does, with `encoder`.

    Raises: SourceError (a path matches nothing), SettingsError, CollectionMismatchError,
    StoreError.
    """
    options = options or IndexOptions()
    clock = StageClock()
    _check_chunk_settings(options.chunk, encoder.info.max_tokens)
    with clock.stage("find"):
        sources = find_sources(paths, options.sources)
    return index_sources(
        sources,
        collection,
        store,
        encoder,
        options=options,
        progress=progress,
        clock=clock,
        engine=engine,
    )


def index_sources(
    sources: Sources,
    collection: str,
    store: IndexTarget,
    encoder: Encoder,
    *,
    options: IndexOptions | None = None,
    progress: ProgressListener | None = None,
    interrupt: Interrupt | None = None,
    clock: StageClock | None = None,
    engine: Engine | None = None,
) -> IndexReport:
    """As `index_paths`, of what is found already.

    `interrupt` ends the run as Ctrl-C does; `clock` counts on where finding them took time.
    """
    options, clock = options or IndexOptions(), clock or StageClock()
    _check_chunk_settings(options.chunk, encoder.info.max_tokens)
    report = IndexReport(collection, skipped=list(sources.skipped))
    engine = engine or LocalEngine(encoder)
    forward_before = engine.forward_seconds
    base = _base(options.relative_to, sources)
    info = open_collection(store, collection, encoder.info, options.fields, options.layout)
    layout = info.spec.layout
    recipe = Recipe(options.chunk, encoder.info.identity, base, options.parse, layout.context)
    with (
        Manifest.open(store.state_dir, info.uid) as manifest,
        _duplicates(store, info, options) as duplicates,
    ):
        stored = store.documents(collection)
        run = Run(
            collection,
            store,
            encoder,
            engine,
            recipe,
            manifest,
            stored,
            report,
            clock,
            layout.token_pooling,
            options.parse,
            duplicates,
        )
        meter = ProgressMeter(sources.total_size, report, clock, progress)
        _index(run, sources, options, meter, interrupt or Interrupt())
    with clock.stage("wait"):
        store.wait_until_searchable(collection, options.searchable_timeout)
    if not report.interrupted:
        with clock.stage("merge"):
            store.merge_indexes(collection)
    report.forward_seconds = engine.forward_seconds - forward_before
    report.seconds = dict(clock.seconds)
    report.total_seconds = clock.total
    return report


def _index(
    run: Run, sources: Sources, options: IndexOptions, meter: ProgressMeter, interrupt: Interrupt
) -> None:
    loop = IndexLoop(run, options.batch_chunks, meter)
    with deferred_interrupt(interrupt):
        loop.index(sources, interrupt)
        if options.prune and not (run.report.interrupted or run.report.failed_fast):
            loop.prune(sources)


def _duplicates(
    store: IndexTarget, info: CollectionInfo, options: IndexOptions
) -> AbstractContextManager[Duplicates | None]:
    return Duplicates.open(store.state_dir, info.uid) if options.dedupe else nullcontext()


def _check_chunk_settings(settings: ChunkSettings, max_tokens: int) -> None:
    check_overlap(settings)
    room = max_tokens - SPECIAL_TOKENS
    if settings.size > room:
        raise SettingsError(
            f"chunk.size is {settings.size}, but the encoder reads at most {room} tokens; "
            "choose a smaller chunk.size."
        )


def _base(relative_to: Path | None, sources: Sources) -> Path | None:
    """The absolute folder that ids are relative to; all files must be below it."""
    if relative_to is None:
        return None
    base = Path(os.path.abspath(relative_to))
    outside = next(
        (f.path for f in sources.files if not (f.origin or f.path.is_relative_to(base))), None
    )
    if outside:
        raise SourceError(f"{outside} is not below {base}, which document ids are relative to.")
    return base
