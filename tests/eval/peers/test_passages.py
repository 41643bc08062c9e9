"""Passages are cut and encoded once: what is on disk is not made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.peers import passages as module
from eval.peers.passages import PassageFolder, provide_passages
from indexers.chunk import chunk_document
from rag.settings import Settings
from rag.types import Document
from tests.eval.peers.collection import ALL, documents

if TYPE_CHECKING:
    from pathlib import Path

    from rag.encoders.base import Encoder


@pytest.fixture
def folder(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> PassageFolder:
    """All documents in several files."""
    monkeypatch.setattr(module, "PART_CHUNKS", 8)
    folder = PassageFolder(tmp_path / "passages")
    provide_passages(folder, documents(), encoder, Settings())
    return folder


def test_chunks_are_those_of_indexing_and_vectors_those_of_the_encoder(
    folder: PassageFolder, encoder: Encoder
) -> None:
    read = list(folder.read())
    assert [len(part) for part in read] == [8, 8, 4]
    chunks = [chunk for part in read for chunk in part.chunks]
    expected = [
        chunk
        for doc_id, text in ALL.items()
        for chunk in chunk_document(
            Document(doc_id, text), "", encoder.count_tokens, Settings().chunk
        )
    ]
    assert chunks == expected
    first = encoder.encode_documents([read[0].texts[0]])[0]
    kept = read[0].encodings[0]
    np.testing.assert_allclose(kept.dense, first.dense, atol=1e-5)
    np.testing.assert_allclose(kept.tokens, first.tokens, atol=1e-5)
    assert kept.sparse.indices.tolist() == first.sparse.indices.tolist()


def test_a_killed_run_goes_on_after_the_last_whole_file(
    folder: PassageFolder, encoder: Encoder
) -> None:
    kept, lost, last = folder.files()
    texts = [text for part in folder.read() for text in part.texts]
    times = {path: path.stat().st_mtime_ns for path in folder.files()}
    lost.unlink()
    last.unlink()
    parts = provide_passages(folder, documents(), encoder, Settings())
    assert [part.passages for part in parts] == [8, 8, 4]
    assert [text for part in folder.read() for text in part.texts] == texts
    assert [p for p in folder.files() if p.stat().st_mtime_ns == times[p]] == [kept]


def test_finished_passages_are_not_encoded_again(folder: PassageFolder, encoder: Encoder) -> None:
    before = encoder.forward_seconds
    parts = provide_passages(folder, documents(), encoder, Settings())
    assert sum(part.documents for part in parts) == len(ALL)
    assert encoder.forward_seconds == before
