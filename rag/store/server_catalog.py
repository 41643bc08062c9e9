"""The catalog of a database on a server: tables beside the collections' own.

What each client of the server sees is there, and nowhere else. An insert is one transaction
of the engine, but several calls are not; so a document's newest row counts, and what it
replaces is deleted after.
"""

from __future__ import annotations

import time
from heapq import nsmallest
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Self

from rag.errors import StoreError
from rag.store.base import CollectionInfo, StoredDocument
from rag.store.catalog import Intent
from rag.store.catalog_format import FORMAT
from rag.store.engine import read
from rag.store.server_tables import ALL, Table
from rag.store.server_versions import CatalogVersions
from rag.store.spec_json import dump_spec, load_spec
from rag.store.sql import literal, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rag.store.base import CollectionSpec
    from rag.store.catalog import Change
    from rag.store.engine import Engine

IDS_PER_CALL = 500
COLLECTION = {"uid": "varchar", "name": "varchar", "spec": "varchar", "created": "varchar"}
DOCUMENT = {
    "uid": "varchar",
    "doc_id": "varchar",
    "revision": "varchar",
    "source": "varchar",
    "rows": "int64",
    "generation": "int64",
}
INTENT = {**DOCUMENT, "removes": "int8", "replaces": "int8"}


class ServerCatalog:
    """Implements `rag.store.catalog.Catalog`. Changes need the writers' lock."""

    def __init__(self, engine: Engine):
        self._format = Table(engine, "catalog_format", {"format": "int64"})
        self._collections = Table(engine, "catalog_collections", COLLECTION)
        self._documents = Table(engine, "catalog_documents", DOCUMENT)
        self._intents = Table(engine, "catalog_intents", INTENT)
        self._versions = CatalogVersions(engine)

    @classmethod
    def open(cls, engine: Engine) -> Self:
        """Make what is missing: a follower of a cluster, where all is there, can be read.

        Raises: StoreError when the tables are of another version of Trident.
        """
        catalog = cls(engine)
        there = read(engine, "list its tables", lambda database: database.list_tables().table_names)
        for table in catalog._tables():
            if table.name not in there:
                table.create()
        catalog._check_format()
        return catalog

    def add(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Enter a new collection."""
        row = {"uid": uid, "name": spec.name, "spec": dump_spec(spec), "created": created}
        self._collections.insert([row])

    def publish(self, uid: str, spec: CollectionSpec, created: str) -> None:
        """Give a collection the name in `spec`; one that had it is forgotten.

        The insert is the step that counts: of several entries the newest is in force.
        """
        old = self.find(spec.name)
        self.add(uid, spec, created)
        self._collections.delete(f"uid = {literal(uid)} and created < {literal(created)}")
        if old:
            self.remove(old[0])

    def remove(self, uid: str) -> None:
        """Forget a collection and all its documents."""
        for table in (self._collections, self._documents, self._intents, self._versions.table):
            table.delete(_of(uid))

    def collections(self, name: str | None = None) -> list[CollectionInfo]:
        """All collections by name, or the one of that name."""
        found = self._entries(ALL if name is None else f"name = {literal(name)}")
        return sorted((self._info(row) for row in found), key=lambda info: info.spec.name)

    def find(self, name: str) -> tuple[str, CollectionSpec] | None:
        """Uid and specification of the collection of that name."""
        found = self._entries(f"name = {literal(name)}")
        return next(((row["uid"], load_spec(row["spec"])) for row in found), None)

    def documents(self, uid: str) -> dict[str, StoredDocument]:
        """All whole documents of a collection by id."""
        return {
            row["doc_id"]: StoredDocument(
                row["doc_id"], row["revision"], row["source"], row["rows"]
            )
            for row in _newest(self._documents.rows(_of(uid)))
        }

    def page(self, uid: str, limit: int, after: str) -> list[StoredDocument]:
        """The first `limit` whole documents of a collection by id that come after `after`."""
        later = (d for doc_id, d in self.documents(uid).items() if doc_id > after)
        return nsmallest(limit, later, key=attrgetter("doc_id"))

    def begin(self, uid: str, changes: Sequence[Change]) -> list[Intent]:
        """Note that these changes are about to be made, in one new generation."""
        known = self._known(uid, [change.doc_id for change in changes])
        # By the clock, so that clients hardly ever agree on one; the clocks may differ.
        generation = max(time.time_ns(), 1 + max(known.values(), default=0))
        rows = [
            {
                "uid": uid,
                "doc_id": change.doc_id,
                "revision": change.revision,
                "source": change.source,
                "rows": change.rows,
                "generation": generation,
                "removes": int(change.removes),
                "replaces": int(change.doc_id in known),
            }
            for change in changes
        ]
        self._intents.insert(rows)
        begun = [_intent(row) for row in rows]
        for where, newest, _ in _batches(begun):
            self._intents.delete(f"{where} and generation < {newest}")
        return begun

    def commit(self, intents: Sequence[Intent]) -> None:
        """The engine has done these: the documents are whole, or gone. All of one change.

        Raises: StoreError when another client took over, seeing this one for too long silent.
        """
        for where, generation, batch in _batches(intents):
            rows = _newest(self._intents.rows(f"{where} and generation = {generation}"))
            if len(rows) < len(batch):
                raise StoreError(
                    "Another process took over this one's changes of the database, since they "
                    "took too long; run it again, or raise TRIDENT_STORE__WRITER_TIMEOUT."
                )
            written = [{name: row[name] for name in DOCUMENT} for row in rows if not row["removes"]]
            self._documents.insert(written)
            self._documents.delete(f"{where} and generation < {generation}")
            self._intents.delete(f"{where} and generation <= {generation}")
        self._versions.renew(intents)

    def forget(self, intents: Sequence[Intent]) -> None:
        """The engine has undone these: what was there before holds. All of one change."""
        for where, generation, _ in _batches(intents):
            self._intents.delete(f"{where} and generation <= {generation}")
        self._versions.renew(intents)

    def intents(self) -> list[Intent]:
        """Changes that have begun and have not ended."""
        return [_intent(row) for row in _newest(self._intents.rows())]

    def generation(self) -> int:
        """The newest generation."""
        rows = [*self._documents.rows(ALL, "generation"), *self._intents.rows(ALL, "generation")]
        return max((int(row["generation"]) for row in rows), default=0)

    def version(self, uid: str) -> str:
        """What the last change wrote, whichever client made it."""
        return self._versions.of(uid)

    def touch(self, uid: str) -> None:
        """Searches of the collection may give something else from now on."""
        self._versions.touch(uid)

    def close(self) -> None:
        """Nothing is held."""

    def _known(self, uid: str, doc_ids: Sequence[str]) -> dict[str, int]:
        """Those of the documents that may have rows, with their newest generation."""
        found = (
            row
            for start in range(0, len(doc_ids), IDS_PER_CALL)
            for table in (self._documents, self._intents)
            for row in table.rows(_of(uid, doc_ids[start : start + IDS_PER_CALL]))
        )
        return {row["doc_id"]: int(row["generation"]) for row in _newest(found)}

    def _entries(self, where: str) -> list[dict[str, Any]]:
        """The newest entry of each collection, and of each name."""
        rows = sorted(self._collections.rows(where), key=itemgetter("created"))
        by_uid = {row["uid"]: row for row in rows}
        in_order = sorted(by_uid.values(), key=itemgetter("created"))
        return list({row["name"]: row for row in in_order}.values())

    def _info(self, row: Mapping[str, Any]) -> CollectionInfo:
        documents = self.documents(row["uid"]).values()
        return CollectionInfo(
            load_spec(row["spec"]),
            row["uid"],
            row["created"],
            len(documents),
            sum(document.rows for document in documents),
        )

    def _tables(self) -> tuple[Table, ...]:
        tables = (self._format, self._collections, self._documents, self._intents)
        return (*tables, self._versions.table)

    def _check_format(self) -> None:
        found = {row["format"] for row in self._format.rows()}
        if not found:
            self._format.insert([{"format": FORMAT}])
        elif found != {FORMAT}:
            raise StoreError(
                "The database on the server was made by another version of Trident; name another "
                "in TRIDENT_STORE__URI (infinity://host:port/database), and index again."
            )


def _of(uid: str, doc_ids: Sequence[str] | None = None) -> str:
    """The condition for rows of a collection, and of these documents."""
    collection = f"uid = {literal(uid)}"
    return collection if doc_ids is None else f"{collection} and {one_of('doc_id', doc_ids)}"


def _batches(intents: Sequence[Intent]) -> Iterator[tuple[str, int, Sequence[Intent]]]:
    """Parts of one change: the condition for their documents, the generation, the part."""
    for start in range(0, len(intents), IDS_PER_CALL):
        batch = intents[start : start + IDS_PER_CALL]
        where = _of(batch[0].uid, [intent.doc_id for intent in batch])
        yield where, batch[0].generation, batch


def _newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest row of each document."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: int(row["generation"])):
        newest[row["uid"], row["doc_id"]] = row
    return list(newest.values())


def _intent(row: Mapping[str, Any]) -> Intent:
    return Intent(
        row["uid"],
        row["doc_id"],
        row["rows"],
        row["generation"],
        bool(row["removes"]),
        bool(row["replaces"]),
    )
