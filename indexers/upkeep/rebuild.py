"""A collection made anew from its own rows, beside the old one, and then put in its place.

It has no deleted rows, so that its indexes can be merged again; its words are cut by the
present rules; and with another encoder its texts are encoded anew. Until the end it takes the
room of a second collection on disk.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING

from indexers.pool import pooled
from indexers.upkeep.draft import new_draft, refuse_existing, settle
from indexers.upkeep.groups import groups
from rag.encoders.embed_text import embed_text
from rag.store.base import TensorIndex
from rag.store.words import WORDS_VERSION
from rag.types import DocumentRows, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from rag.encoders.base import Encoder
    from rag.store.base import CollectionInfo, Store, StoredDocument
    from rag.types import Chunk, ChunkContext, Layout

    Documents: TypeAlias = Mapping[str, StoredDocument]

ROWS_A_STEP = 128
# Share of rows that must be deleted for a rebuild to be worth its time.
DEAD_SHARE = 0.2


def compact_collection(
    store: Store, name: str, progress: Callable[[int], None] = lambda _: None
) -> tuple[bool, float]:
    """Rebuild a collection if enough of its rows are deleted: whether it was, and the share."""
    rows = store.describe(name).rows
    dead = store.dead_rows(name)
    share = dead / (rows + dead) if dead else 0.0
    if share < DEAD_SHARE:
        return False, share
    rebuild_collection(store, name, progress=progress)
    return True, share


def copy_collection(
    store: Store, name: str, to: str, progress: Callable[[int], None] = lambda _: None
) -> CollectionInfo:
    """The same rows under another name, there when it is whole.

    Raises: CollectionExistsError, CollectionNotFoundError, StoreError.
    """
    refuse_existing(store, to)
    spec = replace(store.spec(name), name=to, words=WORDS_VERSION)
    with new_draft(store, spec) as draft:
        _copy(store, name, draft, store.documents(name), progress)
        settle(store, draft)
        store.publish(draft, to)
    return store.describe(to)


def rebuild_collection(
    store: Store,
    name: str,
    encoder: Encoder | None = None,
    progress: Callable[[int], None] = lambda _: None,
    context: ChunkContext | None = None,
) -> CollectionInfo:
    """Make a collection anew under its own name; readers see the old one until the end.

    With an `encoder` its texts are encoded again, in another `context` where one is given; a
    tensor index then is to be built again, too.
    Raises: CollectionNotFoundError; StoreError when it was written to meanwhile. Whatever is
    raised, the old one stays as it is.
    """
    spec = replace(store.spec(name), words=WORDS_VERSION)
    documents = store.documents(name)
    indexed = encoder is None and store.tensor_index(name) is TensorIndex.READY
    if encoder:
        layout = replace(spec.layout, context=context or spec.layout.context)
        spec = replace(spec, encoder=encoder.info, layout=layout)
    with new_draft(store, spec) as draft:
        if encoder:
            _encode(store, name, draft, documents, encoder, progress)
        else:
            _copy(store, name, draft, documents, progress)
        settle(store, draft)
        if indexed:
            store.build_tensor_index(draft)
        store.publish(draft, name, documents)
    return store.describe(name)


def _copy(
    store: Store, name: str, draft: str, documents: Documents, progress: Callable[[int], None]
) -> None:
    for step in groups(store.scan(name, list(documents.values())), ROWS_A_STEP):
        store.restore(draft, step)
        progress(sum(len(document.rows) for document in step))


def _encode(
    store: Store,
    name: str,
    draft: str,
    documents: Documents,
    encoder: Encoder,
    progress: Callable[[int], None],
) -> None:
    layout = store.spec(draft).layout
    listed = (
        (document, chunk)
        for document in documents.values()
        for chunk in store.chunks(name, document.doc_id)
    )
    encoded = _rows(listed, encoder, layout)
    whole = (
        DocumentRows(document.doc_id, document.revision, document.source, tuple(r for _, r in own))
        for document, own in groupby(encoded, key=itemgetter(0))
    )
    for step in groups(whole, ROWS_A_STEP):
        store.write(draft, step)
        progress(sum(len(document.rows) for document in step))


def _rows(
    chunks: Iterable[tuple[StoredDocument, Chunk]], encoder: Encoder, layout: Layout
) -> Iterator[tuple[StoredDocument, Row]]:
    """The chunks with their encodings, a batch at a time."""
    waiting = iter(chunks)
    while batch := list(islice(waiting, ROWS_A_STEP)):
        limit = encoder.info.max_tokens
        count, context = encoder.count_tokens, layout.context
        texts = [embed_text(chunk, count, limit, context) for _, chunk in batch]
        for (document, chunk), encoding in zip(batch, encoder.encode_documents(texts), strict=True):
            yield document, Row(chunk, pooled(encoding, layout.token_pooling))
