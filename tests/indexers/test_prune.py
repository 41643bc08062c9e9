from __future__ import annotations

from typing import TYPE_CHECKING

from indexers.prune import gone_documents
from indexers.sources import Scope
from rag.store.base import StoredDocument

if TYPE_CHECKING:
    from pathlib import Path


def test_only_what_is_surely_gone_is_gone(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    where = {
        "seen": f"{tmp_path}/gone",
        "file gone": f"{tmp_path}/gone",
        "not read": f"{tmp_path}/there",
        "record gone": "/read/whole",
        "out of scope": "/elsewhere/gone",
        "no file": "",
    }
    stored = {doc: StoredDocument(doc, "1", source, 1) for doc, source in where.items()}
    gone = gone_documents(stored, Scope((tmp_path,)), {"seen"}, {"/read/whole"})
    assert [document.doc_id for document in gone] == ["file gone", "record gone"]
