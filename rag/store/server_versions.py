"""Versions of the collections on a server, by which its clients know that something changed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from rag.store.server_tables import Table
from rag.store.sql import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.store.catalog import Intent
    from rag.store.engine import Engine


class CatalogVersions:
    """A table with a row for each collection. Changes need the writers' lock.

    A change inserts the new version and then deletes the older one. So a reader sees the old
    one, both, or the new one: three versions, each another one.
    """

    def __init__(self, engine: Engine):
        self.table = Table(engine, "catalog_versions", {"uid": "varchar", "version": "varchar"})

    def of(self, uid: str) -> str:
        """The version of a collection; empty before its first change."""
        rows = self.table.rows(f"uid = {literal(uid)}", "version")
        return "+".join(sorted({row["version"] for row in rows}))

    def touch(self, uid: str) -> None:
        """Give a collection a version that it never had."""
        version = uuid.uuid4().hex
        self.table.insert([{"uid": uid, "version": version}])
        self.table.delete(f"uid = {literal(uid)} and version <> {literal(version)}")

    def renew(self, intents: Iterable[Intent]) -> None:
        """Touch every collection that these change."""
        for uid in {intent.uid for intent in intents}:
            self.touch(uid)
